// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --widen-factors.
#include "dialects/Nn/Nn.h"
#include "dialects/Tally/Tally.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "tally/Layout/Passes.h"
#include "tally/Support/CountChange.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_WIDENFACTORS
#include "tally/Layout/Passes.h.inc"
} // namespace tally

/// One number or all numbers of a dense attribute, exactly, in f32.
static std::optional<Attribute> widen(Attribute attribute, Type narrow, Type wide) {
  auto extend = [](const APFloat &value) {
    APFloat result = value;
    bool losesInfo;
    result.convert(APFloat::IEEEsingle(), APFloat::rmNearestTiesToEven, &losesInfo);
    return result;
  };
  if (auto number = dyn_cast<FloatAttr>(attribute); number && number.getType() == narrow)
    return FloatAttr::get(wide, extend(number.getValue()));
  if (auto dense = dyn_cast<DenseFPElementsAttr>(attribute); dense && dense.getElementType() == narrow)
    return dense.mapValues(wide, [&](const APFloat &value) { return extend(value).bitcastToAPInt(); });
  return std::nullopt;
}

/// A number that was rounded is one operation; that it is widened again at once is a second one.
static void declareWidening(Operation *rounding, Type wide) {
  Count executions = 1;
  if (auto op = rounding->getParentOfType<linalg::LinalgOp>())
    for (int64_t range : op.getStaticLoopRanges())
      executions *= range;
  OpCount surplus;
  surplus.add(OperationKind::Convert, wide, executions);
  declareCountChange(rounding, "bf16 held in f32", surplus, OpCount());
}

namespace {
struct WidenFactors : tally::impl::WidenFactorsBase<WidenFactors> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (targetOf(module).multipliesBf16())
      return;
    Type narrow = BFloat16Type::get(&getContext()), wide = Float32Type::get(&getContext());
    SmallVector<UnrealizedConversionCastOp> roundings;
    SmallVector<nn::WideningMulOp> wideProducts;
    SmallVector<arith::ExtFOp> widenings;
    module.walk([&](Operation *op) {
      if (auto rounding = dyn_cast<arith::TruncFOp>(op); rounding && rounding.getIn().getType() == wide && rounding.getType() == narrow) {
        // Stands for the rounding while types change.
        OpBuilder builder(rounding);
        auto place = UnrealizedConversionCastOp::create(builder, rounding.getLoc(), narrow, rounding.getIn());
        rounding.replaceAllUsesWith(place.getResult(0));
        rounding.erase();
        roundings.push_back(place);
      } else if (auto product = dyn_cast<nn::WideningMulOp>(op); product && product.getFactorType() == narrow) {
        wideProducts.push_back(product);
      } else if (auto widening = dyn_cast<arith::ExtFOp>(op); widening && widening.getIn().getType() == narrow && widening.getType() == wide) {
        widenings.push_back(widening);
      }
    });
    AttrTypeReplacer replacer;
    replacer.addReplacement([&](Type type) { return type == narrow ? std::optional(wide) : std::nullopt; });
    replacer.addReplacement([&](Attribute attribute) { return widen(attribute, narrow, wide); });
    replacer.recursivelyReplaceElementsIn(module, /*replaceAttrs=*/true, /*replaceLocs=*/false, /*replaceTypes=*/true);
    for (nn::WideningMulOp product : wideProducts)
      product.setOf(narrow);
    for (arith::ExtFOp widening : widenings) {
      widening.replaceAllUsesWith(widening.getIn());
      widening.erase();
    }
    for (UnrealizedConversionCastOp place : roundings) {
      OpBuilder builder(place);
      Location loc = place.getLoc();
      Value rounded = arith::TruncFOp::create(builder, loc, narrow, place.getOperand(0));
      auto held = arith::ExtFOp::create(builder, loc, wide, rounded);
      place.getResult(0).replaceAllUsesWith(held);
      place.erase();
      declareWidening(held, wide);
      ++widened;
    }
  }
};
} // namespace

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --apply-precision: every float tensor of the module, or every factor of a product, in another type.
#include "dialects/Nn/Nn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "tally/Transforms/AttachRecipe.h"
#include "tally/Transforms/Passes.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_APPLYPRECISION
#include "tally/Transforms/Passes.h.inc"
} // namespace tally

/// The same numbers as a dense attribute of element type `to`.
static ElementsAttr convertElements(ElementsAttr elements, FloatType to) {
  auto type = cast<RankedTensorType>(elements.getType()).clone(to);
  auto convert = [&](auto values) -> ElementsAttr {
    if (to.isF64())
      return DenseElementsAttr::get(type, ArrayRef(std::vector<double>(values.begin(), values.end())));
    return DenseElementsAttr::get(type, ArrayRef(std::vector<float>(values.begin(), values.end())));
  };
  if (auto resource = dyn_cast<DenseF32ResourceElementsAttr>(elements))
    if (auto values = resource.tryGetAsArrayRef())
      return convert(*values);
  if (auto resource = dyn_cast<DenseF64ResourceElementsAttr>(elements))
    if (auto values = resource.tryGetAsArrayRef())
      return convert(*values);
  if (auto dense = dyn_cast<DenseFPElementsAttr>(elements))
    return cast<ElementsAttr>(dense.mapValues(to, [&](const APFloat &value) {
      APFloat rounded = value;
      bool losesInfo;
      rounded.convert(to.getFloatSemantics(), APFloat::rmNearestTiesToEven, &losesInfo);
      return rounded.bitcastToAPInt();
    }));
  return elements;
}

/// Rounds the factors of products to `to`; the sums stay as they are. Equal roundings are shared later.
static void roundFactors(ModuleOp module, Type to) {
  module.walk([&](Operation *op) {
    if (!isa<nn::ConvOp, nn::MatMulOp>(op))
      return;
    OpBuilder builder(op);
    Type sum = getElementTypeOrSelf(op->getResult(0).getType());
    for (OpOperand &factor : op->getOpOperands())
      factor.set(nn::ConvertOp::create(builder, op->getLoc(), factor.get(), to));
    op->setAttr("accumulator", TypeAttr::get(sum));
  });
}

void tally::applyPrecision(ModuleOp module, Precision precision) {
  if (precision == Precision::Model)
    return;
  MLIRContext *context = module.getContext();
  FloatType to = precision == Precision::F64 ? FloatType(Float64Type::get(context)) : FloatType(Float32Type::get(context));
  AttrTypeReplacer replacer;
  replacer.addReplacement([&](Type type) -> std::optional<std::pair<Type, WalkResult>> {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (tensor && isa<FloatType>(tensor.getElementType()))
      return std::pair(Type(tensor.clone(to)), WalkResult::skip());
    if (isa<FloatType>(type))
      return std::pair(Type(to), WalkResult::skip());
    return std::nullopt;
  });
  replacer.addReplacement([&](ElementsAttr elements) -> std::optional<std::pair<Attribute, WalkResult>> {
    if (!isa<FloatType>(elements.getElementType()) || elements.getElementType() == to)
      return std::pair(Attribute(elements), WalkResult::skip());
    return std::pair(Attribute(convertElements(elements, to)), WalkResult::skip());
  });
  // Numbers that are parameters of an op (an epsilon) keep their own type.
  replacer.addReplacement([](FloatAttr number) { return std::pair(Attribute(number), WalkResult::skip()); });
  replacer.recursivelyReplaceElementsIn(module, /*replaceAttrs=*/true, /*replaceLocs=*/false, /*replaceTypes=*/true);
  if (precision == Precision::BF16)
    roundFactors(module, BFloat16Type::get(context));
}

namespace {
struct ApplyPrecision : tally::impl::ApplyPrecisionBase<ApplyPrecision> {
  using ApplyPrecisionBase::ApplyPrecisionBase;
  void runOnOperation() override {
    auto precision = llvm::StringSwitch<std::optional<Precision>>(to)
                         .Case("f32", Precision::F32)
                         .Case("f64", Precision::F64)
                         .Case("bf16", Precision::BF16)
                         .Default(std::nullopt);
    if (!precision) {
      getOperation().emitError("expects precision f32, f64 or bf16, got '") << to << "'";
      return signalPassFailure();
    }
    applyPrecision(getOperation(), *precision);
  }
};
} // namespace

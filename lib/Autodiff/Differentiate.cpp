// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --differentiate.
#include "tally/Autodiff/Differentiate.h"
#include "dialects/Train/Train.h"
#include "tally/Autodiff/Passes.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_DIFFERENTIATE
#include "tally/Autodiff/Passes.h.inc"
} // namespace tally

/// Replaces one request by the ops that compute it.
static LogicalResult expand(train::GradientOp op, int64_t &differentiated) {
  auto type = cast<RankedTensorType>(op.getLoss().getType());
  if (type.getRank() != 0)
    return op.emitOpError("requires a loss of rank 0, got ") << type;
  OpBuilder builder(op);
  Operation *lossOp = op.getLoss().getDefiningOp();
  Attribute one = builder.getFloatAttr(type.getElementType(), 1);
  Value seed = nn::ConstantOp::create(builder, gradientLocation(lossOp ? lossOp->getLoc() : op.getLoc()), type,
                                      DenseElementsAttr::get(type, one));
  FailureOr<SmallVector<Value>> gradients =
      differentiate(builder, {op.getLoc(), {op.getLoss()}, {seed}, op.getParameters()}, differentiated);
  if (failed(gradients))
    return failure();
  if (seed.use_empty() && !llvm::is_contained(*gradients, seed))
    seed.getDefiningOp()->erase();
  op.replaceAllUsesWith(*gradients);
  op.erase();
  return success();
}

namespace {
struct Differentiate : tally::impl::DifferentiateBase<Differentiate> {
  using DifferentiateBase::DifferentiateBase;
  void runOnOperation() override {
    SmallVector<train::GradientOp> found;
    getOperation()->walk([&](train::GradientOp request) { found.push_back(request); });
    int64_t ops = 0;
    for (train::GradientOp request : found)
      if (failed(expand(request, ops)))
        return signalPassFailure();
    requests += found.size();
    differentiated += ops;
  }
};
} // namespace

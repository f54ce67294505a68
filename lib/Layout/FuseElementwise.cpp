// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --fuse-elementwise.
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "tally/Layout/Passes.h"

using namespace mlir;

namespace tally {
#define GEN_PASS_DEF_FUSEELEMENTWISE
#include "tally/Layout/Passes.h.inc"
} // namespace tally

/// The producer's elements and the user's iterations are the same, one to one.
static bool readsEachOnce(OpOperand *operand) {
  auto producer = operand->get().getDefiningOp<linalg::GenericOp>();
  auto user = dyn_cast<linalg::GenericOp>(operand->getOwner());
  if (!producer || !user || !producer->hasOneUse() || producer.getNumReductionLoops() != 0 || producer->getNumResults() != 1)
    return false;
  // A body that picks elements by position would be fused at the price of scalar loops.
  for (linalg::GenericOp op : {producer, user})
    for (Operation &inner : op.getRegion().front())
      if (!isa<linalg::IndexOp, linalg::YieldOp, arith::ConstantOp>(inner) && !OpTrait::hasElementwiseMappableTraits(&inner))
        return false;
  AffineMap map = user.getMatchingIndexingMap(operand);
  if (!map.isPermutation() || !producer.getIndexingMapMatchingResult(producer->getResult(0)).isPermutation())
    return false;
  return user.getNumLoops() == producer.getNumLoops();
}

namespace {
struct FuseElementwise : tally::impl::FuseElementwiseBase<FuseElementwise> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    linalg::populateElementwiseOpsFusionPatterns(patterns, readsEachOnce);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace

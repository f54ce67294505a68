// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --approximate-math.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "tally/Vectorize/Passes.h"

using namespace mlir;

namespace tally {
#define GEN_PASS_DEF_APPROXIMATEMATH
#include "tally/Vectorize/Passes.h.inc"
} // namespace tally

namespace {
struct ApproximateMath : tally::impl::ApproximateMathBase<ApproximateMath> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    // Upstream's sine and cosine take multiples of one f32, pi / 2, from their argument: at 1000 they have four digits left.
    auto isAccurate = [](StringRef name) { return name != math::SinOp::getOperationName() && name != math::CosOp::getOperationName(); };
    populateMathF32ExpansionPatterns(patterns, isAccurate);
    populateMathPolynomialApproximationPatterns(patterns, isAccurate);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace

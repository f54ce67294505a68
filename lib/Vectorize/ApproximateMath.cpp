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
    populateMathPolynomialApproximationPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace

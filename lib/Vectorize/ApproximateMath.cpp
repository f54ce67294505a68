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

/// Upstream's usual choice, but for sine and cosine: these take multiples of one f32, pi / 2, from their argument, and at 1000 have
/// four digits left.
static bool isApproximated(StringRef name) {
  return llvm::is_contained({"math.acos", "math.asin", "math.atan", "math.atan2", "math.cbrt", "math.erf", "math.erfc", "math.exp",
                             "math.expm1", "math.log", "math.log1p", "math.log2", "math.tanh"},
                            name);
}

namespace {
struct ApproximateMath : tally::impl::ApproximateMathBase<ApproximateMath> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    populateMathF32ExpansionPatterns(patterns, isApproximated);
    populateMathPolynomialApproximationPatterns(patterns, isApproximated);
    SmallVector<Operation *> functions;
    getOperation()->walk([&](Operation *op) {
      if (isApproximated(op->getName().getStringRef()))
        functions.push_back(op);
    });
    GreedyRewriteConfig config;
    config.setStrictness(GreedyRewriteStrictness::ExistingAndNewOps); // the rest of a program, by far the most of it, is not looked at
    if (failed(applyOpPatternsGreedily(functions, std::move(patterns), config)))
      signalPassFailure();
  }
};
} // namespace

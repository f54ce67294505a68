// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --convert-nn-to-linalg.
#include "GatherWindows.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "tally/Conversion/Passes.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_CONVERTNNTOLINALG
#include "tally/Conversion/Passes.h.inc"
} // namespace tally

/// Loops over nothing leave what they are to write as it is; they would have buffers without elements, for which LLVM has no layout.
static void dropEmptyLoops(Operation *root) {
  root->walk([](linalg::LinalgOp op) {
    if (!llvm::is_contained(op.getStaticLoopRanges(), 0))
      return;
    op->replaceAllUsesWith(op.getDpsInits());
    op->erase();
  });
}

namespace {
struct ConvertNnToLinalg : tally::impl::ConvertNnToLinalgBase<ConvertNnToLinalg> {
  using ConvertNnToLinalgBase::ConvertNnToLinalgBase;

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
#define TALLY_FAMILY(Family) populate##Family##Lowering(patterns);
#include "Families.inc"
#undef TALLY_FAMILY
    if (gatherWindows) {
      populateConvGather(patterns);
      populatePoolGather(patterns);
    }
    ConversionTarget target(getContext());
    target.markUnknownOpDynamicallyLegal([](Operation *) { return true; });
    target.addIllegalDialect<nn::NnDialect>();
    // What computes is lowered; the places that values come from and go to stay, as does the program around them.
    target.addDynamicallyLegalDialect<train::TrainDialect>(
        [](Operation *op) { return op->getNumResults() == 0 || isa<BoundaryOpInterface>(op); });
    target.addLegalOp<nn::PhiloxOp, nn::WideningMulOp>(); // scalars; each stays one op down to L5
    ConversionConfig config;
    config.foldingMode = DialectConversionFoldingMode::Never; // the recount is of the graph as it stands
    if (failed(applyPartialConversion(getOperation(), target, std::move(patterns), config)))
      return signalPassFailure();
    dropEmptyLoops(getOperation());
  }
};
} // namespace

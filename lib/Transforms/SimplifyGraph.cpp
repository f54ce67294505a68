// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --simplify-graph.
#include "ScalarFold.h"
#include "dialects/Nn/Nn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "tally/Cost/BodyCount.h"
#include "tally/Cost/CountText.h"
#include "tally/Transforms/Passes.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_SIMPLIFYGRAPH
#include "tally/Transforms/Passes.h.inc"
} // namespace tally

namespace {
/// An elementwise op that its constant operands decide.
struct FoldElementwise : OpInterfaceRewritePattern<ScalarBodyOpInterface> {
  FoldElementwise(MLIRContext *context, Pass::Statistic &folded)
      : OpInterfaceRewritePattern(context), folded(folded) {}
  LogicalResult matchAndRewrite(ScalarBodyOpInterface op, PatternRewriter &rewriter) const override {
    OpFoldResult result = foldScalarBody(op);
    if (!result)
      return rewriter.notifyMatchFailure(op, "is neither an operand nor a constant");
    ++folded;
    if (auto operand = dyn_cast<Value>(result)) {
      rewriter.replaceOp(op, operand);
      return success();
    }
    auto value = cast<ElementsAttr>(cast<Attribute>(result));
    rewriter.replaceOpWithNewOp<nn::ConstantOp>(op, op->getResult(0).getType(), value);
    return success();
  }
  Pass::Statistic &folded;
};

struct SimplifyGraph : tally::impl::SimplifyGraphBase<SimplifyGraph> {
  using SimplifyGraphBase::SimplifyGraphBase;
  void runOnOperation() override {
    RewritePatternSet owning(&getContext());
    owning.add<FoldElementwise>(&getContext(), folded);
    FrozenRewritePatternSet patterns(std::move(owning));
    for (Operation *body : findBodies(getOperation()))
      if (failed(simplify(body, patterns)))
        return signalPassFailure();
  }

  static LogicalResult simplify(Operation *body, const FrozenRewritePatternSet &patterns) {
    FailureOr<BodyCount> before = countBody(body, countGraphOp);
    if (failed(before))
      return failure();
    // Sharing makes more constants equal and folding makes more ops equal: until nothing changes.
    bool changed = true;
    while (changed) {
      changed = false;
      bool folded = false, shared = false;
      GreedyRewriteConfig config;
      config.enableFolding(true).enableConstantCSE(false);
      if (failed(applyPatternsGreedily(body->getRegion(0), patterns, config, &folded)))
        return body->emitOpError("does not come to rest while it is folded");
      IRRewriter rewriter(body->getContext());
      DominanceInfo dominance(body);
      eliminateCommonSubExpressions(rewriter, dominance, body, &shared);
      changed = shared;
    }
    FailureOr<BodyCount> after = countBody(body, countGraphOp);
    if (failed(after))
      return failure();
    OpCount was = sumOf(*before), is = sumOf(*after);
    Count saved = was.total() - is.total();
    if (!saved.isValid() || isNegative(saved))
      return body->emitOpError("costs more after it was simplified: ") << is.total().str() << " operations, before " << was.total().str();
    return success();
  }
};
} // namespace

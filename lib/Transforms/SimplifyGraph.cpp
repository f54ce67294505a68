// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --simplify-graph.
#include "dialects/Train/Train.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/MapVector.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "tally/Cost/BodyCount.h"
#include "tally/Support/CountText.h"
#include "tally/Cost/Monitoring.h"
#include "tally/Transforms/Passes.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_SIMPLIFYGRAPH
#include "tally/Transforms/Passes.h.inc"
} // namespace tally

namespace {
struct SimplifyGraph : tally::impl::SimplifyGraphBase<SimplifyGraph> {
  using SimplifyGraphBase::SimplifyGraphBase;
  void runOnOperation() override {
    // Ops fold themselves; no other rewrite is allowed before the count.
    asWritten.clear();
    FrozenRewritePatternSet none;
    for (Operation *body : findBodies(getOperation()))
      if (failed(simplify(body, none)))
        return signalPassFailure();
    for (auto &[program, entries] : asWritten)
      program->setAttr(asWrittenName, entries.getDictionary(&getContext()));
  }

private:
  /// Body by body, for the report.
  llvm::MapVector<Operation *, NamedAttrList> asWritten;

  void noteWritten(Operation *body, const BodyCount &before, const BodyCount &after) {
    Count written = trainingPart(before).total();
    if (isa<BodyOpInterface>(body) && !(written == trainingPart(after).total()))
      asWritten[body->getParentOp()].set(SymbolTable::getSymbolName(body),
                                         StringAttr::get(body->getContext(), written.str()));
  }

  LogicalResult simplify(Operation *body, const FrozenRewritePatternSet &none) {
    FailureOr<BodyCount> before = countGraph(body);
    if (failed(before))
      return failure();
    // Sharing makes more constants equal and folding makes more ops equal: until nothing changes.
    bool changed = true;
    while (changed) {
      changed = false;
      GreedyRewriteConfig config;
      config.enableFolding(true).enableConstantCSE(false);
      if (failed(applyPatternsGreedily(body->getRegion(0), none, config)))
        return body->emitOpError("does not come to rest while it is folded");
      IRRewriter rewriter(body->getContext());
      DominanceInfo dominance(body);
      eliminateCommonSubExpressions(rewriter, dominance, body, &changed);
    }
    FailureOr<BodyCount> after = countGraph(body);
    if (failed(after))
      return failure();
    OpCount was = sumOf(*before), is = sumOf(*after);
    Count difference = was.total() - is.total();
    if (!difference.isValid() || isNegative(difference))
      return body->emitOpError("costs more after it was simplified: ") << is.total().str() << " operations, before " << was.total().str();
    saved += difference.saturated();
    noteWritten(body, *before, *after);
    markMonitoring(body);
    return success();
  }
};
} // namespace

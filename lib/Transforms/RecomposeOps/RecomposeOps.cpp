// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Puts together what exporters have taken apart: the table of patterns, and the walk.
#include "tally/Transforms/RecomposeOps.h"
#include "Patterns.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace tally;
using namespace tally::recompose;

namespace {
struct Row {
  llvm::StringLiteral op; ///< what is put together; empty for a part that is not counted
  Match match;
};
} // namespace

static constexpr Row rows[] = {
    {"LayerNormalization", matchLayerNorm},
    {"GroupNormalization", matchGroupNorm},
    {"RMSNormalization", matchRmsNorm},
    {"", matchRmsNormScale},
    {"", matchNormScale},
    {"", matchNormBias},
    {"Gelu", matchGelu},
    {"Gelu", matchGeluTanh},
    {"HardSwish", matchHardSwish},
    {"Mish", matchMish},
};

/// Erases what nothing uses any more, from the end of a chain on.
static void eraseUnused(Operation *last) {
  llvm::SetVector<Operation *> pending;
  pending.insert(last);
  while (!pending.empty()) {
    Operation *op = pending.pop_back_val();
    if (!isOpTriviallyDead(op) || isa<nn::WeightOp>(op))
      continue;
    for (Value operand : op->getOperands())
      if (Operation *source = operand.getDefiningOp())
        pending.insert(source);
    op->erase();
  }
}

RecomposedOps tally::recomposeOps(func::FuncOp graph) {
  RecomposedOps numbers;
  SmallVector<Operation *> ops;
  graph.getBody().walk([&](Operation *op) { ops.push_back(op); });
  OpBuilder builder(graph.getContext());
  // Forwards: a scale and a bias come after their normalization.
  for (Operation *op : ops)
    for (const Row &row : rows) {
      builder.setInsertionPoint(op);
      Value replacement = op->getNumResults() == 1 ? row.match(builder, op) : Value();
      if (!replacement)
        continue;
      op->getResult(0).replaceAllUsesWith(replacement);
      eraseUnused(op); // what comes later may ask for single uses
      if (!row.op.empty())
        ++numbers[row.op];
      break;
    }
  return numbers;
}

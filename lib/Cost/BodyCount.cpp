// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Counts a body by phase and layer; finds what only serves the log.
#include "tally/Cost/BodyCount.h"
#include "dialects/Train/Train.h"
#include "tally/Cost/Monitoring.h"

using namespace mlir;
using namespace tally;

/// True for a write that only the log reads.
static bool writesMetric(train::WriteOp write) {
  auto state = SymbolTable::lookupNearestSymbolFrom<train::StateOp>(write, write.getVariableAttr());
  return state && state.getRole() == train::Role::Metric;
}

/// Marks `op` and the ops of the block of `op` that it depends on.
static void addSlice(Operation *op, llvm::DenseSet<Operation *> &slice) {
  SmallVector<Operation *> pending{op};
  Block *block = op->getBlock();
  while (!pending.empty()) {
    Operation *next = pending.pop_back_val();
    if (!slice.insert(next).second)
      continue;
    next->walk([&](Operation *inner) {
      for (Value operand : inner->getOperands())
        if (Operation *producer = operand.getDefiningOp(); producer && producer->getBlock() == block)
          pending.push_back(producer);
    });
  }
}

llvm::DenseSet<Operation *> tally::findMonitoring(Operation *body) {
  llvm::DenseSet<Operation *> needed, logged;
  auto part = dyn_cast<BodyOpInterface>(body);
  if (!part || part.getPhase() == Phase::Evaluation)
    return logged;
  for (auto write : part.getBody()->getOps<train::WriteOp>())
    addSlice(write, writesMetric(write) ? logged : needed);
  for (Operation *op : needed)
    logged.erase(op);
  return logged;
}

FailureOr<BodyCount> tally::countBody(Operation *body, OpCounter counter) {
  auto part = dyn_cast<BodyOpInterface>(body);
  bool evaluation = part && part.getPhase() == Phase::Evaluation;
  llvm::DenseSet<Operation *> monitoring = findMonitoring(body);

  BodyCount result;
  bool failed = false;
  for (Operation &op : body->getRegion(0).front()) {
    FailureOr<OpCount> count = counter(&op);
    if (mlir::failed(count)) {
      failed = true;
      continue;
    }
    if (count->total().isZero())
      continue;
    if (!count->total().isValid())
      return op.emitOpError("cannot be counted: the number needs more than 127 bits");
    Phase phase = phaseOf(op.getLoc());
    if (evaluation && phase != Phase::Selection)
      phase = Phase::Evaluation;
    if (monitoring.contains(&op))
      phase = Phase::Monitoring;
    result[{phase, layerOf(op.getLoc()), op.getName().stripDialect().str()}] += *count;
  }
  if (failed)
    return failure();
  return result;
}

OpCount tally::sumOf(const BodyCount &count, std::optional<Phase> phase) {
  OpCount sum;
  for (const auto &[charge, number] : count)
    if (!phase || charge.phase == *phase)
      sum += number;
  return sum;
}

OpCount tally::trainingPart(const BodyCount &count) {
  OpCount sum;
  for (const auto &[charge, number] : count)
    if (charge.phase != Phase::Evaluation && charge.phase != Phase::Monitoring)
      sum += number;
  return sum;
}

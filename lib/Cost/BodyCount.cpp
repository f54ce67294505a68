// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Counts a body by phase and layer; finds what only serves the log.
#include "tally/Cost/BodyCount.h"
#include "dialects/Train/Train.h"
#include "tally/Cost/LoopCounter.h"
#include "tally/Cost/Monitoring.h"
#include "tally/Kernels/KernelSignature.h"

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
  if (isa<train::EvaluateOp>(body) || !isa_and_nonnull<train::ProgramOp>(body->getParentOp()))
    return logged;
  for (auto write : body->getRegion(0).getOps<train::WriteOp>())
    addSlice(write, writesMetric(write) ? logged : needed);
  for (Operation *op : needed)
    logged.erase(op);
  return logged;
}

void tally::markMonitoring(Operation *body) {
  for (Operation *op : findMonitoring(body))
    op->setLoc(withPhase(op->getLoc(), Phase::Monitoring));
}

/// The body of a program, also where it has become a function.
static BodyOpInterface bodyOfProgram(Operation *body) {
  auto name = body->getAttrOfType<StringAttr>(bodyAttribute);
  auto module = body->getParentOfType<ModuleOp>();
  if (!name || !module)
    return dyn_cast<BodyOpInterface>(body);
  for (auto program : module.getOps<train::ProgramOp>())
    if (auto found = program.lookupSymbol<BodyOpInterface>(name))
      return found;
  return {};
}

std::optional<Phase> tally::phaseOfBody(Operation *body) {
  if (std::optional<Phase> phase = phaseOf(body->getLoc()))
    return phase;
  BodyOpInterface part = bodyOfProgram(body);
  if (part && part.getPhase() == Phase::Forward)
    return std::nullopt;
  return part ? part.getPhase() : Phase::Forward;
}

std::optional<Charge> tally::chargeOf(Operation *body, Operation *op, Location location) {
  std::optional<Phase> phase = phaseOf(location), otherwise = phaseOfBody(body);
  if (!phase || otherwise == Phase::Evaluation)
    phase = otherwise;
  if (!phase)
    return std::nullopt;
  return Charge{*phase, layerOf(location), op->getName().stripDialect().str()};
}

bool tally::isPlace(Operation *op) {
  return op->hasTrait<OpTrait::ConstantLike>() || op->hasTrait<OpTrait::IsTerminator>() ||
         isa<train::ReadOp, train::WriteOp, train::DatasetOp, train::PositionOp, train::UpdateOp>(op);
}

/// Adds what `op` costs to the charges of its body.
static LogicalResult charge(Operation *body, Operation *op, const LocatedCount &count, BodyCount &result) {
  for (const auto &[location, number] : count) {
    if (number == OpCount())
      continue;
    if (!number.total().isValid())
      return op->emitOpError("cannot be counted: the number needs more than 127 bits");
    std::optional<Charge> place = chargeOf(body, op, location);
    if (!place)
      return op->emitOpError("cannot be charged: neither its location nor that of its step has a phase");
    result[*place] += number;
  }
  return success();
}

FailureOr<BodyCount> tally::countGraph(Operation *body, const CostProfile &profile) {
  llvm::DenseSet<Operation *> monitoring = findMonitoring(body);
  BodyCount result;
  bool failed = false;
  for (Operation &op : body->getRegion(0).front()) {
    FailureOr<OpCount> count = countGraphOp(&op, profile);
    if (mlir::failed(count)) {
      failed = true;
      continue;
    }
    Location loc = monitoring.contains(&op) ? withPhase(op.getLoc(), Phase::Monitoring) : op.getLoc();
    LocatedCount located;
    located[loc] = *count;
    failed |= mlir::failed(charge(body, &op, located, result));
  }
  if (failed)
    return failure();
  return result;
}

FailureOr<BodyCount> tally::countLoops(Operation *body, LoopCounter &counter) {
  BodyCount result;
  bool failed = false;
  for (Operation &op : body->getRegion(0).front()) {
    LocatedCount count;
    failed |= mlir::failed(counter.add(&op, 1, count)) || mlir::failed(charge(body, &op, count, result));
  }
  if (failed)
    return failure();
  return result;
}

SmallVector<Operation *> tally::findCountedBodies(Operation *root) {
  SmallVector<Operation *> bodies = findBodies(root);
  llvm::erase_if(bodies, [](Operation *body) { return body->hasAttr(kernelAttribute); });
  return bodies;
}

LayerCount tally::byLayer(const BodyCount &count) {
  LayerCount layers;
  for (const auto &[charge, number] : count)
    layers[{charge.phase, charge.layer}] += number;
  return layers;
}

OpCount tally::sumOf(const BodyCount &count, std::optional<Phase> phase) {
  OpCount sum;
  for (const auto &[charge, number] : count)
    if (!phase || charge.phase == *phase)
      sum += number;
  return sum;
}

bool tally::isTraining(Phase phase) { return phase != Phase::Evaluation && phase != Phase::Monitoring; }

OpCount tally::trainingPart(const BodyCount &count) {
  OpCount sum;
  for (const auto &[charge, number] : count)
    if (isTraining(charge.phase))
      sum += number;
  return sum;
}

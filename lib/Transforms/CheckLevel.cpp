// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --check-level, and the contracts of the graph and the training level.
#include "LevelContract.h"
#include "llvm/ADT/StringSet.h"
#include "tally/Cost/BodyCount.h"
#include "tally/Transforms/Passes.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_CHECKLEVEL
#include "tally/Transforms/Passes.h.inc"
} // namespace tally

static constexpr llvm::StringLiteral graphOps[] = {"nn.*", "func.return"};
static constexpr llvm::StringLiteral trainingOps[] = {"nn.*", "train.*", "func.return"};

/// The type of a variable of a program; null for an op that is none.
static Type typeOfVariable(Operation *variable) {
  if (auto parameter = dyn_cast_or_null<train::ParameterOp>(variable))
    return parameter.getType();
  if (auto state = dyn_cast_or_null<train::StateOp>(variable))
    return state.getType();
  if (auto table = dyn_cast_or_null<train::TableOp>(variable))
    return table.getValue().getType();
  return {};
}

void LevelContract::checkCounted(Operation *op) {
  if (mlir::failed(countGraphOp(op)))
    failed = true;
}

void LevelContract::checkGraph() {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  if (!main || main.isExternal())
    return void(refuse(module) << "breaks the graph level: requires a function @main");
  llvm::StringSet<> names;
  for (Operation &op : main.getBody().front()) {
    if (!isAllowed(&op, graphOps)) {
      refuse(&op) << "breaks the graph level: requires ops of nn";
      continue;
    }
    checkCounted(&op);
    if (auto weight = dyn_cast<nn::WeightOp>(op); weight && !names.insert(weight.getName()).second)
      refuse(&op) << "breaks the graph level: requires distinct names of weights, got '" << weight.getName() << "' again";
  }
}

void LevelContract::checkVariables(Operation *body) {
  llvm::StringSet<> written;
  auto program = body->getParentOfType<train::ProgramOp>();
  auto check = [&](Operation *op, FlatSymbolRefAttr name, Type type) {
    Operation *variable = symbols.lookupSymbolIn(program, name);
    if (typeOfVariable(variable) != type)
      refuse(op) << "requires a variable of type " << type << ", got " << name;
  };
  for (Operation &op : body->getRegion(0).front()) {
    if (auto read = dyn_cast<train::ReadOp>(op))
      check(&op, read.getVariableAttr(), read.getType());
    if (auto write = dyn_cast<train::WriteOp>(op)) {
      check(&op, write.getVariableAttr(), write.getValue().getType());
      Operation *variable = symbols.lookupSymbolIn(program, write.getVariableAttr());
      if (!written.insert(write.getVariable()).second)
        refuse(&op) << "writes " << write.getVariableAttr() << " again";
      if (isa_and_nonnull<train::TableOp>(variable))
        refuse(&op) << "writes a table, " << write.getVariableAttr();
      if (auto parameter = dyn_cast_or_null<train::ParameterOp>(variable);
          parameter && !parameter.getTrained() && isa<train::StepOp>(body))
        refuse(&op) << "writes a parameter that is not trained, " << write.getVariableAttr();
    }
  }
}

void LevelContract::checkSegments(train::ProgramOp program) {
  int64_t next = 0;
  for (auto segment : program.getOps<train::SegmentOp>()) {
    if (static_cast<int64_t>(segment.getFirst()) != next)
      refuse(segment) << "requires first step " << next << ", got " << segment.getFirst();
    for (auto body : segment.getBodies().getAsRange<FlatSymbolRefAttr>())
      if (!symbols.lookupSymbolIn<train::StepOp>(program, body))
        refuse(segment) << "requires a train.step, got " << body;
    next = segment.getFirst() + segment.getSteps();
  }
  if (next != static_cast<int64_t>(program.getSteps()))
    refuse(program) << "requires segments of " << program.getSteps() << " steps, got " << next;
}

void LevelContract::checkTraining() {
  if (module.getOps<train::ProgramOp>().empty())
    refuse(module) << "breaks the training level: requires a train.program";
  for (auto program : module.getOps<train::ProgramOp>())
    checkSegments(program);
  for (Operation *body : findBodies(module)) {
    for (Operation &op : body->getRegion(0).front()) {
      if (isa<train::GradientOp>(op))
        refuse(&op) << "breaks the training level: requires --differentiate before";
      else if (!isAllowed(&op, trainingOps))
        refuse(&op) << "breaks the training level: requires ops of nn and train";
      else
        checkCounted(&op);
      if (op.getNumRegions() != 0)
        refuse(&op) << "breaks the training level: requires straight lines, got regions";
    }
    if (isa<BodyOpInterface>(body))
      checkVariables(body);
  }
}

namespace {
struct CheckLevel : tally::impl::CheckLevelBase<CheckLevel> {
  using CheckLevelBase::CheckLevelBase;
  void runOnOperation() override {
    LevelContract contract(getOperation());
    if (graph)
      contract.checkGraph();
    if (training)
      contract.checkTraining();
    if (tensor)
      contract.checkTensor();
    if (kernels)
      contract.checkKernels();
    if (buffer)
      contract.checkBuffer();
    if (contract.failed)
      return signalPassFailure();
    markAllAnalysesPreserved();
  }
};
} // namespace

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --check-level: the contract of each level.
#include "dialects/Train/Train.h"
#include "llvm/ADT/StringSet.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "tally/Cost/BodyCount.h"
#include "tally/Transforms/Passes.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_CHECKLEVEL
#include "tally/Transforms/Passes.h.inc"
} // namespace tally

static bool isOf(Operation *op, std::initializer_list<StringRef> dialects) {
  return llvm::is_contained(dialects, op->getName().getDialectNamespace());
}

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

namespace {
/// Checks contracts; goes on after an error, so that all are reported.
class Contract {
public:
  explicit Contract(ModuleOp module) : module(module) {}
  bool failed = false;

  void checkGraph();
  void checkTraining();
  void checkTensor();
  void checkKernels();
  void checkBuffer();

private:
  InFlightDiagnostic refuse(Operation *op) {
    failed = true;
    return op->emitOpError();
  }
  void checkCounted(Operation *op) {
    if (mlir::failed(countGraphOp(op)))
      failed = true;
  }
  void checkVariables(Operation *body);
  void checkSegments(train::ProgramOp program);

  ModuleOp module;
};
} // namespace

void Contract::checkGraph() {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  if (!main || main.isExternal())
    return void(refuse(module) << "breaks the graph level: requires a function @main");
  llvm::StringSet<> names;
  for (Operation &op : main.getBody().front()) {
    if (!isOf(&op, {"nn"}) && !isa<func::ReturnOp>(op)) {
      refuse(&op) << "breaks the graph level: requires ops of nn";
      continue;
    }
    checkCounted(&op);
    if (auto weight = dyn_cast<nn::WeightOp>(op); weight && !names.insert(weight.getName()).second)
      refuse(&op) << "breaks the graph level: requires distinct names of weights, got '" << weight.getName() << "' again";
  }
}

void Contract::checkVariables(Operation *body) {
  llvm::StringSet<> written;
  auto program = body->getParentOfType<train::ProgramOp>();
  auto check = [&](Operation *op, FlatSymbolRefAttr name, Type type) {
    Operation *variable = program.lookupSymbol(name.getAttr());
    if (typeOfVariable(variable) != type)
      refuse(op) << "requires a variable of type " << type << ", got " << name;
  };
  for (Operation &op : body->getRegion(0).front()) {
    if (auto read = dyn_cast<train::ReadOp>(op))
      check(&op, read.getVariableAttr(), read.getType());
    if (auto write = dyn_cast<train::WriteOp>(op)) {
      check(&op, write.getVariableAttr(), write.getValue().getType());
      Operation *variable = program.lookupSymbol(write.getVariable());
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

void Contract::checkSegments(train::ProgramOp program) {
  int64_t next = 0;
  for (auto segment : program.getOps<train::SegmentOp>()) {
    if (static_cast<int64_t>(segment.getFirst()) != next)
      refuse(segment) << "requires first step " << next << ", got " << segment.getFirst();
    for (auto body : segment.getBodies().getAsRange<FlatSymbolRefAttr>())
      if (!program.lookupSymbol<train::StepOp>(body.getAttr()))
        refuse(segment) << "requires a train.step, got " << body;
    next = segment.getFirst() + segment.getSteps();
  }
  if (next != static_cast<int64_t>(program.getSteps()))
    refuse(program) << "requires segments of " << program.getSteps() << " steps, got " << next;
}

void Contract::checkTraining() {
  if (module.getOps<train::ProgramOp>().empty())
    refuse(module) << "breaks the training level: requires a train.program";
  for (auto program : module.getOps<train::ProgramOp>())
    checkSegments(program);
  for (Operation *body : findBodies(module)) {
    for (Operation &op : body->getRegion(0).front()) {
      if (isa<train::GradientOp>(op))
        refuse(&op) << "breaks the training level: requires --differentiate before";
      else if (!isOf(&op, {"nn", "train"}) && !isa<func::ReturnOp>(op))
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

void Contract::checkTensor() {
  for (Operation *body : findBodies(module)) {
    body->getRegion(0).walk([&](Operation *op) {
      if (!isOf(op, {"linalg", "tensor", "arith", "math", "scf", "train"}) && !isa<func::ReturnOp, nn::PhiloxOp>(op))
        refuse(op) << "breaks the tensor level: requires ops of linalg, tensor, arith, math, scf and train, and nn.philox";
      if (isOf(op, {"train"}) && !isa<BoundaryOpInterface>(op))
        refuse(op) << "breaks the tensor level: requires reads, writes, updates and the data set as the only ops of train";
    });
    if (isa<BodyOpInterface>(body))
      checkVariables(body);
  }
}

void Contract::checkKernels() {
  for (Operation *body : findBodies(module)) {
    if (!isa<func::FuncOp>(body)) {
      for (Operation &op : body->getRegion(0).front())
        if (!isOf(&op, {"train", "tensor"}) && !isa<func::CallOp>(op) && !op.hasTrait<OpTrait::ConstantLike>())
          refuse(&op) << "breaks the kernels level: requires calls of kernels between reads and writes";
      continue;
    }
    body->walk([&](Operation *op) {
      if (isOf(op, {"nn", "train"}) && !isa<nn::PhiloxOp>(op))
        refuse(op) << "breaks the kernels level: requires kernels without ops of nn and train";
    });
  }
}

void Contract::checkBuffer() {
  module.walk([&](Operation *op) {
    auto isTensor = [](Type type) { return isa<TensorType>(type); };
    if (llvm::any_of(op->getOperandTypes(), isTensor) || llvm::any_of(op->getResultTypes(), isTensor))
      refuse(op) << "breaks the buffer level: requires buffers, got tensors";
    if (op->getName().getStringRef() == "memref.alloc")
      refuse(op) << "breaks the buffer level: requires buffers of the arena, got an allocation";
    auto loop = dyn_cast<LoopLikeOpInterface>(op);
    if (!loop || isOf(op, {"affine"}))
      return;
    // The outermost loop of a kernel may run over the range that a thread is given.
    auto isConstant = [](OpFoldResult bound) { return getConstantIntValue(bound).has_value(); };
    auto lower = loop.getLoopLowerBounds(), upper = loop.getLoopUpperBounds(), steps = loop.getLoopSteps();
    bool constant = lower && upper && steps && llvm::all_of(*lower, isConstant) && llvm::all_of(*upper, isConstant) &&
                    llvm::all_of(*steps, isConstant);
    if (!constant && (op->getParentOfType<LoopLikeOpInterface>() || !lower || !upper))
      refuse(op) << "breaks the buffer level: requires constant loop bounds";
  });
}

namespace {
struct CheckLevel : tally::impl::CheckLevelBase<CheckLevel> {
  using CheckLevelBase::CheckLevelBase;
  void runOnOperation() override {
    Contract contract(getOperation());
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

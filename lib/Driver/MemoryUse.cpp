// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The memory of a trainer, from its memory plan, and the recount of its loops: no code is generated.
#include "tally/Driver/MemoryUse.h"
#include "dialects/Train/Train.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Pass/PassManager.h"
#include "tally/Cost/CountInstrumentation.h"
#include "tally/Pipelines/Pipelines.h"
#include "tally/Support/TypeSize.h"
#include "tally/Target/TargetMachine.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tally;

/// The most bytes that one kernel keeps on the stack of its thread.
static int64_t findScratch(ModuleOp module) {
  int64_t most = 0;
  for (auto kernel : module.getOps<func::FuncOp>()) {
    int64_t bytes = 0;
    kernel.walk([&](memref::AllocaOp place) { bytes += sizeInBytes(place.getType()); });
    most = std::max(most, bytes);
  }
  return most;
}

/// The data set that the function of a body takes.
static int64_t sizeOfDataset(ModuleOp module, StringAttr body) {
  return sizeInBytes(module.lookupSymbol<func::FuncOp>(body).getArgumentTypes().back());
}

/// What --plan-memory notes of the body with the peak, and of all bodies.
static void readPlan(train::ProgramOp program, MemoryReport &report) {
  if (auto ends = program->getAttrOfType<DictionaryAttr>("tally.body_bytes"))
    for (NamedAttribute end : ends)
      report.bodies.push_back({end.getName().str(), cast<IntegerAttr>(end.getValue()).getInt()});
  auto memory = program->getAttrOfType<DictionaryAttr>("tally.memory");
  if (!memory)
    return; // a program without bodies
  report.body = memory.getAs<StringAttr>("body").str();
  auto read = [&](StringRef list, StringRef name, auto &rows) {
    for (auto row : memory.getAs<ArrayAttr>(list).getAsRange<DictionaryAttr>())
      rows.push_back({row.getAs<StringAttr>(name).str(), row.getAs<StringAttr>("phase").str(), row.getAs<StringAttr>("layer").str(),
                      row.getAs<IntegerAttr>("bytes").getInt()});
  };
  read("timeline", "kernel", report.timeline);
  read("at_peak", "name", report.atPeak);
}

/// A copy for its target, or this machine where it has none; null after an error.
static OwningOpRef<ModuleOp> cloneForTarget(ModuleOp module) {
  OwningOpRef<ModuleOp> copy = module.clone();
  if (module->hasAttr(targetName))
    return copy;
  std::string error;
  TargetAttr target = describeTarget(module.getContext(), "native", error);
  if (!target) {
    module.emitError(error);
    return nullptr;
  }
  (*copy)->setAttr(targetName, target);
  return copy;
}

FailureOr<MemoryReport> tally::measureMemory(ModuleOp module) {
  OwningOpRef<ModuleOp> planned = cloneForTarget(module);
  if (!planned)
    return failure();
  LoweringOptions options;
  options.optimize = 3;
  if (failed(lowerToCpu(*planned, options, Level::Bufferized)))
    return failure();

  MemoryReport report;
  report.scratchBytesPerThread = findScratch(*planned);
  for (auto program : planned->getOps<train::ProgramOp>()) {
    auto add = [&](Operation *op, Type type, bool hasValue) {
      (isa<train::ParameterOp>(op) ? report.parametersBytes : report.stateBytes) += sizeInBytes(type);
      report.initialValuesBytes += hasValue ? sizeInBytes(type) : 0;
    };
    for (Operation &op : program->getRegion(0).front())
      llvm::TypeSwitch<Operation *>(&op)
          .Case<train::ParameterOp, train::StateOp>([&](auto variable) { add(variable, variable.getType(), variable.getValueAttr() != nullptr); })
          .Case<train::TableOp>([&](train::TableOp table) { add(table, table.getValue().getShapedType(), true); })
          .Case<BodyOpInterface>([&](BodyOpInterface body) { report.datasetBytes = sizeOfDataset(*planned, body.getNameAttr()); });
    readPlan(program, report);
    report.peakBytes = program->getAttrOfType<IntegerAttr>("tally.arena_bytes").getInt();
    report.activationsBytes = program->getAttrOfType<IntegerAttr>("tally.activation_bytes").getInt();
  }
  return report;
}

FailureOr<std::vector<CountChange>> tally::verifyExecution(ModuleOp module, unsigned optimize) {
  OwningOpRef<ModuleOp> lowered = cloneForTarget(module);
  if (!lowered)
    return failure();
  LoweringOptions options;
  options.optimize = optimize;
  CountLedger ledger;
  PassManager manager(module.getContext());
  manager.addInstrumentation(createCountInstrumentation(ledger));
  buildKernelsPipeline(manager, options);
  buildCpuBackend(manager, options, Level::Planned, Level::Buffer);
  if (failed(manager.run(*lowered)) || ledger.undeclared)
    return failure();
  return std::move(ledger.changes);
}

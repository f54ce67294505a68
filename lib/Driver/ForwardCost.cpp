// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports a model and counts its graph for one sample.
#include "tally/Driver/ForwardCost.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "tally/Import/Rebatch.h"

using namespace mlir;
using namespace tally;

DriverStatus tally::deriveForwardCost(StringRef model, ArrayRef<std::string> profiles, MLIRContext &context, std::vector<ForwardReport> &reports) {
  std::vector<CostProfile> read;
  for (const std::string &name : profiles) {
    FailureOr<CostProfile> profile = readProfile(name, &context);
    if (failed(profile))
      return DriverStatus::BadInput;
    read.push_back(std::move(*profile));
  }
  LoadedProgram loaded = loadProgram(model, "", context, Level::Graph);
  if (loaded.status != DriverStatus::Fine)
    return loaded.status;
  auto graph = loaded.module().lookupSymbol<func::FuncOp>("main");
  if (!graph || graph.isExternal()) {
    llvm::errs() << "error: " << model << ": holds no graph of a model (func.func @main), which a forward pass is counted of\n";
    return DriverStatus::BadInput;
  }
  // Exporters write the batch that they were shown.
  OwningOpRef<ModuleOp> sample;
  if (int64_t batch = batchSizeOf(graph).value_or(1); batch != 1) {
    auto rebatched = rebatchModule(loaded.module(), 1);
    if (failed(rebatched)) {
      llvm::errs() << "error: " << model << ": the forward pass of one sample expects a graph that works for any batch size, got one for "
                   << batch << '\n';
      return DriverStatus::No;
    }
    sample = std::move(*rebatched);
    graph = sample->lookupSymbol<func::FuncOp>("main");
  }
  for (const CostProfile &profile : read) {
    FailureOr<ForwardReport> report = countForward(graph, profile);
    if (failed(report))
      return DriverStatus::No;
    reports.push_back(std::move(*report));
  }
  return DriverStatus::Fine;
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loads a training run, counts it, and counts again or plans its memory as asked.
#include "tally/Driver/DeriveCost.h"
#include "tally/Cost/Recount.h"
#include "tally/Driver/HostMachine.h"
#include "tally/Driver/MemoryUse.h"

using namespace mlir;
using namespace tally;

/// Counts again at the tensor level and in the programs of both -O levels; failure where a count differs.
static FailureOr<VerificationReport> verifyCost(const CostReport &report, ModuleOp module) {
  FailureOr<unsigned> bodies = verifyRecount(module);
  if (failed(bodies))
    return failure();
  FailureOr<std::vector<CountChange>> optimized = verifyExecution(module, 3);
  if (failed(optimized))
    return failure();
  FailureOr<std::vector<CountChange>> plain = verifyExecution(module, 0);
  if (failed(plain))
    return failure();
  return VerificationReport{*bodies, report.execution(*plain), report.execution(*optimized)};
}

DerivedCost tally::deriveCost(const CostRequest &request, MLIRContext &context) {
  FailureOr<CostProfile> profile = readProfile(request.profile, &context);
  if (failed(profile))
    return {DriverStatus::BadInput, {}};
  if (profile->rules) {
    llvm::errs() << "error: --profile: '" << request.profile << "' counts the forward pass of a model without --recipe; for a training run, "
                 << "expects one of haet, flops, valid_flops, macs, or a file with their keys\n";
    return {DriverStatus::Usage, {}};
  }
  if (request.verify && !profile->isHaet()) {
    llvm::errs() << "error: --verify: loops are counted by the rules of haet, got --profile " << request.profile << '\n';
    return {DriverStatus::Usage, {}};
  }
  LoadedProgram loaded = loadProgram(request.model, request.recipe, context, Level::Training, {}, request.changes);
  if (loaded.status != DriverStatus::Fine)
    return {loaded.status, {}};
  ModuleOp module = loaded.module();
  FailureOr<CostReport> report = makeCostReport(*module.getOps<train::ProgramOp>().begin(), *profile, request.span);
  if (failed(report))
    return {DriverStatus::No, {}};
  if (request.verify) {
    FailureOr<VerificationReport> verification = verifyCost(*report, module);
    if (failed(verification))
      return {DriverStatus::No, {}};
    report->verification = std::move(*verification);
  }
  if (!request.machine.empty()) {
    std::string name = request.machine;
    if (name == "host") {
      auto file = measureHost();
      if (!file) {
        llvm::errs() << "error: --machine host: " << llvm::toString(file.takeError()) << '\n';
        return {DriverStatus::BadInput, {}};
      }
      name = *file;
    }
    FailureOr<Machine> machine = readMachine(name, &context);
    if (failed(machine))
      return {DriverStatus::BadInput, {}};
    FailureOr<MachineReport> estimated = estimate(*module.getOps<train::ProgramOp>().begin(), *machine);
    if (failed(estimated))
      return {DriverStatus::No, {}};
    report->machine = std::move(*estimated);
  }
  if (request.memory) {
    FailureOr<MemoryReport> memory = measureMemory(module);
    if (failed(memory))
      return {DriverStatus::InternalError, {}};
    report->memory = *memory;
  }
  if (request.waterfall && request.span == Span::Run)
    report->waterfall = deriveWaterfall(request, *profile, *report);
  report->toolVersion = TALLY_VERSION;
  return {DriverStatus::Fine, std::move(*report)};
}

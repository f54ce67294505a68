// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The optimizer driver: mlir-opt with Tally's dialects, passes and pipelines, and --verify-counts.
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "tally/Cost/CountInstrumentation.h"
#include "tally/InitAll.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;

static llvm::cl::opt<bool> verifyCounts("verify-counts",
                                        llvm::cl::desc("count between all passes from the tensor to the buffer level: a change that the "
                                                       "pass did not declare is an error"));

/// As MlirOptMain, with the passes instrumented.
static LogicalResult runCounted(StringRef input, StringRef output, DialectRegistry &registry) {
  std::string message;
  std::unique_ptr<llvm::MemoryBuffer> source = openInputFile(input, &message);
  std::unique_ptr<llvm::ToolOutputFile> file = source ? openOutputFile(output, &message) : nullptr;
  if (!file) {
    llvm::errs() << message << "\n";
    return failure();
  }
  tally::CountLedger ledger;
  MlirOptMainConfig parsed = MlirOptMainConfig::createFromCLOptions(), config = parsed;
  config.setPassPipelineSetupFn([&](PassManager &manager) {
    manager.addInstrumentation(tally::createCountInstrumentation(ledger));
    return parsed.setupPassPipeline(manager);
  });
  if (failed(MlirOptMain(file->os(), std::move(source), registry, config)) || ledger.undeclared)
    return failure();
  file->keep();
  return success();
}

int main(int argc, char **argv) {
  DialectRegistry registry;
  tally::registerAllDialects(registry);
  tally::registerAllPasses();
  auto [input, output] = registerAndParseCLIOptions(argc, argv, "Tally optimizer driver\n", registry);
  return asMainReturnCode(verifyCounts ? runCounted(input, output, registry) : MlirOptMain(argc, argv, input, output, registry));
}

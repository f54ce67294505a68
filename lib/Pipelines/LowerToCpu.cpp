// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs the lines of passes; keeps what is needed to run them again when one failed.
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassInstrumentation.h"
#include "tally/Pipelines/Pipelines.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace tally;

/// Weights above this number of bytes are left out of a reproducer: no pass of these stages reads them.
static constexpr int64_t largestResource = 1024;

namespace {
/// Notes the first pass that failed.
struct FailureNote : PassInstrumentation {
  explicit FailureNote(std::string &pass) : pass(pass) {}
  void runAfterPassFailed(Pass *failed, Operation *op) override {
    if (pass.empty())
      pass = failed->getArgument();
  }
  std::string &pass;
};
} // namespace

static void writeReproducer(ModuleOp before, PassManager &manager, const Twine &where) {
  SmallString<128> path;
  int descriptor;
  if (std::error_code error = llvm::sys::fs::createTemporaryFile("tally", "mlir", descriptor, path)) {
    before.emitError("internal error in ") << where << "; no reproducer can be written: " << error.message();
    return;
  }
  llvm::raw_fd_ostream file(descriptor, /*shouldClose=*/true);
  file << "// tally-opt " << path << " --pass-pipeline='";
  manager.printAsTextualPipeline(file);
  file << "'\n";
  before->print(file, OpPrintingFlags().enableDebugInfo().elideLargeResourceString(largestResource));
  file.close();
  bool full = file.has_error();
  file.clear_error();
  emitError(before.getLoc(), "internal error in ") << where << (full ? "; cannot write " : "; reproduce it with the command in ") << path;
}

static void build(PassManager &manager, const LoweringOptions &options, Level from, Level to) {
  buildKernelsPipeline(manager, options, from, to);
  buildCpuBackend(manager, options, from, to);
}

LogicalResult tally::lowerToCpu(ModuleOp module, const LoweringOptions &options, Level until, bool verifyEach,
                                llvm::function_ref<void(Level)> begins) {
  OwningOpRef<ModuleOp> before = module.clone();
  for (Level from = Level::Training; from < until;) {
    Level to = static_cast<Level>(static_cast<int>(from) + 1);
    if (begins)
      begins(to);
    std::string failedPass;
    PassManager manager(module.getContext(), ModuleOp::getOperationName());
    manager.enableVerifier(verifyEach); // else once a stage, below
    manager.addInstrumentation(std::make_unique<FailureNote>(failedPass));
    build(manager, options, from, to);
    bool ran = succeeded(manager.run(module));
    if (!ran || failed(verify(module))) {
      PassManager stages(module.getContext(), ModuleOp::getOperationName());
      build(stages, options, Level::Training, to);
      writeReproducer(*before, stages, ran ? "the verifier" : "--" + failedPass);
      return failure();
    }
    from = to;
  }
  return success();
}

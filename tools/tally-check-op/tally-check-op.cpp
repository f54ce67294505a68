// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs the numeric checks of an op card: values, and gradients against finite differences.
#include "Checks.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"
#include "mlir/Parser/Parser.h"
#include "tally/InitAll.h"

using namespace mlir;
using namespace tally;

static llvm::cl::opt<std::string> file(llvm::cl::Positional, llvm::cl::desc("<op card>"), llvm::cl::Required);
static llvm::cl::opt<bool> optimize("optimize", llvm::cl::desc("lower as -O3 does: layout, fusion, split reductions, vectors"));
static llvm::cl::opt<std::string> march("march", llvm::cl::desc("check code for another architecture: TRIPLE:PROCESSOR (with --runner)"));
static llvm::cl::opt<std::string> runner("runner", llvm::cl::desc("the emulator that runs it (qemu-aarch64); programs are linked by TALLY_CC"));
static llvm::cl::opt<double> scaleGradient("scale-gradient", llvm::cl::init(1.0),
                                           llvm::cl::desc("multiply the gradients under test, to see that the check fails"));

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  llvm::cl::ParseCommandLineOptions(argc, argv, "Runs functions marked check_values or check_gradient\n");
  DialectRegistry registry;
  registerAllDialects(registry);
  registerAllPasses();
  MLIRContext context(registry);
  context.printOpOnDiagnostic(false);
  llvm::SourceMgr sources;
  SourceMgrDiagnosticHandler handler(sources, &context);
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(file, sources, &context);
  if (!module)
    return 1;

  // Only the marked functions are compiled; the others of the card may hold anything.
  std::vector<func::FuncOp> values;
  std::vector<GradientCheck> gradients;
  for (auto function : llvm::make_early_inc_range(module->getOps<func::FuncOp>())) {
    if (function->hasAttr("check_values")) {
      values.push_back(function);
    } else if (function->hasAttr("check_gradient")) {
      FailureOr<GradientCheck> check = buildGradient(function);
      if (failed(check))
        return 1;
      gradients.push_back(std::move(*check));
    } else {
      function.erase();
    }
  }
  for (Operation &op : llvm::make_early_inc_range(*module->getBody()))
    if (!isa<func::FuncOp>(op))
      op.erase();
  if (values.empty() && gradients.empty())
    return module->emitError("holds no function marked check_values or check_gradient"), 1;

  FailureOr<Jit> jit = Jit::create(*module, {optimize, march, runner});
  if (failed(jit))
    return 1;
  unsigned failures = 0;
  for (func::FuncOp function : values) {
    bool passed = succeeded(checkValues(*jit, function));
    failures += !passed;
    llvm::outs() << '@' << function.getName() << ": values " << (passed ? "agree" : "differ") << '\n';
  }
  for (const GradientCheck &check : gradients) {
    bool passed = succeeded(checkGradient(*jit, check, scaleGradient));
    failures += !passed;
    llvm::outs() << '@' << check.function->getAttrOfType<StringAttr>("sym_name").getValue() << ": gradient "
                 << (passed ? "agrees" : "differs") << '\n';
  }
  return failures ? 1 : 0;
}

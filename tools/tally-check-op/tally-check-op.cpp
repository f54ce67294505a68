// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs the numeric checks of an op card: values, and gradients against finite differences; or one function on given inputs.
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
static llvm::cl::opt<std::string> run("run", llvm::cl::desc("call this function of tensors once, instead of checks"));
static llvm::cl::opt<std::string> inputs("inputs", llvm::cl::init("-"), llvm::cl::desc("its arguments' elements, row-major, little-endian, index as i64, i1 as one byte"));
static llvm::cl::opt<std::string> outputs("outputs", llvm::cl::init("-"), llvm::cl::desc("where to write those of its results"));

/// The function of --run, alone in its module.
static func::FuncOp keepFunction(ModuleOp module) {
  auto function = module.lookupSymbol<func::FuncOp>(run);
  auto isStatic = [](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor && tensor.hasStaticShape() && tensor.getElementType().isIntOrIndexOrFloat();
  };
  if (!function || function.isExternal())
    return module.emitError("holds no function '") << run << "'", nullptr;
  for (Type type : llvm::concat<const Type>(function.getArgumentTypes(), function.getResultTypes()))
    if (!isStatic(type))
      return function.emitError("--run requires tensors of static shape, got ") << type, nullptr;
  for (Operation &op : llvm::make_early_inc_range(*module.getBody()))
    if (&op != function)
      op.erase();
  return function;
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  llvm::cl::ParseCommandLineOptions(argc, argv, "Runs functions marked check_values or check_gradient, or the function of --run\n");
  DialectRegistry registry;
  registerAllDialects(registry);
  registerAllPasses();
  MLIRContext context(registry);
  context.printOpOnDiagnostic(false);
  context.getOrLoadDialect("nn"); // a gradient is made of its ops, whatever the function is made of
  llvm::SourceMgr sources;
  SourceMgrDiagnosticHandler handler(sources, &context);
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(file, sources, &context);
  if (!module)
    return 1;

  if (!run.empty()) {
    func::FuncOp function = keepFunction(*module);
    if (!function)
      return 1;
    FailureOr<Jit> jit = Jit::create(*module, {optimize, march, runner});
    return failed(jit) || failed(runOnce(*jit, function, inputs, outputs)) ? 1 : 0;
  }

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

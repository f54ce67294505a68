// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Objects from LLVM IR: most of the time of a build, and so divided among threads.
#include "GenerateCode.h"
#include "mlir/IR/Threading.h"
#include "tally/Target/TargetMachine.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Transforms/Utils/SplitModule.h"

using namespace mlir;
using namespace tally;

namespace {
struct ErrorListener : llvm::DiagnosticHandler {
  explicit ErrorListener(Operation *op) : op(op) {}
  bool handleDiagnostics(const llvm::DiagnosticInfo &info) override {
    if (info.getSeverity() != llvm::DS_Error)
      return false;
    std::string text;
    llvm::raw_string_ostream stream(text);
    llvm::DiagnosticPrinterRawOStream printer(stream);
    info.print(printer);
    op->emitError() << text;
    HasErrors = true;
    return true;
  }
  Operation *op;
};
} // namespace

void tally::listenToErrors(llvm::LLVMContext &context, Operation *op) { context.setDiagnosticHandler(std::make_unique<ErrorListener>(op)); }

void tally::optimizeModule(llvm::Module &module, llvm::TargetMachine &machine) {
  llvm::PipelineTuningOptions tuning;
  tuning.LoopUnrolling = false;
  // A fifth of the time, for loops whose loads are what an earlier trip stored: kernels keep those in registers themselves.
  llvm::PassInstrumentationCallbacks callbacks;
  callbacks.registerShouldRunOptionalPassCallback([](StringRef pass, llvm::Any) { return pass != "LoopLoadEliminationPass"; });
  llvm::PassBuilder builder(&machine, tuning, std::nullopt, &callbacks);
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O3).run(module, modules);
}

/// A body calls kernels, thousands of them, one after the other. It computes an address once for all calls that take it, and the register
/// allocator needs seconds for so many values that live so long: each call gets its own, in blocks of a few calls, within which
/// instruction selection would bring them together again.
static void shortenLives(llvm::Function &function) {
  constexpr size_t callsOfBlock = 32;
  for (llvm::BasicBlock &block : llvm::make_early_inc_range(function)) {
    SmallVector<llvm::CallInst *> calls;
    SmallVector<llvm::GetElementPtrInst *> addresses;
    for (llvm::Instruction &instruction : block) {
      if (auto *call = dyn_cast<llvm::CallInst>(&instruction))
        calls.push_back(call);
      else if (auto *address = dyn_cast<llvm::GetElementPtrInst>(&instruction);
               address && address->hasAllConstantIndices() && !address->isUsedOutsideOfBlock(&block))
        addresses.push_back(address);
    }
    if (calls.size() < 4 * callsOfBlock)
      continue;
    for (llvm::GetElementPtrInst *address : addresses) {
      for (llvm::Use &use : llvm::make_early_inc_range(address->uses())) {
        llvm::Instruction *copy = address->clone();
        copy->insertBefore(cast<llvm::Instruction>(use.getUser())->getIterator());
        use.set(copy);
      }
      address->eraseFromParent();
    }
    for (size_t index = callsOfBlock; index < calls.size(); index += callsOfBlock)
      calls[index]->getParent()->splitBasicBlock(std::next(calls[index]->getIterator()));
  }
}

static LogicalResult generateObject(Operation *op, llvm::Module &module, TargetAttr target, unsigned optimize, ObjectCode &object) {
  std::string error;
  std::unique_ptr<llvm::TargetMachine> machine = createTargetMachine(target, /*contract=*/optimize != 0, error);
  if (!machine)
    return op->emitError(error);
  if (optimize != 0) {
    optimizeModule(module, *machine);
    llvm::for_each(module, shortenLives);
  }
  llvm::raw_svector_ostream stream(object);
  llvm::legacy::PassManager passes;
  if (machine->addPassesToEmitFile(passes, stream, nullptr, llvm::CodeGenFileType::ObjectFile, /*DisableVerify=*/true))
    return op->emitError("the target emits no objects");
  passes.run(module);
  return failure(module.getContext().getDiagHandlerPtr()->HasErrors);
}

/// Each part in the form that another thread, with a context of its own, can read.
static SmallVector<ObjectCode> splitModule(std::unique_ptr<llvm::Module> module, StringRef prefix, size_t count) {
  for (llvm::GlobalObject &object : module->global_objects())
    if (object.hasLocalLinkage())
      object.setName(prefix + object.getName());
  SmallVector<ObjectCode> parts;
  llvm::SplitModule(
      *module, count,
      [&](std::unique_ptr<llvm::Module> part) {
        llvm::raw_svector_ostream stream(parts.emplace_back());
        llvm::WriteBitcodeToFile(*part, stream);
      },
      /*PreserveLocals=*/false, /*RoundRobin=*/true);
  return parts;
}

LogicalResult tally::generateCode(Operation *op, std::unique_ptr<llvm::Module> module, TargetAttr target, unsigned optimize, StringRef prefix,
                                  MutableArrayRef<ObjectCode> objects) {
  if (objects.size() == 1)
    return generateObject(op, *module, target, optimize, objects.front());
  SmallVector<ObjectCode> parts = splitModule(std::move(module), prefix, objects.size());
  return failableParallelForEachN(op->getContext(), 0, objects.size(), [&](size_t i) -> LogicalResult {
    llvm::LLVMContext context;
    listenToErrors(context, op);
    llvm::Expected<std::unique_ptr<llvm::Module>> part = llvm::parseBitcodeFile(llvm::MemoryBufferRef(StringRef(parts[i].data(), parts[i].size()), "part"), context);
    if (!part)
      return op->emitError(llvm::toString(part.takeError()));
    return generateObject(op, **part, target, optimize, objects[i]);
  });
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// LLVM IR, object and trainer from a lowered program.
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "tally/Target/ProgramObject.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"

using namespace mlir;
using namespace tally;

/// The version of the C ABI; equals TALLY_RT_VERSION of runtime/include/tally-rt/Runtime.h.
static constexpr int64_t runtimeVersion = 1;

static std::unique_ptr<llvm::TargetMachine> createTargetMachine(Operation *op, const EmitOptions &options) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  llvm::InitializeNativeTargetAsmParser();
  llvm::Triple triple(llvm::sys::getDefaultTargetTriple());
  std::string error;
  const llvm::Target *target = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target) {
    op->emitError("no code generator: ") << error;
    return {};
  }
  bool native = options.march == "native";
  std::string features;
  if (native)
    for (auto &[name, enabled] : llvm::sys::getHostCPUFeatures())
      features += (features.empty() ? "" : ",") + std::string(enabled ? "+" : "-") + name.str();
  llvm::TargetOptions targetOptions;
  // Fused where the IR says so (-O3), never by the code generator's own choice.
  targetOptions.AllowFPOpFusion = options.optimize ? llvm::FPOpFusion::Standard : llvm::FPOpFusion::Strict;
  targetOptions.FunctionSections = true;
  std::unique_ptr<llvm::TargetMachine> machine(target->createTargetMachine(
      triple, native ? llvm::sys::getHostCPUName() : StringRef(options.march), features, targetOptions, llvm::Reloc::PIC_,
      std::nullopt, llvm::CodeGenOptLevel::Default));
  if (machine && !native && !machine->getMCSubtargetInfo()->isCPUStringValid(options.march)) {
    op->emitError("unknown processor '") << options.march << "'";
    return {};
  }
  return machine;
}

/// Adds `tally_program`: version, manifest, blob, functions (runtime/include/tally-rt/Runtime.h).
static void addProgramSymbol(llvm::Module &module, StringRef manifest, const std::string &blobPath, uint64_t blobBytes,
                             ArrayRef<std::string> functions) {
  llvm::LLVMContext &context = module.getContext();
  auto *pointer = llvm::PointerType::get(context, 0);
  auto *i64 = llvm::Type::getInt64Ty(context);
  auto internal = [&](llvm::Constant *value, const char *name) {
    auto *global = new llvm::GlobalVariable(module, value->getType(), true, llvm::GlobalValue::InternalLinkage, value, name);
    global->setAlignment(llvm::Align(8));
    return global;
  };
  std::string escaped;
  for (char c : blobPath)
    escaped += (c == '"' || c == '\\' ? "\\" : "") + std::string(1, c);
  module.appendModuleInlineAsm(".section .rodata.tally_blob,\"a\",@progbits\n.balign 64\ntally_blob:\n.incbin \"" + escaped +
                               "\"\n.byte 0\n.globl tally_blob\n.hidden tally_blob\n.text");
  auto *blob = new llvm::GlobalVariable(module, llvm::Type::getInt8Ty(context), true, llvm::GlobalValue::ExternalLinkage,
                                        nullptr, "tally_blob");
  blob->setVisibility(llvm::GlobalValue::HiddenVisibility);
  SmallVector<llvm::Constant *> addresses;
  for (const std::string &name : functions) {
    llvm::Function *function = module.getFunction(name);
    function->setLinkage(llvm::GlobalValue::InternalLinkage); // names of bodies are the user's, they may meet any symbol
    addresses.push_back(function);
  }
  auto *tableType = llvm::ArrayType::get(pointer, addresses.size());
  llvm::Constant *members[] = {
      llvm::ConstantInt::get(i64, runtimeVersion),
      internal(llvm::ConstantDataArray::getString(context, manifest, /*AddNull=*/false), "tally_manifest"),
      llvm::ConstantInt::get(i64, manifest.size()),
      blob,
      llvm::ConstantInt::get(i64, blobBytes),
      internal(llvm::ConstantArray::get(tableType, addresses), "tally_functions"),
      llvm::ConstantInt::get(i64, addresses.size())};
  llvm::Constant *program = llvm::ConstantStruct::getAnon(members);
  new llvm::GlobalVariable(module, program->getType(), true, llvm::GlobalValue::ExternalLinkage, program, "tally_program");
}

static void optimize(llvm::Module &module, llvm::TargetMachine &machine) {
  llvm::PassBuilder builder(&machine);
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O2).run(module, modules);
}

static LogicalResult writeObject(Operation *op, llvm::Module &module, llvm::TargetMachine &machine, StringRef path) {
  std::error_code code;
  llvm::raw_fd_ostream stream(path, code, llvm::sys::fs::OF_None);
  if (code)
    return op->emitError("cannot write ") << path << ": " << code.message();
  llvm::legacy::PassManager passes;
  if (machine.addPassesToEmitFile(passes, stream, nullptr, llvm::CodeGenFileType::ObjectFile))
    return op->emitError("the target emits no objects");
  passes.run(module);
  stream.flush();
  if (stream.has_error()) {
    std::string reason = stream.error().message();
    stream.clear_error();
    return op->emitError("cannot write ") << path << ": " << reason;
  }
  return success();
}

/// Links with the C compiler of the system (or TALLY_CC).
static LogicalResult link(Operation *op, StringRef object, StringRef runtime, StringRef output) {
  const char *chosen = std::getenv("TALLY_CC");
  auto compiler = llvm::sys::findProgramByName(chosen ? chosen : "cc");
  if (!compiler)
    return op->emitError("cannot find a C compiler to link with");
  std::string message;
  StringRef arguments[] = {*compiler, object, runtime, "-o", output, "-Wl,--gc-sections", "-lm", "-lpthread"};
  if (llvm::sys::ExecuteAndWait(*compiler, arguments, std::nullopt, {}, 0, 0, &message) != 0)
    return op->emitError("cannot link ") << output << (message.empty() ? "" : ": " + message);
  return success();
}

static LogicalResult writeText(Operation *op, llvm::Module &module, StringRef path) {
  std::error_code code;
  llvm::raw_fd_ostream stream(path, code, llvm::sys::fs::OF_Text);
  if (code)
    return op->emitError("cannot write ") << path << ": " << code.message();
  module.print(stream, nullptr);
  stream.flush();
  bool failed = stream.has_error();
  stream.clear_error();
  return failed ? op->emitError("cannot write ") << path : success();
}

LogicalResult tally::emitProgram(ModuleOp module, StringRef output, const EmitOptions &options) {
  auto programs = module.getOps<train::ProgramOp>();
  if (programs.empty())
    return module.emitError("expects a train.program");
  train::ProgramOp program = *programs.begin();
  SmallVector<std::string> functions = functionNames(program);

  // The blob stays a file: as text for the assembler, 44 MB would take a minute.
  SmallString<128> blobPath(output);
  if (options.kind == EmitKind::Llvm)
    llvm::sys::path::replace_extension(blobPath, "weights.bin");
  else
    blobPath += ".weights.tmp";
  llvm::sys::fs::make_absolute(blobPath);
  std::error_code code;
  auto stream = std::make_unique<llvm::raw_fd_ostream>(blobPath, code);
  if (code)
    return module.emitError("cannot write ") << blobPath << ": " << code.message();
  llvm::scope_exit cleanup([&] {
    if (options.kind != EmitKind::Llvm)
      llvm::sys::fs::remove(blobPath);
  });
  Blob blob(*stream);
  FailureOr<llvm::json::Object> manifest = buildManifest(program, blob, options.exported);
  if (failed(manifest))
    return failure();
  stream->flush();
  bool full = stream->has_error();
  stream->clear_error();
  stream.reset();
  if (full)
    return module.emitError("cannot write ") << blobPath;
  std::string text;
  llvm::raw_string_ostream(text) << llvm::json::Value(std::move(*manifest));

  std::unique_ptr<llvm::TargetMachine> machine = createTargetMachine(module, options);
  if (!machine)
    return failure();
  program->erase();
  registerBuiltinDialectTranslation(*module.getContext());
  registerLLVMDialectTranslation(*module.getContext());
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> translated = translateModuleToLLVMIR(module, context, "tally_program");
  if (!translated)
    return failure();
  translated->setTargetTriple(machine->getTargetTriple());
  translated->setDataLayout(machine->createDataLayout());
  addProgramSymbol(*translated, text, std::string(blobPath), blob.size(), functions);
  if (options.optimize != 0)
    optimize(*translated, *machine);
  if (options.kind == EmitKind::Llvm)
    return writeText(module, *translated, output);
  if (options.kind == EmitKind::Object)
    return writeObject(module, *translated, *machine, output);
  SmallString<128> object(output);
  object += ".o.tmp";
  llvm::scope_exit removeObject([&] { llvm::sys::fs::remove(object); });
  if (failed(writeObject(module, *translated, *machine, object)))
    return failure();
  return link(module, object, options.runtime, output);
}

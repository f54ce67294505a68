// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// LLVM IR and object from a lowered program.
#include "GenerateCode.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "tally-rt/Runtime.h"
#include "tally/Support/Digest.h"
#include "tally/Target/ProgramObject.h"
#include "tally/Target/TargetMachine.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Target/TargetMachine.h"

using namespace mlir;
using namespace tally;

/// The symbol of a version of the program.
static std::string programSymbol(unsigned version) { return version ? "tally_program_" + std::to_string(version) : "tally_program"; }

/// Adds `tally_program`: version, manifest, blob, functions (runtime/include/tally-rt/Runtime.h). Without a path, the blob is another object's.
static LogicalResult addProgramSymbol(Operation *op, llvm::Module &module, StringRef manifest, const std::string &blobPath,
                                      uint64_t blobBytes, ArrayRef<std::string> functions, const EmitOptions &options) {
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
  std::string blobSymbol = blobPath.empty() || options.version == 0 ? "tally_blob" : "tally_blob_" + std::to_string(options.version);
  if (!blobPath.empty())
    module.appendModuleInlineAsm(".section .rodata.tally_blob,\"a\",%progbits\n.balign 64\n" + blobSymbol + ":\n.incbin \"" + escaped +
                                 "\"\n.byte 0\n.globl " + blobSymbol + "\n.hidden " + blobSymbol + "\n.text");
  auto *blob = new llvm::GlobalVariable(module, llvm::Type::getInt8Ty(context), true, llvm::GlobalValue::ExternalLinkage,
                                        nullptr, blobSymbol);
  blob->setVisibility(llvm::GlobalValue::HiddenVisibility);
  SmallVector<llvm::Constant *> addresses;
  for (const std::string &name : functions) {
    llvm::Function *function = module.getFunction(name);
    if (!function || function->isDeclaration())
      return op->emitError("requires a function for the body '") << name << "'";
    function->setLinkage(llvm::GlobalValue::InternalLinkage); // names of bodies are the user's, they may meet any symbol
    addresses.push_back(function);
  }
  auto *tableType = llvm::ArrayType::get(pointer, addresses.size());
  llvm::Constant *members[] = {
      llvm::ConstantInt::get(i64, TALLY_RT_VERSION),
      internal(llvm::ConstantDataArray::getString(context, manifest, /*AddNull=*/false), "tally_manifest"),
      llvm::ConstantInt::get(i64, manifest.size()),
      blob,
      llvm::ConstantInt::get(i64, blobBytes),
      internal(llvm::ConstantArray::get(tableType, addresses), "tally_functions"),
      llvm::ConstantInt::get(i64, addresses.size()),
      llvm::ConstantPointerNull::get(pointer)};
  if (options.version + 1 < options.versions)
    std::end(members)[-1] = new llvm::GlobalVariable(module, i64, true, llvm::GlobalValue::ExternalLinkage, nullptr, programSymbol(options.version + 1));
  llvm::Constant *program = llvm::ConstantStruct::getAnon(members);
  new llvm::GlobalVariable(module, program->getType(), true, llvm::GlobalValue::ExternalLinkage, program, programSymbol(options.version));
  return success();
}

/// What decides the results of a program: its code before LLVM's part, how LLVM makes it, its manifest and its data.
static std::string digestProgram(llvm::Module &module, TargetAttr target, unsigned optimize, StringRef manifest, StringRef blobDigest) {
  ObjectCode code;
  llvm::raw_svector_ostream stream(code);
  llvm::WriteBitcodeToFile(module, stream);
  stream << '\0' << LLVM_VERSION_STRING << '\0' << target << '\0' << optimize << '\0' << manifest << '\0' << blobDigest;
  return digestOf(stream.str());
}

static EmitStatus writeFile(Operation *op, StringRef content, StringRef path) {
  std::error_code code;
  llvm::raw_fd_ostream stream(path, code, llvm::sys::fs::OF_None);
  if (!code) {
    stream << content;
    stream.flush();
    code = stream.error();
    stream.clear_error();
  }
  if (!code)
    return EmitStatus::Fine;
  op->emitError("cannot write ") << path << ": " << code.message();
  return EmitStatus::NotWritable;
}

static EmitStatus writeObjects(Operation *op, std::unique_ptr<llvm::Module> module, TargetAttr target, ArrayRef<std::string> paths, const EmitOptions &options) {
  SmallVector<ObjectCode> objects(paths.size());
  if (failed(generateCode(op, std::move(module), target, options.optimize, "tally." + std::to_string(options.version) + ".", objects)))
    return EmitStatus::InternalError;
  for (auto [object, path] : llvm::zip_equal(objects, paths))
    if (EmitStatus status = writeFile(op, StringRef(object.data(), object.size()), path); status != EmitStatus::Fine)
      return status;
  return EmitStatus::Fine;
}

/// The names of what a trainer checks of the processor before it runs the code.
static llvm::json::Object describeProcessor(const llvm::TargetMachine &machine) {
  llvm::StringSet<> checked;
  if (machine.getTargetTriple().isX86())
    checked = {
#define TALLY_RT_X86_FEATURE(name, leaf, subleaf, word, bit, state) name,
#include "tally-rt/X86Features.def"
    };
  llvm::json::Array features;
  for (const llvm::SubtargetFeatureKV &feature : machine.getMCSubtargetInfo()->getEnabledProcessorFeatures())
    if (checked.contains(feature.Key))
      features.push_back(feature.Key);
  return llvm::json::Object{{"name", machine.getTargetCPU()}, {"features", std::move(features)}};
}

EmitStatus tally::emitProgram(ModuleOp module, ArrayRef<std::string> outputs, EmitOptions &options) {
  auto programs = module.getOps<train::ProgramOp>();
  if (!llvm::hasSingleElement(programs)) {
    module.emitError("requires one train.program, got ") << std::distance(programs.begin(), programs.end());
    return EmitStatus::InternalError;
  }
  train::ProgramOp program = *programs.begin();
  SmallVector<std::string> functions = functionNames(program);
  std::string error;
  std::unique_ptr<llvm::TargetMachine> machine = createTargetMachine(targetOf(module), /*contract=*/options.optimize != 0, error);
  if (!machine) {
    module.emitError(error);
    return EmitStatus::InternalError;
  }

  // The blob stays a file: as text for the assembler, 44 MB would take a minute.
  SmallString<128> blobPath(outputs.front());
  if (options.kind == EmitKind::Llvm)
    llvm::sys::path::replace_extension(blobPath, "weights.bin");
  else
    blobPath += ".weights.tmp";
  llvm::sys::fs::make_absolute(blobPath);
  std::error_code code;
  llvm::raw_fd_ostream stream(blobPath, code);
  llvm::scope_exit cleanup([&] {
    if (options.kind != EmitKind::Llvm)
      llvm::sys::fs::remove(blobPath);
  });
  FailureOr<llvm::json::Object> manifest = failure();
  uint64_t blobBytes = 0;
  if (!code) {
    Blob blob(stream);
    manifest = buildManifest(program, blob, options.exported);
    blobBytes = blob.size();
    stream.close();
    code = stream.error();
    stream.clear_error();
  }
  if (code) {
    module.emitError("cannot write ") << blobPath << ": " << code.message();
    return EmitStatus::NotWritable;
  }
  if (failed(manifest))
    return EmitStatus::InternalError;
  llvm::Expected<std::string> blobDigest = digestFile(blobPath);
  if (!blobDigest) {
    module.emitError(llvm::toString(blobDigest.takeError()));
    return EmitStatus::NotWritable;
  }
  (*manifest)["processor"] = describeProcessor(*machine);
  auto textOf = [](const llvm::json::Object &object) {
    std::string text;
    llvm::raw_string_ostream(text) << llvm::json::Value(llvm::json::Object(object));
    return text;
  };

  program->erase();
  registerBuiltinDialectTranslation(*module.getContext());
  registerLLVMDialectTranslation(*module.getContext());
  llvm::LLVMContext context;
  listenToErrors(context, module);
  std::unique_ptr<llvm::Module> translated = translateModuleToLLVMIR(module, context, "tally_program");
  if (!translated)
    return EmitStatus::InternalError;
  translated->setTargetTriple(machine->getTargetTriple());
  translated->setDataLayout(machine->createDataLayout());
  (*manifest)["program_sha256"] = digestProgram(*translated, targetOf(module), options.optimize, textOf(*manifest), *blobDigest);
  if (options.version == 0)
    options.blobDigest = *blobDigest;
  bool hasOwnBlob = options.version == 0 || *blobDigest != options.blobDigest;
  if (failed(addProgramSymbol(module, *translated, textOf(*manifest), hasOwnBlob ? std::string(blobPath) : "", blobBytes, functions, options)))
    return EmitStatus::InternalError;
  if (options.kind == EmitKind::Object)
    return writeObjects(module, std::move(translated), targetOf(module), outputs, options);
  if (options.optimize != 0)
    optimizeModule(*translated, *machine);
  std::string text;
  llvm::raw_string_ostream(text) << *translated;
  return writeFile(module, text, outputs.front());
}

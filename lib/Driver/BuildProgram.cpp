// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads, lowers and writes a program.
#include "tally/Driver/BuildProgram.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/IR/BuiltinOps.h"
#include "tally/InitAll.h"
#include "tally/Pipelines/Pipelines.h"
#include "tally/Target/ProgramObject.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ToolOutputFile.h"
#include "llvm/TargetParser/Host.h"

using namespace mlir;
using namespace tally;

static Level levelOf(StringRef emit) {
  return llvm::StringSwitch<Level>(emit)
      .Case("graph", Level::Graph)
      .Case("training", Level::Training)
      .Case("tensor", Level::Tensor)
      .Case("kernels", Level::Kernels)
      .Case("buffer", Level::Buffer)
      .Default(Level::Llvm);
}

/// The archive that is built beside the running program.
static std::string defaultRuntime() {
  static int anchor;
  SmallString<128> path(llvm::sys::path::parent_path(llvm::sys::fs::getMainExecutable(nullptr, &anchor)));
  llvm::sys::path::append(path, "..", "lib", "libtally_rt.a");
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  return std::string(path);
}

/// The vector registers of the processor that code is generated for.
static void describeProcessor(StringRef march, CpuPipelineOptions &options) {
  bool wide = llvm::StringSwitch<bool>(march)
                  .Case("native", llvm::sys::getHostCPUFeatures().lookup("avx512f"))
                  .Cases({"x86-64-v4", "skylake-avx512", "icelake-server", "sapphirerapids", "znver4", "znver5"}, true)
                  .Default(false);
  options.vectorBits = wide ? 512 : 256;
  options.registers = wide ? 32 : 16;
}

static BuildStatus writeText(ModuleOp module, StringRef path) {
  std::string message;
  auto file = openOutputFile(path, &message);
  if (!file) {
    llvm::errs() << "error: " << message << "\n";
    return BuildStatus::BadInput;
  }
  OpPrintingFlags flags;
  flags.enableDebugInfo(/*enable=*/true, /*prettyForm=*/false);
  module->print(file->os(), flags);
  file->os() << "\n";
  file->keep();
  return BuildStatus::Fine;
}

BuildStatus tally::buildProgram(const BuildRequest &request) {
  if (request.target != "cpu" || request.emit == "ptx") {
    llvm::errs() << "error: --target " << request.target << ": not supported yet\n";
    return BuildStatus::No;
  }
  DialectRegistry registry;
  registerAllDialects(registry);
  MLIRContext context(registry);
  llvm::SourceMgr sources;
  SourceMgrDiagnosticHandler diagnostics(sources, &context);
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(request.model, sources, &context);
  if (!module)
    return BuildStatus::BadInput;

  Level level = levelOf(request.emit);
  CpuPipelineOptions options;
  options.optimize = request.optimize;
  describeProcessor(request.march, options);
  PassManager manager(&context);
  manager.enableVerifier(false);
  manager.enableCrashReproducerGeneration(request.output + ".reproducer.mlir");
  buildCpuPipeline(manager, options, level);
  if (failed(manager.run(*module)))
    return BuildStatus::InternalError;
  if (level != Level::Llvm)
    return writeText(*module, request.output);

  EmitOptions emit;
  emit.kind = llvm::StringSwitch<EmitKind>(request.emit)
                  .Case("llvm", EmitKind::Llvm)
                  .Case("obj", EmitKind::Object)
                  .Default(EmitKind::Executable);
  emit.optimize = request.optimize;
  emit.march = request.march;
  emit.runtime = request.runtime.empty() ? defaultRuntime() : request.runtime;
  return succeeded(emitProgram(*module, request.output, emit)) ? BuildStatus::Fine : BuildStatus::BadInput;
}

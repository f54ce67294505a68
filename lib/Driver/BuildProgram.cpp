// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads, lowers and writes a program.
#include "tally/Driver/BuildProgram.h"
#include "mlir/IR/BuiltinOps.h"
#include "tally/Cost/CostReport.h"
#include "tally/Driver/Session.h"
#include "tally/Pipelines/Pipelines.h"
#include "tally/Support/CountChange.h"
#include "tally/Support/InstalledFiles.h"
#include "tally/Support/OutputFile.h"
#include "tally/Target/Linker.h"
#include "tally/Target/ProgramObject.h"
#include "tally/Target/TargetMachine.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/SHA256.h"
#include "llvm/TargetParser/Triple.h"

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

/// What the progress calls the stage that ends at a level.
static StringRef stageOf(Level level) {
  switch (level) {
  case Level::Graph:
  case Level::Training:
    return "read";
  case Level::Tensor:
    return "tensor";
  case Level::Kernels:
  case Level::Planned:
    return "kernels";
  case Level::Bufferized:
  case Level::Buffer:
    return "buffer";
  case Level::Llvm:
    return "llvm";
  }
  llvm_unreachable("all levels are named");
}

static std::string defaultRuntime() { return installedFile("lib/libtally_rt.a"); }

/// What `--march` names; null after an error.
static TargetAttr findTarget(StringRef march, MLIRContext &context) {
  std::string error;
  TargetAttr target = describeTarget(&context, march, error);
  if (target)
    if (llvm::Triple triple(target.getTriple()); triple.isGPU() || !triple.isOSBinFormatELF()) {
      error = "no trainer can be made for '" + triple.str() + "': expects a processor whose programs are ELF files";
      target = {};
    }
  if (!target)
    llvm::errs() << "error: --march: " << error << "\n";
  return target;
}

static DriverStatus writeText(ModuleOp module, StringRef path) {
  OpPrintingFlags flags;
  flags.enableDebugInfo(/*enable=*/true, /*prettyForm=*/false);
  auto print = [&](llvm::raw_ostream &os) {
    module->print(os, flags);
    os << "\n";
  };
  return succeeded(writeOutput(path, print)) ? DriverStatus::Fine : DriverStatus::BadInput;
}

/// The word of the recipe, or what the model's type makes of it; empty in a program written by hand.
static StringRef precisionOf(train::ProgramOp program) {
  auto precision = program.getInfoAttr() ? program.getInfoAttr().getAs<StringAttr>("precision") : StringAttr();
  return precision ? precision.getValue() : StringRef();
}

/// The template of the imported file: slots go to the variables that `info` names, tensors that the recipe fixes are filled in.
static FailureOr<ExportTemplate> makeExport(train::ProgramOp program, const OnnxImport &onnx) {
  DictionaryAttr info = program.getInfoAttr();
  bool wide = precisionOf(program) == "f64";
  FailureOr<OnnxTemplate> source = buildOnnxTemplate(onnx, wide);
  auto variables = info.getAs<DictionaryAttr>("export_variables"), fixed = info.getAs<DictionaryAttr>("fixed_tensors");
  if (failed(source) || !variables || !fixed)
    return failure();
  ExportTemplate exported{std::move(source->bytes), {}};
  for (const OnnxTemplate::Slot &slot : source->slots) {
    if (auto variable = variables.getAs<StringAttr>(slot.weight)) {
      exported.tensors.push_back({variable.getValue().str(), slot.offset, slot.bytes});
    } else if (auto number = fixed.getAs<FloatAttr>(slot.weight)) {
      double value = number.getValueAsDouble();
      float narrow = static_cast<float>(value);
      StringRef bytes(wide ? reinterpret_cast<const char *>(&value) : reinterpret_cast<const char *>(&narrow), wide ? 8 : 4);
      for (uint64_t i = 0; i < slot.bytes; ++i)
        exported.content[slot.offset + i] = bytes[i % bytes.size()];
    } else {
      return program.emitError("the export has no variable for the tensor '") << slot.weight << "'";
    }
  }
  return exported;
}

/// What the manifest says besides: the operations, unless a program written by hand states them; not what only the export needs.
static LogicalResult completeInfo(train::ProgramOp program) {
  NamedAttrList info(program.getInfo().value_or(DictionaryAttr::get(program.getContext())));
  info.erase("export_variables");
  info.erase("fixed_tensors");
  if (!info.get("operations")) {
    FailureOr<CostReport> cost = makeCostReport(program);
    if (failed(cost))
      return failure();
    Builder builder(program.getContext());
    NamedAttribute total = builder.getNamedAttr("total", builder.getStringAttr(cost->operations().total().str()));
    info.set("operations", builder.getDictionaryAttr(total));
  }
  program.setInfoAttr(info.getDictionary(program.getContext()));
  return success();
}

/// Says so where rounded factors make nothing faster: without matrix registers each product is widened first.
static void warnOfEmulation(ModuleOp module, TargetAttr target, BuildProgress &progress) {
  for (auto program : module.getOps<train::ProgramOp>()) {
    if (precisionOf(program) != "bf16" || target.getMatrixRows())
      continue;
    progress.clear();
    llvm::errs() << "warning: precision bf16: the processor '" << target.getProcessor()
                 << "' has no matrix registers (AMX) for products of bf16: they are computed in f32, to the same results but for the order of "
                    "sums, and slower than with 'precision: f32'\n";
  }
}

/// What decides the bytes of a trainer: the program, the model's digest (weights are resources, not text), options, and the tool itself.
static std::string cacheKey(const BuildRequest &request, LoadedProgram &loaded, TargetAttr target) {
  llvm::SHA256 hash;
  auto add = [&](StringRef part) {
    hash.update(part);
    hash.update(StringRef("\0", 1));
  };
  add(TALLY_VERSION);
  add(loaded.onnx.sha256);
  add(std::to_string(request.optimize));
  // The tool itself and the runtime, by size and time.
  static int anchor;
  for (const std::string &path : {llvm::sys::fs::getMainExecutable(nullptr, &anchor), defaultRuntime()}) {
    llvm::sys::fs::file_status state;
    if (!llvm::sys::fs::status(path, state))
      add(std::to_string(state.getSize()) + "@" + std::to_string(state.getLastModificationTime().time_since_epoch().count()));
  }
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << target;
  loaded.module()->print(stream, OpPrintingFlags().elideLargeResourceString());
  add(text);
  return llvm::toHex(hash.final(), /*LowerCase=*/true);
}

/// Whether a trainer can be linked; asked before the work, not after it.
static bool canLink(const BuildRequest &request, BuildProgress &progress) {
  if (request.emit != "exe")
    return true;
  llvm::Expected<std::string> linker = findLinker();
  if (!linker) {
    progress.clear();
    llvm::errs() << "error: " << llvm::toString(linker.takeError()) << "\n";
  }
  return bool(linker);
}

/// Lowers a program of the training level and writes it.
static DriverStatus finish(const BuildRequest &request, LoadedProgram &loaded, TargetAttr target, StringRef output, BuildProgress &progress) {
  if (!canLink(request, progress))
    return DriverStatus::BadInput;
  ModuleOp module = loaded.module();
  module->setAttr(targetName, target);
  warnOfEmulation(module, target, progress);
  std::optional<ExportTemplate> exported;
  if (auto programs = module.getOps<train::ProgramOp>(); loaded.onnx.source && !programs.empty()) {
    FailureOr<ExportTemplate> made = makeExport(*programs.begin(), loaded.onnx);
    if (failed(made))
      return DriverStatus::InternalError;
    exported = std::move(*made);
  }
  for (auto program : module.getOps<train::ProgramOp>())
    if (failed(completeInfo(program)))
      return DriverStatus::No;
  Level level = levelOf(request.emit);
  LoweringOptions options;
  options.optimize = request.optimize;
  if (failed(lowerToCpu(module, options, level, request.verifyEach, [&](Level to) { progress.begin(stageOf(to)); })))
    return DriverStatus::InternalError;
  module->removeAttr(countChangesName); // for --verify of tally cost
  if (level != Level::Llvm) {
    progress.clear(); // an error has a line of its own
    return writeText(module, output);
  }

  EmitOptions emit;
  emit.kind = llvm::StringSwitch<EmitKind>(request.emit)
                  .Case("llvm", EmitKind::Llvm)
                  .Case("obj", EmitKind::Object)
                  .Default(EmitKind::Executable);
  emit.optimize = request.optimize;
  emit.runtime = request.runtime.empty() ? defaultRuntime() : request.runtime;
  emit.exported = exported ? &*exported : nullptr;
  progress.begin("code");
  switch (emitProgram(module, output, emit)) {
  case EmitStatus::Fine:
    return DriverStatus::Fine;
  case EmitStatus::NotWritable:
    return DriverStatus::BadInput;
  case EmitStatus::InternalError:
    return DriverStatus::InternalError;
  }
  llvm_unreachable("all statuses are handled");
}

/// Messages stand on lines of their own; other handlers print them.
static auto roomFor(BuildProgress &progress) {
  return [&progress](Diagnostic &) {
    progress.clear();
    return failure();
  };
}

/// Loads what is to be built, up to `level`, and hands it to `then`.
static DriverStatus loadAnd(const BuildRequest &request, Level level,
                            llvm::function_ref<DriverStatus(LoadedProgram &, TargetAttr, BuildProgress &)> then) {
  Session session;
  TargetAttr target = findTarget(request.march, session.context);
  if (!target)
    return DriverStatus::Usage;
  BuildProgress progress(request.progress);
  ScopedDiagnosticHandler room(&session.context, roomFor(progress));
  progress.begin(stageOf(Level::Training));
  LoadedProgram loaded = loadProgram(request.model, request.recipe, session.context, level);
  return loaded.status == DriverStatus::Fine ? then(loaded, target, progress) : loaded.status;
}

DriverStatus tally::buildProgram(const BuildRequest &request) {
  Level level = levelOf(request.emit);
  return loadAnd(request, level, [&](LoadedProgram &loaded, TargetAttr target, BuildProgress &progress) {
    progress.clear();
    DriverStatus status = level <= Level::Training ? writeText(loaded.module(), request.output)
                                                   : finish(request, loaded, target, request.output, progress);
    if (status == DriverStatus::Fine)
      progress.finish();
    return status;
  });
}

DriverStatus tally::buildCached(const BuildRequest &request, const std::string &folder, std::string &trainer) {
  return loadAnd(request, Level::Training, [&](LoadedProgram &loaded, TargetAttr target, BuildProgress &progress) {
    trainer = folder + "/" + cacheKey(request, loaded, target);
    if (llvm::sys::fs::exists(trainer))
      return DriverStatus::Fine;
    // Under another name first: a build that is cut short must not be found later.
    std::string unfinished = trainer + "." + std::to_string(llvm::sys::Process::getProcessId());
    if (DriverStatus status = finish(request, loaded, target, unfinished, progress); status != DriverStatus::Fine)
      return status;
    if (std::error_code code = llvm::sys::fs::rename(unfinished, trainer)) {
      llvm::errs() << "error: cannot write " << trainer << ": " << code.message() << "\n";
      return DriverStatus::BadInput;
    }
    progress.finish();
    return DriverStatus::Fine;
  });
}

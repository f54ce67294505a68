// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads, lowers and writes a program.
#include "tally/Driver/BuildProgram.h"
#include "mlir/IR/BuiltinOps.h"
#include "tally/Cost/CostReport.h"
#include "tally/Driver/ExpectedCounts.h"
#include "tally/Driver/Session.h"
#include "tally/Import/TrainingInfo.h"
#include "tally/Pipelines/Pipelines.h"
#include "tally/Support/CountChange.h"
#include "tally/Support/InstalledFiles.h"
#include "tally/Support/OutputFile.h"
#include "tally/Target/Linker.h"
#include "tally/Target/ProgramObject.h"
#include "tally/Target/TargetMachine.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
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

/// `--march portable`: matrix registers, AVX-512, AVX2 with FMA, SSE 4.2.
static constexpr StringLiteral portableProcessors = "sapphirerapids,x86-64-v4,x86-64-v3,x86-64-v2";

static std::string defaultRuntime() { return installedFile("lib/libtally_rt.a"); }

/// One processor that `--march` names; null after an error.
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

/// What `--march` names, the most capable first, or the target that is given; empty after an error.
static SmallVector<TargetAttr> findTargets(const BuildRequest &request, MLIRContext &context) {
  if (!request.target.empty()) {
    std::string error;
    if (TargetAttr target = parseTarget(&context, request.target, error))
      return {target};
    llvm::errs() << "error: " << request.target << ": " << error << "\n";
    return {};
  }
  SmallVector<StringRef> names;
  (request.march == "portable" ? StringRef(portableProcessors) : StringRef(request.march)).split(names, ',');
  if (names.size() > 1 && request.emit != "exe") {
    llvm::errs() << "error: --emit " << request.emit << " expects one processor, got --march " << request.march << "\n";
    return {};
  }
  SmallVector<TargetAttr> targets;
  for (StringRef name : names) {
    TargetAttr target = findTarget(name, context);
    if (!target)
      return {};
    targets.push_back(target);
  }
  return targets;
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

/// Says so where rounded factors make nothing faster: without products of bf16 all is computed in f32.
static void warnOfEmulation(ModuleOp module, ArrayRef<TargetAttr> targets, BuildProgress &progress) {
  TargetAttr target = targets.front(); // what the other ones lack is why there are several
  for (auto program : module.getOps<train::ProgramOp>()) {
    if (precisionOf(program) != "bf16" || target.multipliesBf16())
      continue;
    progress.clear();
    llvm::errs() << "warning: precision bf16: the processor '" << target.getProcessor()
                 << "' multiplies no bf16 (as AMX and AVX512-BF16 do): products are computed in f32, to the same results but for the order of sums, "
                    "and no faster than with 'precision: f32'\n";
  }
}

/// What decides the bytes of a trainer: the program, the model's digest (weights are resources, not text), options, and the tool itself.
static std::string cacheKey(const BuildRequest &request, LoadedProgram &loaded, ArrayRef<TargetAttr> targets) {
  llvm::SHA256 hash;
  auto add = [&](StringRef part) {
    hash.update(part);
    hash.update(StringRef("\0", 1));
  };
  add(TALLY_VERSION);
  add(loaded.onnx.sha256);
  add(std::to_string(request.optimize));
  add(std::to_string(request.instrument));
  // The tool itself and the runtime, by size and time.
  static int anchor;
  for (const std::string &path : {llvm::sys::fs::getMainExecutable(nullptr, &anchor), defaultRuntime()}) {
    llvm::sys::fs::file_status state;
    if (!llvm::sys::fs::status(path, state))
      add(std::to_string(state.getSize()) + "@" + std::to_string(state.getLastModificationTime().time_since_epoch().count()));
  }
  std::string text;
  llvm::raw_string_ostream stream(text);
  for (TargetAttr target : targets)
    stream << target;
  loaded.module()->print(stream, OpPrintingFlags().elideLargeResourceString());
  add(text);
  return llvm::toHex(hash.final(), /*LowerCase=*/true);
}

/// Whether a trainer can be linked; asked before the work, not after it.
static bool canLink(BuildProgress &progress) {
  llvm::Expected<std::string> linker = findLinker();
  if (!linker) {
    progress.clear();
    llvm::errs() << "error: " << llvm::toString(linker.takeError()) << "\n";
  }
  return bool(linker);
}

static DriverStatus statusOf(EmitStatus status) {
  switch (status) {
  case EmitStatus::Fine:
    return DriverStatus::Fine;
  case EmitStatus::NotWritable:
    return DriverStatus::BadInput;
  case EmitStatus::InternalError:
    return DriverStatus::InternalError;
  }
  llvm_unreachable("all statuses are handled");
}

/// Lowers a program of the training level for one target and writes it: text of a level, or what `emit` says.
static DriverStatus lowerAndWrite(const BuildRequest &request, ModuleOp module, TargetAttr target, ArrayRef<std::string> outputs, EmitOptions &emit,
                                  BuildProgress &progress) {
  module->setAttr(targetName, target);
  Level level = levelOf(request.emit);
  LoweringOptions options;
  options.optimize = request.optimize;
  options.instrument = request.instrument;
  if (request.instrument && failed(expectCounts(module, request.optimize)))
    return DriverStatus::InternalError;
  if (failed(lowerToCpu(module, options, level, request.verifyEach, [&](Level to) { progress.begin(stageOf(to)); })))
    return DriverStatus::InternalError;
  module->removeAttr(countChangesName); // for --verify of tally cost
  if (level != Level::Llvm) {
    progress.clear(); // an error has a line of its own
    return writeText(module, outputs.front());
  }
  progress.begin("code");
  return statusOf(emitProgram(module, outputs, emit));
}

/// Into how many objects the code for a target is divided: enough for the cores of usual machines; the number is in the bits of a trainer.
static constexpr unsigned objectParts = 8;

/// The objects of each target, and the trainer of them.
static DriverStatus makeTrainer(const BuildRequest &request, ModuleOp module, ArrayRef<TargetAttr> targets, StringRef output, EmitOptions &emit,
                                BuildProgress &progress) {
  if (!canLink(progress))
    return DriverStatus::BadInput;
  std::vector<std::string> objects;
  llvm::scope_exit cleanup([&] {
    for (const std::string &object : objects)
      llvm::sys::fs::remove(object);
  });
  emit.versions = targets.size();
  for (auto [number, target] : llvm::enumerate(targets)) {
    emit.version = number;
    for (unsigned part = 0; part < objectParts; ++part)
      objects.push_back(output.str() + "." + std::to_string(number) + "." + std::to_string(part) + ".o.tmp");
    OwningOpRef<ModuleOp> copy(module.clone());
    if (DriverStatus status = lowerAndWrite(request, *copy, target, ArrayRef(objects).take_back(objectParts), emit, progress); status != DriverStatus::Fine)
      return status;
  }
  if (llvm::Error error = linkTrainer(objects, request.runtime.empty() ? defaultRuntime() : request.runtime, output)) {
    module.emitError(llvm::toString(std::move(error)));
    return DriverStatus::BadInput;
  }
  return DriverStatus::Fine;
}

/// Makes what `--emit` asks for of a program of the training level.
static DriverStatus finish(const BuildRequest &request, LoadedProgram &loaded, ArrayRef<TargetAttr> targets, StringRef output,
                           BuildProgress &progress) {
  ModuleOp module = loaded.module();
  warnOfEmulation(module, targets, progress);
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
  EmitOptions emit;
  emit.kind = request.emit == "llvm" ? EmitKind::Llvm : EmitKind::Object;
  emit.optimize = request.optimize;
  emit.exported = exported ? &*exported : nullptr;
  return request.emit == "exe" ? makeTrainer(request, module, targets, output, emit, progress)
                               : lowerAndWrite(request, module, targets.front(), output.str(), emit, progress);
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
                            llvm::function_ref<DriverStatus(LoadedProgram &, ArrayRef<TargetAttr>, BuildProgress &)> then) {
  Session session;
  SmallVector<TargetAttr> targets = findTargets(request, session.context);
  if (targets.empty())
    return DriverStatus::Usage;
  BuildProgress progress(request.progress);
  ScopedDiagnosticHandler room(&session.context, roomFor(progress));
  progress.begin(stageOf(Level::Training));
  LoadedProgram loaded = loadProgram(request.model, request.recipe, session.context, level);
  return loaded.status == DriverStatus::Fine ? then(loaded, targets, progress) : loaded.status;
}

/// `--emit onnx`: the model with one step as its training_info. What a trainer cannot be made of is refused as for one.
static DriverStatus writeStep(const BuildRequest &request) {
  Session session;
  FailureOr<std::string> step = failure();
  LoadedProgram loaded = loadProgram(request.model, request.recipe, session.context, Level::Training,
                                     [&](const OnnxImport &onnx, const ResolvedRecipe &resolved) {
                                       if (onnx.source)
                                         step = writeTrainingInfo(onnx, resolved);
                                     });
  if (loaded.status != DriverStatus::Fine)
    return loaded.status;
  if (!loaded.onnx.source) {
    llvm::errs() << "error: " << request.model << ": is a module of MLIR: --emit onnx adds a step to an ONNX model, give it the one that the module was made from\n";
    return DriverStatus::Usage;
  }
  if (failed(step))
    return DriverStatus::No;
  bool isWritten = succeeded(writeOutput(request.output, [&](llvm::raw_ostream &os) { os << *step; }));
  return isWritten ? DriverStatus::Fine : DriverStatus::BadInput;
}

DriverStatus tally::buildProgram(const BuildRequest &request) {
  if (request.emit == "onnx")
    return writeStep(request);
  Level level = levelOf(request.emit);
  return loadAnd(request, level, [&](LoadedProgram &loaded, ArrayRef<TargetAttr> targets, BuildProgress &progress) {
    progress.clear();
    DriverStatus status = level <= Level::Training ? writeText(loaded.module(), request.output)
                                                   : finish(request, loaded, targets, request.output, progress);
    if (status == DriverStatus::Fine)
      progress.finish();
    return status;
  });
}

DriverStatus tally::buildCached(const BuildRequest &request, const std::string &folder, std::string &trainer) {
  return loadAnd(request, Level::Training, [&](LoadedProgram &loaded, ArrayRef<TargetAttr> targets, BuildProgress &progress) {
    trainer = folder + "/" + cacheKey(request, loaded, targets);
    if (llvm::sys::fs::exists(trainer))
      return DriverStatus::Fine;
    // Under another name first: a build that is cut short must not be found later.
    std::string unfinished = trainer + "." + std::to_string(llvm::sys::Process::getProcessId());
    if (DriverStatus status = finish(request, loaded, targets, unfinished, progress); status != DriverStatus::Fine)
      return status;
    if (std::error_code code = llvm::sys::fs::rename(unfinished, trainer)) {
      llvm::errs() << "error: cannot write " << trainer << ": " << code.message() << "\n";
      return DriverStatus::BadInput;
    }
    progress.finish();
    return DriverStatus::Fine;
  });
}

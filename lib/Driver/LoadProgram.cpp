// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports a model, attaches its recipe, differentiates.
#include "tally/Driver/LoadProgram.h"
#include "dialects/Train/Train.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "tally/Recipe/Recipe.h"
#include "tally/Recipe/TrainingGraph.h"
#include "tally/Recipe/Zoo.h"
#include "tally/Transforms/AttachRecipe.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SHA256.h"

using namespace mlir;
using namespace tally;

static bool isOnnx(StringRef model) { return !model.ends_with(".mlir") && !model.ends_with(".mlirbc"); }

/// Import, or parsing of a module.
static LoadedProgram readModel(StringRef model, MLIRContext &context) {
  LoadedProgram program;
  if (!isOnnx(model)) {
    program.onnx.module = parseSourceFile<ModuleOp>(model, &context);
    if (auto file = llvm::MemoryBuffer::getFile(model))
      program.onnx.sha256 = llvm::toHex(
          llvm::SHA256::hash(ArrayRef(reinterpret_cast<const uint8_t *>((*file)->getBufferStart()), (*file)->getBufferSize())), true);
    if (program.onnx.module)
      program.status = DriverStatus::Fine;
    return program;
  }
  program.onnx = importOnnx(model, {}, &context);
  if (program.onnx.status == OnnxImportStatus::Unsupported)
    program.status = DriverStatus::No;
  else if (program.onnx.status == OnnxImportStatus::Fine && program.onnx.module)
    program.status = DriverStatus::Fine;
  return program;
}

/// Adds the digest of the model to what the manifest is made from.
static void noteModel(ModuleOp module, StringRef sha256) {
  Builder builder(module.getContext());
  for (auto program : module.getOps<train::ProgramOp>()) {
    NamedAttrList info(program.getInfoAttr());
    info.set("model_sha256", builder.getStringAttr(sha256));
    program.setInfoAttr(info.getDictionary(module.getContext()));
  }
}

LoadedProgram tally::loadProgram(StringRef model, StringRef recipe, MLIRContext &context, Level until) {
  context.loadDialect<nn::NnDialect, train::TrainDialect>(); // recipes are attached without a pass that would load them
  // A model in ONNX has names of nodes instead of lines.
  std::optional<ScopedDiagnosticHandler> handler;
  if (isOnnx(model))
    handler.emplace(&context, [&](Diagnostic &diagnostic) { printOnnxDiagnostic(llvm::errs(), model, diagnostic); });
  LoadedProgram program = readModel(model, context);
  if (program.status != DriverStatus::Fine || until == Level::Graph)
    return program;
  ModuleOp module = program.module();
  if (module.getOps<train::ProgramOp>().empty()) {
    if (recipe.empty()) {
      llvm::errs() << "error: " << model << ": a model needs --recipe to become a training run\n";
      program.status = DriverStatus::Usage;
      return program;
    }
    if (failed(findTrainingGraph(module))) {
      program.status = DriverStatus::No;
      return program;
    }
    bool unsupported = false;
    FailureOr<Recipe> read = readRecipeFile(locateRecipe(recipe), &context, &unsupported);
    if (failed(read) || failed(attachRecipe(module, *read))) {
      program.status = unsupported ? DriverStatus::No : DriverStatus::BadInput;
      return program;
    }
    noteModel(module, program.onnx.sha256);
  }
  if (auto programs = module.getOps<train::ProgramOp>(); !llvm::hasSingleElement(programs)) {
    (*std::next(programs.begin())).emitOpError("is the second of its module: a trainer runs one");
    program.status = DriverStatus::BadInput;
    return program;
  }
  PassManager manager(&context);
  buildTrainingPipeline(manager);
  if (failed(manager.run(module)))
    program.status = DriverStatus::No;
  return program;
}

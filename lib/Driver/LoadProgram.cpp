// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports a model, attaches its recipe, differentiates.
#include "tally/Driver/LoadProgram.h"
#include "dialects/Train/Train.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "tally/Recipe/Recipe.h"
#include "tally/Recipe/TrainingGraph.h"
#include "tally/Recipe/Zoo.h"
#include "tally/Support/Digest.h"
#include "tally/Transforms/AttachRecipe.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace tally;

static bool isOnnx(StringRef model) { return !model.ends_with(".mlir") && !model.ends_with(".mlirbc"); }

/// The levels beyond those of graph and training, from the highest to the lowest.
static constexpr llvm::StringLiteral loweredLevels[] = {"", "tensor", "kernels", "buffer", "llvm"};

/// Which of them an op tells of; 0 where it may stand at the levels before.
static size_t findLoweredLevel(Operation *op) {
  return llvm::StringSwitch<size_t>(op->getName().getDialectNamespace())
      .Case("llvm", 4)
      .Case("memref", 3)
      .Cases({"linalg", "tensor", "scf", "bufferization"}, 1)
      .Default(isa<func::CallOp>(op) ? 2 : 0);
}

/// Says so where a module is not of a level that training begins with.
static LogicalResult checkLevel(StringRef model, ModuleOp module) {
  size_t lowest = 0;
  module.walk([&](Operation *op) { lowest = std::max(lowest, findLoweredLevel(op)); });
  StringRef level = loweredLevels[lowest];
  auto main = module.lookupSymbol<func::FuncOp>("main");
  bool isStart = (main && !main.isExternal()) || !module.getOps<train::ProgramOp>().empty();
  if (level.empty() && isStart)
    return success();
  std::string found = level.empty() ? "holds neither the graph of a model (func.func @main) nor a program (train.program)"
                                    : "is a module of the " + level.str() + " level";
  llvm::errs() << "error: " << model << ": " << found << ", expected an ONNX model, or a module of the level graph or training "
               << "('tally build MODEL --recipe R --emit training -o FILE.mlir' writes one)\n";
  return failure();
}

static OnnxImportOptions importOptions(const Recipe &recipe) {
  OnnxImportOptions options;
  options.restoreNorms = recipe.batchNorm.restore;
  for (const GroupSpec &group : recipe.groups)
    if (group.match && group.trainable.value_or(false) && group.kind.value_or("other") == "other")
      options.trainable.push_back(*group.match);
  return options;
}

LoadedProgram tally::readModel(StringRef model, const Recipe *recipe, MLIRContext &context, int64_t imageSize) {
  context.loadDialect<nn::NnDialect, train::TrainDialect>(); // recipes are attached without a pass that would load them
  LoadedProgram program;
  if (!isOnnx(model)) {
    program.onnx.module = parseSourceFile<ModuleOp>(model, &context);
    if (auto digest = digestFile(model))
      program.onnx.sha256 = *digest;
    else
      llvm::consumeError(digest.takeError()); // the parser has said so
    if (program.onnx.module && succeeded(checkLevel(model, program.module())))
      program.status = DriverStatus::Fine;
    return program;
  }
  OnnxImportOptions options = recipe ? importOptions(*recipe) : OnnxImportOptions();
  options.imageSize = imageSize;
  program.onnx = importOnnx(model, options, &context);
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

DriverStatus tally::differentiate(ModuleOp module) {
  if (auto programs = module.getOps<train::ProgramOp>(); !llvm::hasSingleElement(programs)) {
    (*std::next(programs.begin())).emitOpError("is the second of its module: a trainer runs one");
    return DriverStatus::BadInput;
  }
  PassManager manager(module.getContext());
  buildTrainingPipeline(manager);
  return succeeded(manager.run(module)) ? DriverStatus::Fine : DriverStatus::No;
}

DriverStatus tally::makeTraining(ModuleOp module, const Recipe &recipe, llvm::function_ref<void(const ResolvedRecipe &)> hear) {
  return succeeded(attachRecipe(module, recipe, hear)) ? differentiate(module) : DriverStatus::BadInput;
}

/// Takes the size of the images out of the changes; 0 where it is not among them, nothing after an error.
static std::optional<int64_t> takeImageSize(StringRef model, std::vector<RecipeChange> &changes) {
  int64_t size = 0;
  for (const RecipeChange &change : changes)
    if (change.key == imageSizeKey && (!isOnnx(model) || StringRef(change.value).getAsInteger(10, size) || size < 1 || size > 4096)) {
      llvm::errs() << "error: " << imageSizeKey << ": expects a whole number from 1 to 4096, and an ONNX model, got " << change.value << " and " << model << '\n';
      return std::nullopt;
    }
  llvm::erase_if(changes, [](const RecipeChange &change) { return change.key == imageSizeKey; });
  return size;
}

LoadedProgram tally::loadProgram(StringRef model, StringRef recipe, MLIRContext &context, Level until,
                                 llvm::function_ref<void(const OnnxImport &, const ResolvedRecipe &)> hear,
                                 ArrayRef<RecipeChange> allChanges) {
  std::vector<RecipeChange> changes(allChanges);
  std::optional<int64_t> imageSize = takeImageSize(model, changes);
  if (!imageSize)
    return {DriverStatus::Usage, {}};
  // A model in ONNX has names of nodes instead of lines.
  std::optional<ScopedDiagnosticHandler> handler;
  if (isOnnx(model))
    handler.emplace(&context, [&](Diagnostic &diagnostic) { printOnnxDiagnostic(llvm::errs(), model, diagnostic); });
  FailureOr<Recipe> read = failure();
  bool unsupported = false;
  if (!recipe.empty())
    read = readRecipeFile(locateRecipe(recipe), &context, &unsupported, changes);
  if (succeeded(read) && *imageSize)
    read->data.shape = {read->data.shape.empty() ? 3 : read->data.shape.front(), *imageSize, *imageSize};
  LoadedProgram program = readModel(model, succeeded(read) ? &*read : nullptr, context, *imageSize);
  if (program.status == DriverStatus::Fine && !recipe.empty() && failed(read))
    program.status = unsupported ? DriverStatus::No : DriverStatus::BadInput;
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
    program.status = makeTraining(module, *read, [&](const ResolvedRecipe &resolved) {
      if (hear)
        hear(program.onnx, resolved);
    });
    noteModel(module, program.onnx.sha256);
    return program;
  }
  program.status = differentiate(module);
  return program;
}

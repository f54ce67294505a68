// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tally check: lists everything in a model and a recipe that is wrong or not supported, at once.
#include "Command.h"
#include "dialects/Train/Train.h"
#include "tally/Cost/CostReport.h"
#include "tally/Driver/LoadProgram.h"
#include "tally/Driver/Session.h"
#include "tally/Recipe/GraphSummary.h"
#include "tally/Recipe/Zoo.h"
#include "llvm/Support/raw_ostream.h"
#include <memory>

using namespace mlir;
using namespace tally;

namespace {
struct CheckOptions {
  std::string model, recipe;
  bool resolved = false;
};
} // namespace

/// What stands for a recipe where none is given: any data that the model takes.
static FailureOr<Recipe> makeRecipe(func::FuncOp graph) {
  ArrayRef<int64_t> image = cast<RankedTensorType>(graph.getArgumentTypes()[0]).getShape().drop_front();
  TrainingSignature signature = signatureOf(graph);
  int64_t classes = signature.logits ? cast<RankedTensorType>(graph.getResultTypes()[*signature.logits]).getDimSize(1) : 10;
  std::string text = llvm::formatv("loss: {2}\noptimizer: {{name: sgd, lr: 0.1, momentum: 0.9}\nsteps: 1\nbatch_size: 128\n"
                                   "data: {{shape: [{0:$[, ]}], classes: {1}, train_images: 128, test_images: 128}\n",
                                   llvm::make_range(image.begin(), image.end()), classes, signature.loss ? "model" : "cross_entropy");
  return readRecipe(text, "default.yaml", graph.getContext());
}

/// Brings a program to the training level and counts it: what cost, build and train refuse is refused.
static DriverStatus checkModel(const CheckOptions &options, ModuleOp module, FailureOr<Recipe> recipe, std::string &answer) {
  llvm::raw_string_ostream os(answer);
  DriverStatus status;
  if (module.getOps<train::ProgramOp>().empty()) {
    FailureOr<func::FuncOp> graph = findTrainingGraph(module);
    if (failed(graph) || (!options.recipe.empty() && failed(recipe)))
      return DriverStatus::No;
    printGraphSummary(*graph, os);
    if (options.recipe.empty())
      recipe = makeRecipe(*graph);
    if (failed(recipe))
      return DriverStatus::No;
    status = makeTraining(module, *recipe, [&](const ResolvedRecipe &resolved) {
      if (options.resolved)
        answer = printResolvedRecipe(resolved);
    });
  } else {
    status = differentiate(module);
  }
  if (status == DriverStatus::Fine && failed(makeCostReport(*module.getOps<train::ProgramOp>().begin())))
    return DriverStatus::No;
  return status;
}

static Status check(const CheckOptions &options) {
  Session session;
  ScopedDiagnosticHandler handler(&session.context,
                                  [&](Diagnostic &diagnostic) { printOnnxDiagnostic(llvm::errs(), options.model, diagnostic); });
  // The recipe is read even when the model is refused, so that all problems are listed at once.
  FailureOr<Recipe> recipe = failure();
  bool unsupported = false;
  if (!options.recipe.empty())
    recipe = readRecipeFile(locateRecipe(options.recipe), &session.context, &unsupported);
  LoadedProgram program = readModel(options.model, succeeded(recipe) ? &*recipe : nullptr, session.context);
  bool wrongRecipe = !options.recipe.empty() && failed(recipe) && !unsupported;
  if (program.status == DriverStatus::BadInput || wrongRecipe)
    return Status::BadInput;
  if (program.status != DriverStatus::Fine)
    return static_cast<Status>(program.status);
  std::string answer;
  DriverStatus status = checkModel(options, program.module(), recipe, answer);
  if (status != DriverStatus::Fine)
    return static_cast<Status>(status);
  if (!options.resolved)
    llvm::outs() << options.model << ": everything is supported\n";
  llvm::outs() << answer;
  return Status::Fine;
}

void tally::addCheckCommand(CLI::App &app, int &status) {
  CLI::App *command = app.add_subcommand("check", "list everything unsupported in a model and a recipe");
  auto options = std::make_shared<CheckOptions>();
  command->add_option("MODEL", options->model, "the model (ONNX), or a module of the levels graph or training (.mlir, .mlirbc)")->required();
  auto *recipe = command->add_option("--recipe", options->recipe, "the recipe: a file, or a name of the zoo (default: a short one that fits the model)");
  command->add_flag("--resolved", options->resolved, "print the recipe with every default filled in")->needs(recipe);
  command->callback([=, &status] { status = static_cast<int>(check(*options)); });
}

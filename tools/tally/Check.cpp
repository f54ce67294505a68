// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tally check: lists everything in a model and a recipe that is wrong or not supported, at once.
#include "Command.h"
#include "mlir/IR/MLIRContext.h"
#include "tally/Import/OnnxImporter.h"
#include "tally/Recipe/GraphSummary.h"
#include "tally/Recipe/Resolve.h"
#include "tally/Recipe/Zoo.h"
#include "llvm/Support/raw_ostream.h"
#include <memory>

using namespace tally;

namespace {
struct CheckOptions {
  std::string model, recipe;
  bool resolved = false;
};
} // namespace

static Status check(const CheckOptions &options) {
  mlir::MLIRContext context;
  mlir::ScopedDiagnosticHandler handler(
      &context, [&](mlir::Diagnostic &diagnostic) { printOnnxDiagnostic(llvm::errs(), options.model, diagnostic); });
  OnnxImport import = importOnnx(options.model, {}, &context);
  // The recipe is read even when the model is refused, so that all problems are listed at once.
  mlir::FailureOr<Recipe> recipe = mlir::failure();
  bool unsupported = false;
  if (!options.recipe.empty())
    recipe = readRecipeFile(locateRecipe(options.recipe), &context, &unsupported);
  if (import.status == OnnxImportStatus::Wrong)
    return Status::BadInput;
  if (!options.recipe.empty() && mlir::failed(recipe) && !unsupported)
    return Status::BadInput;
  mlir::FailureOr<mlir::func::FuncOp> graph = mlir::failure();
  if (import.module)
    graph = findTrainingGraph(*import.module);
  if (mlir::failed(graph) || unsupported)
    return Status::No;
  if (!options.recipe.empty()) {
    mlir::FailureOr<ResolvedRecipe> resolved = resolveRecipe(*import.module, *recipe);
    if (mlir::failed(resolved))
      return Status::BadInput;
    if (options.resolved) {
      llvm::outs() << printResolvedRecipe(*resolved);
      return Status::Fine;
    }
  }
  llvm::outs() << options.model << ": everything is supported\n";
  printGraphSummary(*graph, llvm::outs());
  return Status::Fine;
}

void tally::addCheckCommand(CLI::App &app, int &status) {
  CLI::App *command = app.add_subcommand("check", "list everything unsupported in a model and a recipe");
  auto options = std::make_shared<CheckOptions>();
  command->add_option("MODEL", options->model, "the ONNX file")->required();
  auto *recipe = command->add_option("--recipe", options->recipe, "the recipe: a file, or a name of the zoo");
  command->add_flag("--resolved", options->resolved, "print the recipe with every default filled in")->needs(recipe);
  command->callback([=, &status] { status = static_cast<int>(check(*options)); });
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --attach-recipe: from an imported graph and a recipe to the request for a training run.
#include "tally/Transforms/AttachRecipe.h"
#include "ProgramBuilder.h"
#include "tally/Transforms/Passes.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_ATTACHRECIPE
#define GEN_PASS_DEF_PRINTRESOLVEDRECIPE
#include "tally/Transforms/Passes.h.inc"
} // namespace tally

LogicalResult tally::attachRecipe(ModuleOp module, const Recipe &recipe,
                                  llvm::function_ref<void(const ResolvedRecipe &)> hear) {
  applyPrecision(module, recipe.precision);
  FailureOr<func::FuncOp> graph = findTrainingGraph(module);
  if (failed(graph))
    return failure();
  FailureOr<ResolvedRecipe> resolved = resolveRecipe(module, recipe);
  if (failed(resolved))
    return failure();
  if (hear)
    hear(*resolved);
  ProgramBuilder program(*graph, *resolved);
  declareVariables(program);
  if (failed(buildInitialize(program)))
    return failure();
  buildEpochStart(program);
  if (failed(buildSteps(program)))
    return failure();
  buildAveraging(program);
  if (failed(buildEvaluation(program)))
    return failure();
  program.program.setInfoAttr(makeInfo(program));
  graph->erase();
  return success();
}

namespace {
struct AttachRecipe : tally::impl::AttachRecipeBase<AttachRecipe> {
  using AttachRecipeBase::AttachRecipeBase;
  void runOnOperation() override {
    FailureOr<Recipe> read = readRecipeFile(recipe, &getContext());
    if (failed(read) || failed(attachRecipe(getOperation(), *read)))
      signalPassFailure();
  }
};

struct PrintResolvedRecipe : tally::impl::PrintResolvedRecipeBase<PrintResolvedRecipe> {
  using PrintResolvedRecipeBase::PrintResolvedRecipeBase;
  void runOnOperation() override {
    FailureOr<Recipe> read = readRecipeFile(recipe, &getContext());
    if (failed(read))
      return signalPassFailure();
    FailureOr<ResolvedRecipe> resolved = resolveRecipe(getOperation(), *read);
    if (failed(resolved))
      return signalPassFailure();
    llvm::outs() << printResolvedRecipe(*resolved);
    markAllAnalysesPreserved();
  }
};
} // namespace

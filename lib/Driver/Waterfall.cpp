// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What made a training run cheaper: the run derived again without it.
#include "tally/Driver/DeriveCost.h"
#include "tally/Driver/Session.h"
#include "tally/Recipe/TrainingGraph.h"
#include "tally/Recipe/Zoo.h"

using namespace mlir;
using namespace tally;

/// Trains every tensor from the first step to the last; whether that is a change.
static bool trainEverything(Recipe &recipe) {
  bool changes = !recipe.freeze.empty() || !recipe.train.empty();
  recipe.freeze.clear();
  recipe.train.clear();
  for (GroupSpec &group : recipe.groups) {
    changes |= group.trainable == false || group.freezeAt || group.freezeStatistics;
    if (group.trainable == false)
      group.trainable.reset();
    group.freezeAt.reset();
    group.freezeStatistics.reset();
  }
  return changes;
}

/// Computes every convolution directly; whether that is a change.
static bool convolveDirectly(Recipe &recipe) { return std::exchange(recipe.convolution, Convolution::Direct) != Convolution::Direct; }

namespace {
/// The operations of training of a run, before and after dead and repeated work was dropped.
struct Totals {
  Count asWritten, operations;
};
} // namespace

/// The run with a changed recipe; none where nothing changed, or where it is refused, as the run without the change was not.
static std::optional<Totals> deriveAgain(const CostRequest &request, const CostProfile &profile, llvm::function_ref<bool(Recipe &)> change) {
  Session session;
  ScopedDiagnosticHandler silent(&session.context, [](Diagnostic &) { return success(); });
  FailureOr<Recipe> recipe = readRecipeFile(locateRecipe(request.recipe), &session.context, nullptr, request.changes);
  if (failed(recipe) || !change(*recipe))
    return std::nullopt;
  LoadedProgram loaded = readModel(request.model, &*recipe, session.context);
  if (loaded.status != DriverStatus::Fine || failed(findTrainingGraph(loaded.module())) || makeTraining(loaded.module(), *recipe) != DriverStatus::Fine)
    return std::nullopt;
  FailureOr<CostReport> report = makeCostReport(*loaded.module().getOps<train::ProgramOp>().begin(), profile);
  if (failed(report))
    return std::nullopt;
  return Totals{report->asWritten, report->operations().total()};
}

std::vector<WaterfallStage> tally::deriveWaterfall(const CostRequest &request, const CostProfile &profile, const CostReport &report) {
  std::optional<Totals> unfrozen, direct;
  if (!request.recipe.empty()) {
    unfrozen = deriveAgain(request, profile, [](Recipe &recipe) {
      convolveDirectly(recipe);
      return trainEverything(recipe);
    });
    direct = deriveAgain(request, profile, convolveDirectly);
  }
  Totals last{report.asWritten, report.operations().total()};
  Totals first = unfrozen ? *unfrozen : direct ? *direct : last;
  std::vector<WaterfallStage> stages{{"as written", first.asWritten}};
  auto add = [&](StringRef name, const Count &operations) {
    if (operations != stages.back().operations)
      stages.push_back({name.str(), operations});
  };
  add("dead and repeated work dropped", first.operations);
  if (unfrozen)
    add("frozen parts", (direct ? *direct : last).operations);
  if (direct)
    add("fast convolution", last.operations);
  return stages;
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A recipe applied to a model: every default filled in, and what each tensor of the model is to do.
#ifndef TALLY_RECIPE_RESOLVE_H
#define TALLY_RECIPE_RESOLVE_H

#include "dialects/Nn/Nn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "tally/Recipe/Recipe.h"
#include "tally/Recipe/TrainingGraph.h"

namespace tally {

/// One weight of the model under the recipe.
struct ResolvedTensor {
  explicit ResolvedTensor(nn::WeightOp weight) : weight(weight), init(weight.getLoc()) {}
  mutable nn::WeightOp weight; ///< a handle: op accessors are not const
  std::string name, kind;
  bool statistic = false;   ///< a running mean or variance: a state, no parameter
  /// Steps before this one change the tensor: 0 = never trained, all steps = never frozen.
  int64_t freezeStep = 0;
  OptimizerSpec optimizer;  ///< with the group's keys; lr still without lrScale
  Decimal lrScale{1};
  ScheduleSpec schedule;
  InitSpec init;
  std::optional<size_t> group; ///< the first group that matches
  /// A norm scale fixed at 1 or norm bias fixed at 0: no parameter, and absent from the graph.
  std::optional<double> fixedValue;

  llvm::ArrayRef<int64_t> shape() const { return mlir::cast<mlir::RankedTensorType>(weight.getType()).getShape(); }
  double learningRate() const { return optimizer.lr.toDouble() * lrScale.toDouble(); }
};

struct ResolvedRecipe {
  explicit ResolvedRecipe(const Recipe &recipe) : recipe(recipe) {}
  Recipe recipe; ///< with the data set's defaults filled in
  int64_t images = 0;         ///< that are trained on (without the validation images)
  int64_t stepsPerEpoch = 0;
  int64_t totalSteps = 0;
  int64_t lastBatch = 0;      ///< samples of an epoch's last step
  int64_t classes = 0;
  TrainingSignature signature; ///< of the model
  llvm::SmallVector<int64_t> image; ///< [channels, height, width]
  std::vector<ResolvedTensor> tensors;
  int64_t averagingFrom = 0;  ///< finished steps after which averaging starts
};

/// Applies a recipe to the imported model; refuses what does not fit together, with the recipe's line.
mlir::FailureOr<ResolvedRecipe> resolveRecipe(mlir::ModuleOp module, const Recipe &recipe);

/// The recipe as YAML with every default filled in, then one comment row per tensor of the model.
std::string printResolvedRecipe(const ResolvedRecipe &resolved);

/// The number of inputs that each output of a layer sums over; of a bias, that of its layer's weight. 0 where it has none.
int64_t fanIn(nn::WeightOp weight);

/// Factors of the learning rate for steps 0..total-1.
std::vector<double> scheduleFactors(const ScheduleSpec &schedule, int64_t total, int64_t stepsPerEpoch);

} // namespace tally

#endif

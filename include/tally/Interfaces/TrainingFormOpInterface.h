// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What an op writes its training form through.
#ifndef TALLY_INTERFACES_TRAININGFORMOPINTERFACE_H
#define TALLY_INTERFACES_TRAININGFORMOPINTERFACE_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"
#include <optional>

namespace tally {

/// Recipe keys that change an op's training form; unset means: as the model's attributes say.
struct TrainingFormOptions {
  std::optional<double> batchNormKeep;    ///< weight of the old running statistic, 0..1
  std::optional<double> batchNormEpsilon;
  bool sampleVariance = false;            ///< the running variance is n/(n-1) times the batch's
};

/// Handed to TrainingFormOpInterface::buildTrainingForm; implemented by lib/Transforms (attach-recipe).
class TrainingFormBuilder {
public:
  TrainingFormBuilder(mlir::OpBuilder &builder, mlir::Location loc, const TrainingFormOptions &options)
      : builder(builder), loc(loc), options(options) {}
  virtual ~TrainingFormBuilder() = default;

  /// Uses `value` (of the same type) wherever `result` was used.
  virtual void replace(mlir::Value result, mlir::Value value) = 0;
  /// True when the running statistic behind this operand is still being updated (not frozen by the recipe).
  virtual bool updatesStatistic(mlir::Value operand) const = 0;
  /// Makes `value` the new content of the running statistic that this operand reads.
  virtual void updateStatistic(mlir::Value operand, mlir::Value value) = 0;
  /// Random numbers of the samples of this batch, a new use for each call: tensor of `type` (dimension 0 = batch),
  /// uniform in [0, 1).
  virtual mlir::Value uniform(mlir::RankedTensorType type) = 0;

  template <typename OpTy, typename... Args>
  OpTy create(Args &&...args) {
    return OpTy::create(builder, loc, std::forward<Args>(args)...);
  }

  mlir::OpBuilder &builder;
  mlir::Location loc;
  const TrainingFormOptions &options;
};

} // namespace tally

#include "tally/Interfaces/TrainingFormOpInterface.h.inc"

#endif

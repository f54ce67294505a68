// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What training asks of a graph that import, the forward count and compilation as a function do not.
#ifndef TALLY_RECIPE_TRAININGGRAPH_H
#define TALLY_RECIPE_TRAININGGRAPH_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "tally/Recipe/Recipe.h"

namespace tally {

/// What the inputs and outputs of a graph that can be trained are, by number; images are input 0.
struct TrainingSignature {
  std::optional<unsigned> labels; ///< an input: classes [N] of an integer type, or targets [N, classes] of a float type
  std::optional<unsigned> logits; ///< an output: [N, classes]
  std::optional<unsigned> loss;   ///< an output: one number, [] or [1]
};
TrainingSignature signatureOf(mlir::func::FuncOp graph);

/// The graph of an imported model, @main, if it can be trained: an input of images, an output of logits, any batch size; or an output of
/// the loss, with or without the logits, and then perhaps an input of labels. All that is wrong is said.
mlir::FailureOr<mlir::func::FuncOp> findTrainingGraph(mlir::ModuleOp module);

/// Warns of a softmax or sigmoid before a loss that takes one itself.
void warnOfLastActivation(mlir::func::FuncOp graph, LossSpec::Kind loss);

} // namespace tally

#endif

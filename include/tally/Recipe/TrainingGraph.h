// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What training asks of a graph that import, the forward count and compilation as a function do not.
#ifndef TALLY_RECIPE_TRAININGGRAPH_H
#define TALLY_RECIPE_TRAININGGRAPH_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace tally {

/// The graph of an imported model, @main, if it can be trained: one input of images, one output of logits, any batch size. All
/// that is wrong is said.
mlir::FailureOr<mlir::func::FuncOp> findTrainingGraph(mlir::ModuleOp module);

/// Warns of a softmax or sigmoid before the cross entropy, which takes one itself.
void warnOfLastActivation(mlir::func::FuncOp graph);

} // namespace tally

#endif

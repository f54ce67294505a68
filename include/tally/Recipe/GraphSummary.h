// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What was understood of an imported network: input, classes, parameters, normalizations, constants.
#ifndef TALLY_RECIPE_GRAPHSUMMARY_H
#define TALLY_RECIPE_GRAPHSUMMARY_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/raw_ostream.h"

namespace tally {

/// Prints a line for each of them; of each float constant that meets activations its value, its place and why it is no parameter; of
/// Dropout and of the running variance what may differ from the network in PyTorch.
void printGraphSummary(mlir::func::FuncOp graph, llvm::raw_ostream &os);

} // namespace tally

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From an imported graph and a recipe to the request for a training run.
#ifndef TALLY_TRANSFORMS_ATTACHRECIPE_H
#define TALLY_TRANSFORMS_ATTACHRECIPE_H

#include "tally/Recipe/Resolve.h"

namespace tally {

/// Replaces func.func @main of `module` (L1) by a train.program (L2): variables, bodies, segments, info. `hear` is told what the recipe
/// means for the model while the graph is there.
llvm::LogicalResult attachRecipe(mlir::ModuleOp module, const Recipe &recipe,
                                 llvm::function_ref<void(const ResolvedRecipe &)> hear = {});

/// Turns every float tensor of the module, weights and constants included, to the recipe's precision; with BF16 to f32, and rounds the
/// factors of convolutions and matrix products.
void applyPrecision(mlir::ModuleOp module, Precision precision);

} // namespace tally

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Folds elementwise ops by their scalar bodies (private to this folder).
#ifndef TALLY_LIB_TRANSFORMS_SCALARFOLD_H
#define TALLY_LIB_TRANSFORMS_SCALARFOLD_H

#include "mlir/IR/Operation.h"

namespace tally {

/// What an elementwise op is when its constant operands are put into its scalar body: one of its operands, or a constant of
/// up to 1 KB; null when it is neither.
mlir::OpFoldResult foldScalarBody(mlir::Operation *op);

} // namespace tally

#endif

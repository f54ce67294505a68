// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Accumulators of linalg ops that start at their neutral element (private to this folder).
#ifndef TALLY_LIB_COST_ACCUMULATOR_H
#define TALLY_LIB_COST_ACCUMULATOR_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "tally/Support/OpCount.h"

namespace tally {

/// The scalar ops that do nothing the first time they meet an element of `init`: the sum, product, maximum or minimum (or the
/// compare and select of one that keeps positions) of an accumulator that starts from a fill of its neutral element. Empty otherwise.
llvm::SmallVector<mlir::Operation *> findFirstOps(mlir::linalg::LinalgOp op, mlir::OpOperand &init);

/// The number of distinct elements of the result that belongs to `init` that the loops touch, within the slice that is cut
/// out of it where that is its only use.
llvm::FailureOr<Count> countTouched(mlir::linalg::LinalgOp op, mlir::OpOperand &init);

} // namespace tally

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Scalar formulas of elementwise ops, and what follows from them.
#ifndef TALLY_INTERFACES_SCALARBODYOPINTERFACE_H
#define TALLY_INTERFACES_SCALARBODYOPINTERFACE_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"
#include "tally/Interfaces/CostOpInterface.h"

namespace tally {

/// The cost of a straight line of scalar operations, executed so many times.
llvm::SmallVector<CostTerm> costOfScalars(mlir::Block &scalars, Count times);

/// The cost of an op with ScalarBodyOpInterface: each operation of its body once per element of the result.
llvm::SmallVector<CostTerm> costOfScalarBody(mlir::Operation *op);

} // namespace tally

#include "tally/Interfaces/ScalarBodyOpInterface.h.inc"

#endif

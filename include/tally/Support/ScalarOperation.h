// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which scalar ops count, and as what.
#ifndef TALLY_SUPPORT_SCALAROPERATION_H
#define TALLY_SUPPORT_SCALAROPERATION_H

#include "mlir/IR/Operation.h"
#include "tally/Support/OpCount.h"

namespace tally {

/// A scalar op as the counting rules see it.
struct ScalarOperation {
  OperationKind kind;
  mlir::Type type; ///< element type: of the result, for a compare of its operands
};

/// What a scalar (or vector) op counts as; nothing for an op that costs nothing: constants, terminators, arithmetic on
/// values of type index, a select on positions alone. Asks only about arith, math and nn.philox ops; for others see
/// isUncountable.
std::optional<ScalarOperation> classifyScalarOperation(mlir::Operation *op);

/// True for an op inside a body about which the counting rules say nothing: an error for whoever counts.
bool isUncountable(mlir::Operation *op);

} // namespace tally

#endif

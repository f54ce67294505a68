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

/// What a scalar op (on vectors and tensors: each element) counts as; nothing for an op that costs nothing: constants, terminators,
/// moves, arithmetic on positions. Positions are values of type index, truth values of comparing them, and what is computed from
/// those alone. Fails for an op that the counting rules do not know: an error for whoever counts.
llvm::FailureOr<std::optional<ScalarOperation>> classifyScalarOperation(mlir::Operation *op);

} // namespace tally

#endif

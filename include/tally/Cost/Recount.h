// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The comparison of the two static counts.
#ifndef TALLY_COST_RECOUNT_H
#define TALLY_COST_RECOUNT_H

#include "mlir/IR/BuiltinOps.h"
#include "tally/Cost/BodyCount.h"

namespace tally {

/// Lowers a clone to the tensor level and compares both counts of each body, by kind and by element type; errors name both
/// numbers and the layers where they differ. Returns the number of bodies compared.
llvm::FailureOr<unsigned> verifyRecount(mlir::ModuleOp module);

} // namespace tally

#endif

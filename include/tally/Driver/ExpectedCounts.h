// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the trainer of an instrumented build has to execute.
#ifndef TALLY_DRIVER_EXPECTEDCOUNTS_H
#define TALLY_DRIVER_EXPECTEDCOUNTS_H

#include "mlir/IR/BuiltinOps.h"

namespace tally {

/// Leaves on the program of a module of the training level (`tally.expected`) what one execution of each body executes at
/// -O<optimize>: operations, by the facts of its ops, surplus and avoided, as the passes declare them; by phase, at -O0 by layer, too.
llvm::LogicalResult expectCounts(mlir::ModuleOp module, unsigned optimize);

} // namespace tally

#endif

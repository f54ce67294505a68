// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is known of a trainer before it is compiled: its memory, and what it will execute.
#ifndef TALLY_DRIVER_MEMORYUSE_H
#define TALLY_DRIVER_MEMORYUSE_H

#include "mlir/IR/BuiltinOps.h"
#include "tally/Cost/CostReport.h"

namespace tally {

/// The memory of the trainer that `--target cpu -O3` makes from a module of the training level: a copy is lowered to its memory plan.
mlir::FailureOr<MemoryReport> measureMemory(mlir::ModuleOp module);

/// Lowers a copy to the buffer level as `-O<optimize>` does and counts between all passes. What the passes declared; an error where one
/// changes what is executed without declaring it.
mlir::FailureOr<std::vector<CountChange>> verifyExecution(mlir::ModuleOp module, unsigned optimize);

} // namespace tally

#endif

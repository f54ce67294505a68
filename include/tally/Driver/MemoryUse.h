// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How much memory a trainer will use.
#ifndef TALLY_DRIVER_MEMORYUSE_H
#define TALLY_DRIVER_MEMORYUSE_H

#include "mlir/IR/BuiltinOps.h"
#include "tally/Cost/CostReport.h"

namespace tally {

/// The memory of the trainer that `--target cpu -O3` makes from a module of the training level: a copy is lowered to its memory plan.
mlir::FailureOr<MemoryReport> measureMemory(mlir::ModuleOp module);

} // namespace tally

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The parts of a kernel that can run at the same time, from memory effects (private to this folder).
#ifndef TALLY_VECTORIZE_KERNELSTAGES_H
#define TALLY_VECTORIZE_KERNELSTAGES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace tally {

inline constexpr llvm::StringLiteral noParallelLoop = "no loop is worth threads";

/// Ops that run one after the other: one scf.parallel, or everything between two of them.
using Run = llvm::SmallVector<mlir::Operation *>;
/// Runs of which none writes what another one reads or writes.
using Stage = llvm::SmallVector<Run>;

/// The ops of a kernel that have effects, cut where one needs what an earlier one wrote. What only computes values, or loads what no
/// op of the kernel writes, belongs to none.
struct KernelStages {
  llvm::SmallVector<Stage> list;
  /// Why the stages cannot be functions of their own; empty where they can.
  llvm::StringRef reason;
  explicit KernelStages(mlir::func::FuncOp kernel);
};

} // namespace tally

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The one counter from the tensor level to the buffer level.
#ifndef TALLY_COST_LOOPCOUNTER_H
#define TALLY_COST_LOOPCOUNTER_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "llvm/ADT/DenseSet.h"
#include "tally/Cost/BodyCount.h"

namespace tally {

/// Counts what loops execute: linalg, scf, vector (each lane), scalar ops, calls; trips are constants. Each scalar op is charged to its
/// own location. In the body of a program and in a plain function, a sum that starts from its neutral element is one operation less
/// for each element (the counting rules); in a kernel everything counts that is executed.
class LoopCounter {
public:
  /// `executed`: as in a kernel, everywhere.
  explicit LoopCounter(bool executed = false) : executed(executed) {}

  /// Adds `times` executions of `op`, with its regions and the functions that it calls.
  llvm::LogicalResult add(mlir::Operation *op, Count times, LocatedCount &count);

private:
  llvm::LogicalResult addBlock(mlir::Block &block, Count times, LocatedCount &count);
  llvm::LogicalResult addLinalg(mlir::linalg::LinalgOp op, Count times, LocatedCount &count);
  llvm::LogicalResult addCall(mlir::func::CallOp call, Count times, LocatedCount &count);

  bool executed;
  mlir::SymbolTableCollection symbols;
  llvm::DenseMap<mlir::Operation *, LocatedCount> functions; ///< one execution of each, once asked for
  llvm::DenseSet<mlir::Operation *> open;                    ///< functions that are being counted
};

/// The iterations of a loop; nothing where its bounds are not constant.
std::optional<Count> tripsOf(mlir::LoopLikeOpInterface loop);

/// An op that is executed beside what the rules count: the first one on each of `touched` elements of a sum.
struct FirstOp {
  mlir::Operation *op;
  Count touched;
};

/// The ops of a structured op whose accumulators start from their neutral element; none of a sum that starts from a value.
llvm::FailureOr<llvm::SmallVector<FirstOp>> findFirstOps(mlir::linalg::LinalgOp op);

} // namespace tally

#endif

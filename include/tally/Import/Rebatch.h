// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rebuilds an L1 graph for inputs of another shape (batch size, image size).
#ifndef TALLY_IMPORT_REBATCH_H
#define TALLY_IMPORT_REBATCH_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/OwningOpRef.h"

namespace tally {

/// Clones one op with the operands that `mapping` gives and with result types inferred from them
/// (InferTypeOpInterface; an op without it keeps its types, as weights do). Maps the results. Fails with a located error
/// where the new shapes do not fit.
llvm::FailureOr<mlir::Operation *> cloneReinferred(mlir::Operation *op, mlir::OpBuilder &builder, mlir::IRMapping &mapping);

/// Clones the body of an L1 function at the insertion point of `builder`: the same network at the batch size of the value
/// that `mapping` gives for the argument (which it must hold). Ops whose results are all mapped already are left out: so a
/// caller replaces weights, or ops that it built in another form. Returns the values that the function returns (the logits).
llvm::FailureOr<llvm::SmallVector<mlir::Value>> cloneReinferred(mlir::func::FuncOp graph, mlir::OpBuilder &builder,
                                                                mlir::IRMapping &mapping);

/// The batch size of an L1 function: dimension 0 of its first input that has one; other inputs with a dimension 0 of this size have
/// the batch there, too. nullopt where no input has a dimension.
std::optional<int64_t> batchSizeOf(mlir::func::FuncOp graph);

/// A copy of the L1 module with @main rebuilt for another batch size.
llvm::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> rebatchModule(mlir::ModuleOp module, int64_t batch);

} // namespace tally

#endif

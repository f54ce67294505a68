// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Copies a scalar body onto vectors (private to this folder).
#ifndef TALLY_VECTORIZE_VECTORBODY_H
#define TALLY_VECTORIZE_VECTORBODY_H

#include "LoopNest.h"
#include "mlir/IR/Builders.h"

namespace tally {

/// `value` in each of `width` lanes (the value itself where width is 1).
mlir::Value broadcastTo(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value, int64_t width);

/// lhs and rhs (scalars or vectors) combined.
mlir::Value combine(mlir::OpBuilder &builder, mlir::Location loc, Combiner combiner, mlir::Value lhs, mlir::Value rhs);

/// The element that changes nothing when it is combined.
mlir::TypedAttr neutralElement(mlir::OpBuilder &builder, Combiner combiner, mlir::Type type);

/// All lanes of `vector` combined with `start`.
mlir::Value combineLanesOf(mlir::OpBuilder &builder, mlir::Location loc, Combiner combiner, mlir::Value vector,
                           mlir::Value start);

struct VectorBody {
  mlir::linalg::GenericOp op;
  bool contract;

  /// The yielded values for `arguments` (vectors of `width` lanes, scalars where it is 1); `count(loop)` gives the
  /// value of linalg.index.
  llvm::SmallVector<mlir::Value> copy(mlir::OpBuilder &builder, llvm::ArrayRef<mlir::Value> arguments, int64_t width,
                                      llvm::function_ref<mlir::Value(int64_t)> count) const;
};

} // namespace tally

#endif

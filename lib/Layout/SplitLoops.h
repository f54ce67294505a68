// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The loops of a generic op after some have been split into blocks (private to this folder).
#ifndef TALLY_LAYOUT_SPLITLOOPS_H
#define TALLY_LAYOUT_SPLITLOOPS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace tally {

/// Steps of a block for a loop (or dimension) of `size`: `wanted` (two vectors) where it divides, all where they are few, one vector
/// where that divides.
int64_t blockOf(int64_t size, int64_t wanted);

/// `option` where it is given, else two vectors of f32 of the target.
int64_t wantedBlock(mlir::Operation *op, int64_t option);

struct SplitLoops {
  /// Each of `split` becomes an outer loop in its place and an inner one behind all others: reduced ones first, so that the vector is
  /// innermost.
  SplitLoops(mlir::linalg::GenericOp op, llvm::ArrayRef<unsigned> split, int64_t wanted);

  /// `loop` becomes an outer loop in its place and an inner one of `block` steps, which divides it, behind all others.
  void split(unsigned loop, int64_t block);

  /// The same elements by the new loops.
  mlir::AffineMap apply(mlir::AffineMap map) const;
  mlir::AffineExpr innerOf(unsigned loop) const { return mlir::getAffineDimExpr(inner.lookup(loop).first, context); }

  mlir::MLIRContext *context;
  llvm::SmallVector<int64_t> ranges;
  llvm::SmallVector<mlir::utils::IteratorType> iterators;
  llvm::SmallDenseMap<unsigned, std::pair<unsigned, int64_t>> inner; ///< split loop to (its inner loop, block)
};

} // namespace tally

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loads, stores and counters at a place inside of the loops of a schedule (private to this folder).
#ifndef TALLY_VECTORIZE_LOOPACCESS_H
#define TALLY_VECTORIZE_LOOPACCESS_H

#include "Schedule.h"
#include "mlir/IR/Builders.h"
#include "tally/Support/OpCount.h"

namespace tally {

using Values = llvm::SmallVector<mlir::Value>;

/// A part of the vector loop: `width` lanes at a distance from the current counter.
struct Piece {
  int64_t distance, width;
};

/// The pieces of these widths side by side.
llvm::SmallVector<Piece> piecesOf(llvm::ArrayRef<int64_t> widths);

class LoopAccess {
public:
  LoopAccess(mlir::OpBuilder &builder, const LoopNest &nest, const Schedule &schedule);

  /// A loop from zero whose counter adds `value * step` to the count of `loop`; it carries `carried` through `inside`.
  Values emitFor(int loop, int64_t count, int64_t step, Values carried, llvm::function_ref<Values(Values)> inside);

  /// Rows of the current tile: all combinations of steps of the unrolled loops.
  int64_t rows() const;

  /// Input or output number `position` (inputs first) at a point of the tile.
  mlir::Value load(int position, int64_t row, Piece piece);
  void store(int output, int64_t row, Piece piece, mlir::Value value);
  /// The count of a loop of the op: what linalg.index means.
  mlir::Value countOf(int loop, int64_t row, Piece piece);
  /// Input or output number `position` as a memref of rank 1, and the place in it of a point of the tile.
  mlir::Value flatOf(int position) const { return flat[position]; }
  mlir::Value indexOf(int position, int64_t row, int64_t distance);
  /// Loads are shared until memory or counters may have changed.
  void forgetLoads() { loaded.clear(); }

  mlir::OpBuilder &builder;
  mlir::Location loc;
  const LoopNest &nest;
  const Schedule &schedule;

  /// A counter of the loops around the insertion point.
  struct Counter {
    int loop;
    mlir::Value value;
    int64_t step;
  };
  llvm::SmallVector<Counter> counters;
  llvm::SmallVector<int64_t> base;    ///< constant part of each loop's count
  llvm::SmallVector<int64_t> extents; ///< steps of each unrolled loop in the current tile
  Count executions = 1;               ///< how often the insertion point is passed

private:
  int64_t vectorStride(const Access &access) const;
  int64_t stepsInRow(int loop, int64_t row) const;
  int64_t constantOf(const Access &access, int64_t row, int64_t distance) const;
  mlir::Value variablePartOf(int position);
  mlir::Value flatten(const Access &access);
  mlir::Value loadVector(int position, int64_t row, Piece piece);
  mlir::Value loadElement(int position, int64_t row, int64_t distance);

  llvm::SmallVector<Access> accesses; ///< inputs, then outputs
  Values flat;                        ///< the same as memrefs of rank 1
  llvm::SmallVector<bool> pastCaches; ///< of each output: whether its stores go to memory without reading lines first
  llvm::DenseMap<std::pair<int, std::pair<int64_t, int64_t>>, mlir::Value> loaded;
  llvm::DenseMap<std::pair<mlir::Block *, int>, mlir::Value> variableParts; ///< of the addresses in a block, which all its points share
};

} // namespace tally

#endif

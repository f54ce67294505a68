// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes the loops of a schedule (private to this folder).
#ifndef TALLY_VECTORIZE_LOOPEMITTER_H
#define TALLY_VECTORIZE_LOOPEMITTER_H

#include "Schedule.h"
#include "VectorBody.h"
#include "mlir/IR/Builders.h"

namespace tally {

class LoopEmitter {
public:
  /// `start[o]`: the constant that output o holds before the op, where that is known (else null). Whoever passes one
  /// need not write it to memory if `usesStart(o)`.
  LoopEmitter(mlir::OpBuilder &builder, const LoopNest &nest, const Schedule &schedule, const Machine &machine,
              mlir::ArrayRef<mlir::Value> start, bool contract);

  /// True where the accumulator of output o never passes through memory.
  static bool usesStart(const LoopNest &nest, const Schedule &schedule, int output);

  void emit();

private:
  using Body = llvm::function_ref<void()>;
  using Values = llvm::SmallVector<mlir::Value>;

  /// A counter of the loops around the insertion point: it adds `value * step` to the count of `loop`.
  struct Counter {
    int loop;
    mlir::Value value;
    int64_t step;
  };
  /// A tile: rows x pieces of the vector loop, as distances from the current counters.
  struct Piece {
    int64_t distance, width;
  };

  void emitParallel(llvm::ArrayRef<std::pair<int, Segment>> levels, Body body);
  void emitLoop(int loop, int64_t start, int64_t count, int64_t step, Body body);
  void emitTiles(llvm::ArrayRef<int> outer, llvm::ArrayRef<Segment> vectors, llvm::ArrayRef<Segment> rows);
  void emitOuter(llvm::ArrayRef<int> outer, Body body);
  void emitTile(int64_t rows, llvm::ArrayRef<int64_t> widths);
  Values emitReduction(size_t level, Values accumulators, int64_t rows, llvm::ArrayRef<Piece> pieces);
  Values emitLanes(Values accumulators, int64_t rows);
  Values emitStep(Values accumulators, int64_t rows, llvm::ArrayRef<Piece> pieces, llvm::ArrayRef<int> slots, int slotCount);
  void combineLanes(llvm::ArrayRef<mlir::Value> accumulators, int64_t rows);

  bool accumulates(int output) const;
  mlir::Value startOf(int output, int64_t row, Piece piece);
  int64_t constantOf(const Access &access, int64_t row, int64_t distance) const;
  mlir::Value indexOf(const Access &access, int64_t row, int64_t distance);
  mlir::Value load(int position, int64_t row, Piece piece);
  void store(int output, int64_t row, Piece piece, mlir::Value value);
  mlir::Value countOf(int loop, int64_t row, Piece piece);
  int64_t vectorStride(const Access &access) const;
  int64_t rowStride(const Access &access) const;
  mlir::Value flatten(const Access &access);

  mlir::OpBuilder &builder;
  mlir::Location loc;
  const LoopNest &nest;
  const Schedule &schedule;
  const Machine &machine;
  llvm::SmallVector<mlir::Value> start;
  VectorBody body;
  llvm::SmallVector<Access> accesses; ///< inputs, then outputs
  Values flat;                        ///< the same as memrefs of rank 1
  llvm::SmallVector<Counter> counters;
  llvm::SmallVector<int64_t> base; ///< constant part of each loop's count
  llvm::SmallVector<Segment> laneSegments;
  llvm::SmallVector<llvm::SmallVector<int>> laneSlots;
  llvm::SmallVector<int64_t> slotWidths;
  /// Loads and sums of counters that one step shares.
  llvm::DenseMap<std::pair<int, std::pair<int64_t, int64_t>>, mlir::Value> loaded;
};

} // namespace tally

#endif

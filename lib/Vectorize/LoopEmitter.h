// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes the loops of a schedule (private to this folder).
#ifndef TALLY_VECTORIZE_LOOPEMITTER_H
#define TALLY_VECTORIZE_LOOPEMITTER_H

#include "Tile.h"

namespace tally {

class LoopEmitter {
public:
  /// `pieces`: how many iterations a parallel loop should have.
  LoopEmitter(LoopAccess &access, Tile &tile, int64_t pieces)
      : access(access), builder(access.builder), loc(access.loc), nest(access.nest), schedule(access.schedule), tile(tile),
        pieces(pieces) {}

  void emit();

private:
  using Body = llvm::function_ref<void()>;
  /// A loop, and what part of it one iteration of the parallel loop runs through.
  using Level = std::pair<int, Segment>;
  using Segments = llvm::ArrayRef<Segment>;

  void splitTiles(llvm::ArrayRef<int> outer, llvm::SmallVector<Level> &levels, llvm::SmallVector<Segments> &split);
  void emitParallel(llvm::ArrayRef<Level> levels, Body body);
  void emitLoop(int loop, int64_t start, int64_t count, int64_t step, Body body);
  void emitBlocks(llvm::ArrayRef<BlockedLoop> blocks, Body body);
  void emitOuter(llvm::ArrayRef<int> outer, Body body);
  void emitTiles(llvm::ArrayRef<int> outer, llvm::ArrayRef<Segments> tiles);
  void emitUnrolled(size_t number, llvm::ArrayRef<Segments> tiles, bool sharesVector, Body body);
  void emitTile(llvm::ArrayRef<int64_t> widths);
  Values emitReduction(size_t level, Values registers, llvm::ArrayRef<Piece> pieces);

  LoopAccess &access;
  mlir::OpBuilder &builder;
  mlir::Location loc;
  const LoopNest &nest;
  const Schedule &schedule;
  Tile &tile;
  int64_t pieces;
};

} // namespace tally

#endif

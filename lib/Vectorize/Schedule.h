// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which loop of a nest is the vector, which ones the register tile, and in which order they run (private to this folder).
#ifndef TALLY_VECTORIZE_SCHEDULE_H
#define TALLY_VECTORIZE_SCHEDULE_H

#include "LoopNest.h"
#include "dialects/Tally/Tally.h"

namespace tally {

/// `count` tiles of equal form, the first at `start`, each `step` long.
struct Segment {
  int64_t start = 0, count = 1, step = 1;
  llvm::SmallVector<int64_t> pieces; ///< vector widths that a tile consists of; empty for a tile of single steps
};

/// A parallel loop that the register tile unrolls.
struct UnrolledLoop {
  int loop;
  llvm::SmallVector<Segment> segments;
};

/// A reduced loop that is cut into blocks outside of the tiles; the sums of a block are added through memory.
struct BlockedLoop {
  int loop;
  int64_t steps;
};

/// The loops of a tile of matrix registers, beside the vector loop, whose steps are its columns.
struct MatrixLoops {
  int row, depth, pair;
  int64_t rows;  ///< of a register
  int64_t pairs; ///< steps of `depth` that one instruction takes; those of `pair` are the two products of each
};

struct Schedule {
  int vectorLoop = -1;          ///< -1: scalar code
  bool vectorIsReduced = false; ///< the lanes are partial results, combined after the loops
  int64_t lanes = 1;
  llvm::SmallVector<Segment> vectorSegments;
  llvm::SmallVector<UnrolledLoop> unrolled; ///< the other loops of the register tile
  llvm::SmallVector<int> outerLoops;        ///< outside of the tiles: parallel ones first
  llvm::SmallVector<int> reducedLoops;      ///< inside of a tile
  llvm::SmallVector<BlockedLoop> blocks;    ///< some of the reduced loops, outermost first
  std::optional<MatrixLoops> matrix;
  bool worthThreads = false;
};

/// Whether the lanes of a vector can be steps of the loop.
bool canVectorize(const LoopNest &nest, int loop);

/// `size` in tiles of at most `steps`, as equal as can be: no tile is a small rest.
llvm::SmallVector<Segment> balanced(int64_t size, int64_t steps);

/// The vector loop in tiles of at most `vectors` vectors; what is left over becomes narrower vectors.
llvm::SmallVector<Segment> vectorTiles(int64_t size, int64_t lanes, int64_t vectors);

/// What is neither vector nor tile: parallel loops, then those that meet elements again, outside of the tiles; reduced ones inside.
void orderLoops(const LoopNest &nest, Schedule &schedule);

/// Puts the parallel loops outside of a register tile into the order that moves least between the second cache and what is behind it.
void orderForCache(const LoopNest &nest, TargetAttr target, Schedule &schedule);

bool isWorthThreads(const LoopNest &nest);

/// The schedule for matrix registers, where there is one, else the cheapest of vectors.
Schedule chooseSchedule(LoopNest &nest, TargetAttr target);

/// The cheapest schedule by a small model of loads and arithmetic per register tile; of pairs, where the target sums two products in a lane.
Schedule chooseVectorSchedule(LoopNest &nest, TargetAttr target);

} // namespace tally

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which loop of a nest is the vector, which one the register tile, and in which order they run (private to this folder).
#ifndef TALLY_VECTORIZE_SCHEDULE_H
#define TALLY_VECTORIZE_SCHEDULE_H

#include "LoopNest.h"

namespace tally {

/// What the schedule needs to know about the machine, and the limits it keeps.
struct Machine {
  int64_t vectorBits, registers, parallelTarget, cacheBytes;
};

/// `count` tiles of equal form, the first at `start`, each `step` long.
struct Segment {
  int64_t start = 0, count = 1, step = 1;
  llvm::SmallVector<int64_t> pieces; ///< vector widths that a tile consists of; empty for a tile of single steps
};

struct Schedule {
  int vectorLoop = -1;          ///< -1: scalar code
  bool vectorIsReduced = false; ///< the lanes are partial results, combined after the loops
  int64_t lanes = 1;
  llvm::SmallVector<Segment> vectorSegments;
  int rowLoop = -1; ///< the other loop of the register tile, -1: none
  llvm::SmallVector<Segment> rowSegments;
  llvm::SmallVector<int> outerLoops;   ///< outside of the tiles: parallel ones first
  llvm::SmallVector<int> reducedLoops; ///< inside of a tile
  int blockedLoop = -1;                ///< a reduced loop that is cut into blocks outside of the tiles
  int64_t block = 0;
  bool worthThreads = false;
};

/// The cheapest schedule by a small model of loads and arithmetic per register tile.
Schedule chooseSchedule(const LoopNest &nest, const Machine &machine);

} // namespace tally

#endif

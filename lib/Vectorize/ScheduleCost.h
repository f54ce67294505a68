// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a register tile costs (private to this folder).
#ifndef TALLY_VECTORIZE_SCHEDULECOST_H
#define TALLY_VECTORIZE_SCHEDULECOST_H

#include "Schedule.h"

namespace tally {

/// Bits of one element; a position has 64.
int64_t bitsOf(mlir::Type elementType);

/// The inputs that the body uses.
llvm::SmallVector<Access> readInputs(const LoopNest &nest);

/// True where the vector and the loop step through one operand together.
bool sharesVector(const LoopNest &nest, const Schedule &schedule, int loop);

/// Bytes that `access` meets in `loops`; loops of one stride slide over the same elements, as the positions and taps of a window do.
double footprintOf(const LoopNest &nest, const Access &access, llvm::ArrayRef<int> loops);

/// Bytes that cross the second cache when the parallel loops outside of the tiles run in the order `outer`.
double trafficOf(const LoopNest &nest, llvm::ArrayRef<int> outer, TargetAttr target);

/// Cycles of one step of the reduction in all tiles, for each step of the loops outside of them.
double costOfTiles(const LoopNest &nest, const Schedule &schedule, TargetAttr target);

} // namespace tally

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Tiles of matrix registers (private to this folder).
#ifndef TALLY_VECTORIZE_MATRIXSCHEDULE_H
#define TALLY_VECTORIZE_MATRIXSCHEDULE_H

#include "Schedule.h"

namespace tally {

/// The factors of c += a * b of pairs: a has the rows, b the columns.
struct MatrixFactors {
  int a, b; ///< inputs of the nest
};

/// The factors by the columns' loop; nothing where the body is no sum in f32 of products of bf16.
std::optional<MatrixFactors> findMatrixFactors(const LoopNest &nest, int column);

/// The schedule for matrix registers, where the target has them and --pack-contractions has put the operands into their order. Where no
/// number of rows fits, two registers may overlap and compute some rows twice, unless the sums go on from memory.
std::optional<Schedule> chooseMatrixSchedule(const LoopNest &nest, TargetAttr target, bool mayOverlap = true);

} // namespace tally

#endif

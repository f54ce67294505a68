// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the innermost loops of a schedule compute (private to this folder).
#ifndef TALLY_VECTORIZE_TILE_H
#define TALLY_VECTORIZE_TILE_H

#include "LoopAccess.h"
#include <memory>

namespace tally {

/// A part of the results that stays in registers over a reduction. The loops around it know nothing of what the registers hold, nor
/// how many steps of the reduction an instruction takes: products of pairs or of matrices are another implementation.
class Tile {
public:
  virtual ~Tile() = default;
  /// What the registers hold before the reduction.
  virtual Values begin(llvm::ArrayRef<Piece> pieces) = 0;
  /// One step of the reduction, at the current counters.
  virtual Values step(Values registers, llvm::ArrayRef<Piece> pieces) = 0;
  /// Writes the results.
  virtual void end(Values registers, llvm::ArrayRef<Piece> pieces) = 0;
};

/// `start[o]`: the constant that output o holds before the op, where that is known (else null).
std::unique_ptr<Tile> createTile(LoopAccess &access, llvm::ArrayRef<mlir::Value> start, bool contract);

/// The same for a schedule of matrix registers; `startsAtZero`: the output holds zeros before the op.
std::unique_ptr<Tile> createMatrixTile(LoopAccess &access, bool startsAtZero);

/// True where output o stays in registers over all loops that it is reduced over, so that its start need not be in memory.
bool usesStart(const LoopNest &nest, const Schedule &schedule, int output);

} // namespace tally

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A topological order of a block whose ops are merged in pairs (private to this folder).
#ifndef TALLY_KERNELS_BLOCKORDER_H
#define TALLY_KERNELS_BLOCKORDER_H

#include "mlir/IR/Block.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/BitVector.h"

namespace tally {

/// Knows which ops of a block need which others. A question looks at the ops in between only, and `window` of them at most.
class BlockOrder {
public:
  BlockOrder(mlir::Block &block, unsigned window);

  bool isBefore(mlir::Operation *a, mlir::Operation *b) const { return placeOf(a) < placeOf(b); }

  /// Whether `later` needs `earlier`; with `direct` false, only through a third op. True where they are too far apart to tell.
  bool needs(mlir::Operation *later, mlir::Operation *earlier, bool direct) const;

  /// Op `merged` stands for two ops of which neither needs the other through a third.
  void merge(mlir::Operation *first, mlir::Operation *second, mlir::Operation *merged);

  /// Puts the ops of the block in this order.
  void apply();

private:
  struct Node {
    mlir::Operation *op;
    llvm::SmallVector<unsigned, 4> producers;
    unsigned place;       ///< in `order`
    unsigned replacement; ///< itself, or the node that it was merged into
  };
  unsigned find(unsigned node) const;
  unsigned placeOf(mlir::Operation *op) const { return nodes[find(numbers.lookup(op))].place; }
  /// For each place from `begin` to `end`: whether its op is, or needs, the one at `begin`.
  llvm::BitVector findUsers(unsigned begin, unsigned end) const;

  mlir::Block &block;
  unsigned window;
  mutable std::vector<Node> nodes;
  std::vector<int> order; ///< nodes by place; -1: none any more
  llvm::DenseMap<mlir::Operation *, unsigned> numbers;
};

} // namespace tally

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A linalg op as a nest of constant loops whose accesses are linear in the loop counters (private to this folder).
#ifndef TALLY_VECTORIZE_LOOPNEST_H
#define TALLY_VECTORIZE_LOOPNEST_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include <optional>

namespace tally {

/// One operand: a memref whose element `offset + sum of strides[d] * counter[d]` is accessed, or a plain scalar.
struct Access {
  mlir::Value operand;
  mlir::Type elementType;
  int64_t offset = 0;
  llvm::SmallVector<int64_t> strides; ///< groups of elements per step of each loop; empty for a scalar
  int64_t group = 1;                  ///< adjacent elements that are read as one of `elementType`

  bool isScalar() const { return !mlir::isa<mlir::MemRefType>(operand.getType()); }
  int64_t stride(int loop) const { return isScalar() ? 0 : strides[loop]; }
};

/// How a reduction combines, where it is known.
enum class Combiner { None, Add, Multiply, Maximum, Minimum };

struct LoopNest {
  mlir::linalg::GenericOp op;
  llvm::SmallVector<int64_t> sizes;
  llvm::SmallVector<bool> parallel;  ///< iterations of this loop write different elements, in every output
  llvm::SmallVector<int> originLoop; ///< for each loop of `op`, the loop here that counts it; -1: merged or of size 1
  llvm::SmallVector<Access> inputs, outputs;
  llvm::SmallVector<bool> readsInput;  ///< false for an operand that only gives loops their ranges
  llvm::SmallVector<bool> readsOutput; ///< the body uses the old element
  llvm::SmallVector<Combiner> combiners;
  bool paired = false;      ///< the body runs for pairs of products at once (PairedProducts.h)
  bool vectorizable = true; ///< the body has elementwise operations only
  int64_t bodySize = 0;

  int loops() const { return sizes.size(); }
};

/// The nest of `op`, merged as far as its accesses allow; fails where an access is not linear or not static.
mlir::FailureOr<LoopNest> analyzeLoopNest(mlir::linalg::GenericOp op);

/// Takes out a loop of one step.
void removeLoop(LoopNest &nest, int loop);

} // namespace tally

#endif

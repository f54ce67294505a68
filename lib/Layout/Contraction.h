// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Products of tensors, whatever their rank (private to this folder).
#ifndef TALLY_LAYOUT_CONTRACTION_H
#define TALLY_LAYOUT_CONTRACTION_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include <optional>

namespace tally {

/// What a loop of c += a * b steps through: Batch all three, M a and c, N b and c, K what is summed. The loops of a window are M (the
/// position) and K (the tap) in a forward convolution, K and M in the gradient of its weight.
enum class LoopRole { Batch, M, N, K };

struct Contraction {
  mlir::linalg::GenericOp op;
  mlir::OpOperand *a, *b, *c;
  llvm::SmallVector<LoopRole> roles;
};

/// `op` as a contraction, if its body is one product added to the result. Further inputs are not read.
std::optional<Contraction> matchContraction(mlir::linalg::GenericOp op);

} // namespace tally

#endif

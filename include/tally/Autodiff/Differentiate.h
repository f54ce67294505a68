// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reverse-mode differentiation of a straight line of ops.
#ifndef TALLY_AUTODIFF_DIFFERENTIATE_H
#define TALLY_AUTODIFF_DIFFERENTIATE_H

#include "mlir/IR/Builders.h"

namespace tally {

/// What is differentiated: dp_i = sum over k of seed_k * d output_k / d p_i.
struct GradientRequest {
  mlir::Location loc;                       ///< of the request, for notes and for gradients of 0
  llvm::SmallVector<mlir::Value> outputs;
  llvm::SmallVector<mlir::Value> seeds;     ///< of the types of the outputs
  llvm::SmallVector<mlir::Value> parameters;
};

/// Builds the gradients of the parameters at the insertion point of `builder`, which stands in the block of all values involved and
/// after them; only ops before it are looked at. Adds the number of ops that a gradient went through to `differentiated`.
llvm::FailureOr<llvm::SmallVector<mlir::Value>> differentiate(mlir::OpBuilder &builder, const GradientRequest &request,
                                                              int64_t &differentiated);

/// Where the gradient of an op is located: its layer, phase backward; the gradient of the loss belongs to the loss.
mlir::Location gradientLocation(mlir::Location forward);

} // namespace tally

#endif

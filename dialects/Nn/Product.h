// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The number types of sums of products: that of the operands, and that of the sum.
#ifndef TALLY_NN_PRODUCT_H
#define TALLY_NN_PRODUCT_H

#include "mlir/IR/BuiltinTypes.h"
#include "tally/Interfaces/CostOpInterface.h"
#include "tally/Interfaces/DifferentiableOpInterface.h"

namespace tally::nn {

/// The element type in which the products of elements of `a` and `b` are summed: `accumulator`, or without one theirs.
/// An error unless both have one type that the sum holds exactly, and f32 or f64 sums.
llvm::FailureOr<mlir::Type> sumType(std::optional<mlir::Location> loc, mlir::Value a, mlir::Value b,
                                    std::optional<mlir::Type> accumulator);

/// The facts of `terms` products of elements of `operand`, summed into `results` elements of `result`.
CostTerm costOfProducts(mlir::Value operand, mlir::Value result, Count terms, Count results, Count paddingTerms = 0);

/// Adds `gradient`, of a sum's type, to `factor`: to what was rounded to the factor, where that is of the gradient's type (as if the rounding
/// were none); else rounded to the factor's type.
void accumulateToFactor(GradientBuilder &gradients, mlir::Value factor, mlir::Value gradient);

/// `value` rounded to the element type of `like`; `value` itself where it has it.
mlir::Value convertLike(GradientBuilder &gradients, mlir::Value value, mlir::Value like);

} // namespace tally::nn

#endif

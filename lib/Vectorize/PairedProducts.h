// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Products of bf16 of which a lane adds two to its sum in f32 in one instruction (private to this folder).
#ifndef TALLY_VECTORIZE_PAIREDPRODUCTS_H
#define TALLY_VECTORIZE_PAIREDPRODUCTS_H

#include "LoopNest.h"
#include "dialects/Tally/Tally.h"
#include "mlir/IR/Builders.h"

namespace tally {

/// The inputs that a nest multiplies, where its body is a sum in f32 of products of bf16.
std::optional<std::pair<int, int>> findNarrowFactors(const LoopNest &nest);

/// Where the target sums pairs of products and a reduced loop walks through both factors in steps of one, this loop takes a pair a step: strides
/// of the factors then count pairs, and their elements are 32 bits. Any schedule of vectors fits the nest that is left.
void pairFactors(LoopNest &nest, TargetAttr target);

/// sum + a0 * b0 + a1 * b1 in each of `width` lanes; a lane of a and b is a pair, as an integer of 32 bits.
mlir::Value createPairedProduct(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value sum, mlir::Value a, mlir::Value b, int64_t width);

/// The same by plain products and sums; a and b are vectors of bf16 with pairs side by side, sum is a vector.
mlir::Value expandPairedProduct(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value sum, mlir::Value a, mlir::Value b);

} // namespace tally

#endif

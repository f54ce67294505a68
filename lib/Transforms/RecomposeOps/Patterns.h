// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The patterns of --recompose-ops, and what they are written with.
#ifndef TALLY_TRANSFORMS_RECOMPOSEOPS_PATTERNS_H
#define TALLY_TRANSFORMS_RECOMPOSEOPS_PATTERNS_H

#include "dialects/Nn/Nn.h"
#include "mlir/IR/Builders.h"
#include <array>
#include <optional>

namespace tally::recompose {

using mlir::Operation;
using mlir::Value;

/// Tries to match the chain that ends in `root`. Returns what stands for the result of `root`, built with `builder`, or null. Only the
/// result of `root` may be used outside of the chain.
using Match = Value (*)(mlir::OpBuilder &builder, Operation *root);

// One a function, in Activation.cpp and Norm.cpp.
Value matchGelu(mlir::OpBuilder &builder, Operation *root);
Value matchGeluTanh(mlir::OpBuilder &builder, Operation *root);
Value matchHardSwish(mlir::OpBuilder &builder, Operation *root);
Value matchMish(mlir::OpBuilder &builder, Operation *root);
Value matchLayerNorm(mlir::OpBuilder &builder, Operation *root);
Value matchRmsNorm(mlir::OpBuilder &builder, Operation *root);
Value matchRmsNormScale(mlir::OpBuilder &builder, Operation *root);
Value matchGroupNorm(mlir::OpBuilder &builder, Operation *root);
Value matchNormScale(mlir::OpBuilder &builder, Operation *root);
Value matchNormBias(mlir::OpBuilder &builder, Operation *root);

/// The op of type OpTy that computes `value`, if that has one use; null otherwise.
template <typename OpTy>
OpTy definedBy(Value value) {
  return value && value.hasOneUse() ? value.getDefiningOp<OpTy>() : OpTy();
}

/// What each element of a constant, or of a weight of the file, is; nullopt where they differ or are not known.
std::optional<double> numberOf(Value value);

/// Equal but for the rounding of a number to f32.
bool isNear(double number, double expected);

/// root = number * values[0] * values[1] ...: the tree of products and of quotients by numbers of which only the root is used elsewhere.
struct Factors {
  double number = 1;
  llvm::SmallVector<Value> values;
};
Factors factorsOf(Operation *root);

/// value = c[0] + c[1] x + c[2] x^2 + c[3] x^3, in whichever way that is written; nullopt where it is not, or where a part of it is
/// used elsewhere.
using Polynomial = std::array<double, 4>;
std::optional<Polynomial> polynomialOf(Value value, Value x);
bool isNear(const Polynomial &polynomial, const Polynomial &expected);

} // namespace tally::recompose

#endif

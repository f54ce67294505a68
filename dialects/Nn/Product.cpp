// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The number types of sums of products, and the scalar op that multiplies into a wider type.
#include "dialects/Nn/Product.h"
#include "dialects/Nn/Nn.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

#define GET_OP_CLASSES
#include "dialects/Nn/Product.cpp.inc"

FailureOr<Type> nn::sumType(std::optional<Location> loc, Value a, Value b, std::optional<Type> accumulator) {
  Type factor = getElementTypeOrSelf(a.getType()), other = getElementTypeOrSelf(b.getType()),
       sum = accumulator.value_or(factor);
  if (factor != other)
    return emitOptionalError(loc, "expects factors of one element type, got ", factor, " and ", other);
  unsigned bits = factor.getIntOrFloatBitWidth();
  if (bits < 32 && !accumulator)
    return emitOptionalError(loc, "requires an accumulator (f32 or f64) for products of ", factor);
  if (sum.getIntOrFloatBitWidth() < bits)
    return emitOptionalError(loc, "requires an accumulator at least as wide as ", factor, ", got ", sum);
  return sum;
}

CostTerm nn::costOfProducts(Value operand, Value result, Count terms, Count results, Count paddingTerms) {
  return CostTerm::product(getElementTypeOrSelf(operand.getType()), getElementTypeOrSelf(result.getType()), terms,
                           results, paddingTerms);
}

Value nn::convertLike(GradientBuilder &gradients, Value value, Value like) {
  Type type = getElementTypeOrSelf(like.getType());
  return getElementTypeOrSelf(value.getType()) == type ? value : gradients.create<ConvertOp>(value, type).getResult();
}

void nn::accumulateToFactor(GradientBuilder &gradients, Value factor, Value gradient) {
  auto rounding = factor.getDefiningOp<ConvertOp>();
  if (rounding && rounding.getX().getType() == gradient.getType())
    return gradients.accumulate(rounding.getX(), gradient);
  gradients.accumulate(factor, convertLike(gradients, gradient, factor));
}

Type WideningMulOp::getFactorType() { return getOf().value_or(getElementTypeOrSelf(getA().getType())); }

LogicalResult WideningMulOp::verify() {
  Type held = getElementTypeOrSelf(getA().getType()), factor = getFactorType(), product = getElementTypeOrSelf(getType());
  if (!isa<FloatType>(factor) || product.getIntOrFloatBitWidth() < 2 * factor.getIntOrFloatBitWidth()) // C1
    return emitOpError("requires a result of at least twice the bits of ") << factor << ", got " << product;
  if (getOf() && held != product) // C2
    return emitOpError("requires factors that are held in ") << product << ", got " << held;
  return success();
}

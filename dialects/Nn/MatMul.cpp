// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Type, gradient and cost of the matrix product.
#include "dialects/Nn/Nn.h"
#include "dialects/Nn/Product.h"
#include "mlir/Dialect/Traits.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

#define GET_OP_CLASSES
#include "dialects/Nn/MatMul.cpp.inc"

static RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

LogicalResult MatMulOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                         SmallVectorImpl<Type> &types) {
  RankedTensorType x = typeOf(adaptor.getX()), y = typeOf(adaptor.getY());
  if (x.getRank() < 2 || y.getRank() < 2) // C1
    return emitOptionalError(loc, "requires operands of at least rank 2, got ", x, " and ", y);
  auto [rows, length] = std::pair(x.getShape()[x.getRank() - 2], x.getShape().back());
  auto [otherLength, columns] = std::pair(y.getShape()[y.getRank() - 2], y.getShape().back());
  if (adaptor.getTransposeX())
    std::swap(rows, length);
  if (adaptor.getTransposeY())
    std::swap(otherLength, columns);
  SmallVector<int64_t> shape;
  if (length != otherLength ||
      !OpTrait::util::getBroadcastedShape(x.getShape().drop_back(2), y.getShape().drop_back(2), shape)) // C2
    return emitOptionalError(loc, "expects matrices of which the product exists, got ", x,
                             adaptor.getTransposeX() ? " (transposed)" : "", " and ", y,
                             adaptor.getTransposeY() ? " (transposed)" : "");
  FailureOr<Type> sum = sumType(loc, adaptor.getX(), adaptor.getY(), adaptor.getAccumulator()); // C3
  if (failed(sum))
    return failure();
  shape.append({rows, columns});
  types.push_back(RankedTensorType::get(shape, *sum));
  return success();
}

SmallVector<CostTerm> MatMulOp::getCost() {
  RankedTensorType x = typeOf(getX()), z = typeOf(getZ());
  int64_t length = x.getDimSize(x.getRank() - (getTransposeX() ? 2 : 1));
  return {costOfProducts(getX(), getZ(), Count(z.getNumElements()) * length, z.getNumElements())};
}

/// `value` as one matrix: all its rows, one below the other.
static Value flattenRows(GradientBuilder &gradients, Value value) {
  if (typeOf(value).getRank() == 2)
    return value;
  return gradients.create<ReshapeOp>(value, ArrayRef<int64_t>{-1, typeOf(value).getShape().back()});
}

// With X, Y the operands after transposition: dX = dz Y^T, dY = X^T dz; a transposed operand gets (Y dz^T), (dz^T X).
LogicalResult MatMulOp::buildGradient(GradientBuilder &gradients) {
  Value x = getX(), y = getY(), dz = convertLike(gradients, gradients.of(getZ()), x);
  TypeAttr sum = getAccumulatorAttr();
  bool transposeX = getTransposeX(), transposeY = getTransposeY();
  if (gradients.needs(x)) {
    Value dx = transposeX ? gradients.create<MatMulOp>(y, dz, transposeY, true, sum)
                          : gradients.create<MatMulOp>(dz, y, false, !transposeY, sum);
    accumulateToFactor(gradients, x, sumToShape(gradients, dx, x.getType()));
  }
  if (!gradients.needs(y))
    return success();
  // One matrix y met all rows of x: so many products of length M would only have to be added.
  if (typeOf(y).getRank() == 2 && !transposeX) {
    x = flattenRows(gradients, x);
    dz = flattenRows(gradients, dz);
  }
  Value dy = transposeY ? gradients.create<MatMulOp>(dz, x, true, transposeX, sum)
                        : gradients.create<MatMulOp>(x, dz, !transposeX, false, sum);
  accumulateToFactor(gradients, y, sumToShape(gradients, dy, y.getType()));
  return success();
}

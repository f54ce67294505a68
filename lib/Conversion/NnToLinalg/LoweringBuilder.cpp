// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Structured ops that many families are lowered to.
#include "NnToLinalg.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"
#include <cmath>

using namespace mlir;
using namespace tally;

Value tally::createEmpty(OpBuilder &builder, Location loc, Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return tensor::EmptyOp::create(builder, loc, tensor.getShape(), tensor.getElementType());
}

Value tally::createFilled(OpBuilder &builder, Location loc, Type type, double value) {
  Type element = getElementTypeOrSelf(type);
  TypedAttr number;
  if (isa<FloatType>(element)) {
    number = builder.getFloatAttr(element, value);
  } else {
    // An infinity is the outermost integer.
    unsigned bits = element.isIndex() ? 64 : element.getIntOrFloatBitWidth();
    APInt integer = !std::isinf(value) ? APInt(bits, static_cast<uint64_t>(static_cast<int64_t>(value)), /*isSigned=*/true, /*implicitTrunc=*/true)
                    : value < 0        ? APInt::getSignedMinValue(bits)
                                       : APInt::getSignedMaxValue(bits);
    number = builder.getIntegerAttr(element, integer);
  }
  Value start = arith::ConstantOp::create(builder, loc, number);
  return linalg::FillOp::create(builder, loc, start, createEmpty(builder, loc, type)).getResult(0);
}

/// All dimensions of `type` as one group; none for rank 0.
static SmallVector<ReassociationIndices> oneGroup(RankedTensorType type) {
  if (type.getRank() == 0)
    return {};
  return {llvm::to_vector(llvm::seq<int64_t>(type.getRank()))};
}

Value tally::createProduct(OpBuilder &builder, Location loc, Value a, Value b, Type sum) {
  if (a.getType() == sum)
    return arith::MulFOp::create(builder, loc, a, b);
  return nn::WideningMulOp::create(builder, loc, sum, a, b, /*of=*/TypeAttr());
}

Value tally::createReshape(OpBuilder &builder, Location loc, Value value, RankedTensorType to) {
  auto from = cast<RankedTensorType>(value.getType());
  if (from == to)
    return value;
  if (auto groups = getReassociationIndicesForReshape(from, to)) {
    if (from.getRank() > to.getRank())
      return tensor::CollapseShapeOp::create(builder, loc, to, value, *groups);
    return tensor::ExpandShapeOp::create(builder, loc, to, value, *groups);
  }
  // Neither shape groups the other's dimensions: through one dimension.
  auto flat = RankedTensorType::get({from.getNumElements()}, from.getElementType());
  Value row = tensor::CollapseShapeOp::create(builder, loc, flat, value, oneGroup(from));
  return tensor::ExpandShapeOp::create(builder, loc, to, row, oneGroup(to));
}

AffineMap tally::broadcastMap(RankedTensorType type, ArrayRef<int64_t> resultShape, MLIRContext *context) {
  size_t offset = resultShape.size() - type.getRank();
  SmallVector<AffineExpr> results;
  for (auto [dimension, size] : llvm::enumerate(type.getShape()))
    results.push_back(size == resultShape[offset + dimension] ? getAffineDimExpr(offset + dimension, context)
                                                              : getAffineConstantExpr(0, context));
  return AffineMap::get(resultShape.size(), 0, results, context);
}

Value tally::createElementwise(OpBuilder &builder, Location loc, RankedTensorType result, ValueRange operands,
                               BodyBuilder body) {
  return createElementwise(builder, loc, result, operands, {}, {}, body);
}

Value tally::createElementwise(OpBuilder &builder, Location loc, RankedTensorType result, ValueRange operands,
                               ValueRange reduced, ArrayRef<int64_t> axes, BodyBuilder body) {
  SmallVector<AffineMap> maps;
  for (Value operand : operands)
    maps.push_back(broadcastMap(cast<RankedTensorType>(operand.getType()), result.getShape(), builder.getContext()));
  SmallVector<AffineExpr> kept;
  for (int64_t dimension = 0; dimension < result.getRank(); ++dimension)
    if (!llvm::is_contained(axes, dimension))
      kept.push_back(builder.getAffineDimExpr(dimension));
  maps.append(reduced.size(), AffineMap::get(result.getRank(), 0, kept, builder.getContext()));
  maps.push_back(builder.getMultiDimIdentityMap(result.getRank()));
  SmallVector<Value> inputs(operands);
  llvm::append_range(inputs, reduced);
  SmallVector<utils::IteratorType> iterators(result.getRank(), utils::IteratorType::parallel);
  return linalg::GenericOp::create(builder, loc, result, inputs, createEmpty(builder, loc, result), maps, iterators,
                                   [&](OpBuilder &nested, Location nestedLoc, ValueRange scalars) {
                                     linalg::YieldOp::create(nested, nestedLoc,
                                                             body(nested, nestedLoc, scalars.drop_back()));
                                   })
      .getResult(0);
}

Value tally::createReduction(OpBuilder &builder, Location loc, ValueRange operands, ArrayRef<int64_t> axes, double start,
                             BodyBuilder body) {
  auto first = cast<RankedTensorType>(operands.front().getType());
  SmallVector<AffineMap> maps;
  for (Value operand : operands)
    maps.push_back(broadcastMap(cast<RankedTensorType>(operand.getType()), first.getShape(), builder.getContext()));
  SmallVector<int64_t> shape;
  SmallVector<AffineExpr> kept;
  SmallVector<utils::IteratorType> iterators(first.getRank(), utils::IteratorType::reduction);
  for (auto [dimension, size] : llvm::enumerate(first.getShape()))
    if (!llvm::is_contained(axes, static_cast<int64_t>(dimension))) {
      shape.push_back(size);
      kept.push_back(builder.getAffineDimExpr(dimension));
      iterators[dimension] = utils::IteratorType::parallel;
    }
  maps.push_back(AffineMap::get(first.getRank(), 0, kept, builder.getContext()));
  auto result = RankedTensorType::get(shape, first.getElementType());
  return linalg::GenericOp::create(builder, loc, result, operands, createFilled(builder, loc, result, start), maps,
                                   iterators,
                                   [&](OpBuilder &nested, Location nestedLoc, ValueRange scalars) {
                                     linalg::YieldOp::create(nested, nestedLoc, body(nested, nestedLoc, scalars));
                                   })
      .getResult(0);
}

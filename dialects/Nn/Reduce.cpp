// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Types, gradients and costs of the reductions.
#include "dialects/Nn/Nn.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

#define GET_OP_CLASSES
#include "dialects/Nn/Reduce.cpp.inc"

/// The shape without `axes`; an error unless they are sorted, distinct and in range (C1).
static LogicalResult inferReducedType(std::optional<Location> loc, Value x, ArrayRef<int64_t> axes,
                                      SmallVectorImpl<Type> &types) {
  auto input = cast<RankedTensorType>(x.getType());
  SmallVector<int64_t> shape;
  size_t next = 0;
  for (auto [dimension, size] : llvm::enumerate(input.getShape())) {
    if (next < axes.size() && axes[next] == static_cast<int64_t>(dimension))
      ++next;
    else
      shape.push_back(size);
  }
  if (next != axes.size())
    return emitOptionalError(loc, "requires sorted, distinct axes below ", input.getRank(), ", got [", axes, "]");
  types.push_back(RankedTensorType::get(shape, input.getElementType()));
  return success();
}

static RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

/// E - n operations of a kind for E values combined into n.
static SmallVector<CostTerm> costOfReduction(Value x, Value y, OperationKind kind) {
  if (typeOf(x).getElementType().isIndex())
    return {};
  return {CostTerm::sum(typeOf(x).getElementType(), typeOf(x).getNumElements(), typeOf(y).getNumElements(), kind)};
}

/// `dy` repeated along the reduced dimensions to the type of x.
static Value broadcastAlong(GradientBuilder &gradients, Value dy, Value x, ArrayRef<int64_t> axes) {
  SmallVector<int64_t> kept(typeOf(x).getShape());
  for (int64_t axis : axes)
    kept[axis] = 1;
  Value expanded = kept == typeOf(dy).getShape() ? dy : gradients.create<ReshapeOp>(dy, kept).getResult();
  return expanded.getType() == x.getType() ? expanded : gradients.create<BroadcastOp>(expanded, typeOf(x).getShape()).getResult();
}

LogicalResult ReduceSumOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                            SmallVectorImpl<Type> &types) {
  return inferReducedType(loc, adaptor.getX(), adaptor.getAxes(), types);
}

SmallVector<CostTerm> ReduceSumOp::getCost() { return costOfReduction(getX(), getY(), OperationKind::Add); }

LogicalResult ReduceSumOp::buildGradient(GradientBuilder &gradients) {
  gradients.accumulate(getX(), broadcastAlong(gradients, gradients.of(getY()), getX(), getAxes()));
  return success();
}

LogicalResult ReduceMeanOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                             SmallVectorImpl<Type> &types) {
  return inferReducedType(loc, adaptor.getX(), adaptor.getAxes(), types);
}

SmallVector<CostTerm> ReduceMeanOp::getCost() {
  SmallVector<CostTerm> cost = costOfReduction(getX(), getY(), OperationKind::Add);
  RankedTensorType y = typeOf(getY());
  if (y.getNumElements() != typeOf(getX()).getNumElements())
    cost.push_back(CostTerm::body(OperationKind::Multiply, y.getElementType(), y.getNumElements()));
  return cost;
}

// dx = dy * (1 / K), broadcast
LogicalResult ReduceMeanOp::buildGradient(GradientBuilder &gradients) {
  Value dy = gradients.of(getY());
  int64_t terms = 1;
  for (int64_t axis : getAxes())
    terms *= typeOf(getX()).getDimSize(axis);
  if (terms != 1)
    dy = gradients.create<MulOp>(dy, gradients.create<ConstantOp>(typeOf(dy).getElementType(), 1.0 / terms));
  gradients.accumulate(getX(), broadcastAlong(gradients, dy, getX(), getAxes()));
  return success();
}

LogicalResult ReduceMaxOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                            SmallVectorImpl<Type> &types) {
  return inferReducedType(loc, adaptor.getX(), adaptor.getAxes(), types);
}

SmallVector<CostTerm> ReduceMaxOp::getCost() { return costOfReduction(getX(), getY(), OperationKind::Maximum); }

/// To the values that are the extremum y.
template <typename Op> static LogicalResult buildExtremumGradient(Op op, GradientBuilder &gradients) {
  Value dy = gradients.of(op.getY());
  gradients.accumulate(op.getX(), gradients.create<ReduceMaxGradOp>(op.getX().getType(), op.getX(), op.getY(), dy, op.getAxes()));
  return success();
}

LogicalResult ReduceMaxOp::buildGradient(GradientBuilder &gradients) { return buildExtremumGradient(*this, gradients); }

LogicalResult ReduceMinOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                            SmallVectorImpl<Type> &types) {
  return inferReducedType(loc, adaptor.getX(), adaptor.getAxes(), types);
}

SmallVector<CostTerm> ReduceMinOp::getCost() { return costOfReduction(getX(), getY(), OperationKind::Minimum); }

LogicalResult ReduceMinOp::buildGradient(GradientBuilder &gradients) { return buildExtremumGradient(*this, gradients); }

LogicalResult ReduceMaxGradOp::verify() {
  SmallVector<Type> types;
  if (failed(inferReducedType(getLoc(), getX(), getAxes(), types)))
    return failure();
  if (types.front() != getY().getType()) // C1
    return emitOpError("expects y of type ") << types.front() << ", got " << getY().getType();
  return success();
}

SmallVector<CostTerm> ReduceMaxGradOp::getCost() {
  Type type = typeOf(getX()).getElementType();
  int64_t all = typeOf(getX()).getNumElements(), reduced = typeOf(getY()).getNumElements();
  return {CostTerm::body(OperationKind::Compare, type, all), CostTerm::body(OperationKind::Select, type, all),
          CostTerm::sum(type, all, reduced), CostTerm::body(OperationKind::Divide, type, reduced),
          CostTerm::body(OperationKind::Multiply, type, all)};
}

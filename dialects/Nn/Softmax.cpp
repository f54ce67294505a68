// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Types, gradients and costs of softmax and its logarithm.
#include "dialects/Nn/Nn.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

#define GET_OP_CLASSES
#include "dialects/Nn/Softmax.cpp.inc"

using Kind = OperationKind;

/// The type of the operand; an error unless axis is one of its dimensions (C1).
static LogicalResult inferSameType(std::optional<Location> loc, Value operand, int64_t axis, SmallVectorImpl<Type> &types) {
  auto type = cast<RankedTensorType>(operand.getType());
  if (axis < 0 || axis >= type.getRank())
    return emitOptionalError(loc, "requires axis in [0, ", type.getRank(), "), got ", axis);
  types.push_back(type);
  return success();
}

namespace {
/// Cost terms of one op on rows along an axis.
class RowCost {
public:
  RowCost(Value value, int64_t axis) {
    auto type = cast<RankedTensorType>(value.getType());
    element = type.getElementType();
    elements = type.getNumElements();
    rows = elements / std::max<int64_t>(type.getDimSize(axis), 1);
  }
  CostTerm each(Kind kind) { return CostTerm::body(kind, element, elements); }
  CostTerm perRow(Kind kind) { return CostTerm::body(kind, element, rows); }
  CostTerm along(Kind kind) { return CostTerm::sum(element, elements, rows, kind); }

private:
  Type element;
  int64_t elements, rows;
};
} // namespace

LogicalResult SoftmaxOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                          SmallVectorImpl<Type> &types) {
  return inferSameType(loc, adaptor.getX(), adaptor.getAxis(), types);
}

// e = exp(x - max x); y = e / sum e
SmallVector<CostTerm> SoftmaxOp::getCost() {
  RowCost cost(getX(), getAxis());
  return {cost.along(Kind::Maximum), cost.each(Kind::Subtract), cost.each(Kind::Exponential), cost.along(Kind::Add),
          cost.each(Kind::Divide)};
}

LogicalResult SoftmaxOp::buildGradient(GradientBuilder &gradients) {
  gradients.accumulate(getX(), gradients.create<SoftmaxGradOp>(getY(), gradients.of(getY()), getAxisAttr()));
  return success();
}

LogicalResult SoftmaxGradOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                              SmallVectorImpl<Type> &types) {
  return inferSameType(loc, adaptor.getY(), adaptor.getAxis(), types);
}

// dx = y * (dy - sum of dy * y)
SmallVector<CostTerm> SoftmaxGradOp::getCost() {
  RowCost cost(getY(), getAxis());
  return {cost.each(Kind::Multiply), cost.along(Kind::Add), cost.each(Kind::Subtract), cost.each(Kind::Multiply)};
}

LogicalResult LogSoftmaxOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                             SmallVectorImpl<Type> &types) {
  return inferSameType(loc, adaptor.getX(), adaptor.getAxis(), types);
}

// d = x - max x; y = d - log(sum of exp(d))
SmallVector<CostTerm> LogSoftmaxOp::getCost() {
  RowCost cost(getX(), getAxis());
  return {cost.along(Kind::Maximum), cost.each(Kind::Subtract),    cost.each(Kind::Exponential),
          cost.along(Kind::Add),     cost.perRow(Kind::Logarithm), cost.each(Kind::Subtract)};
}

LogicalResult LogSoftmaxOp::buildGradient(GradientBuilder &gradients) {
  gradients.accumulate(getX(), gradients.create<LogSoftmaxGradOp>(getY(), gradients.of(getY()), getAxisAttr()));
  return success();
}

LogicalResult LogSoftmaxGradOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                                 SmallVectorImpl<Type> &types) {
  return inferSameType(loc, adaptor.getY(), adaptor.getAxis(), types);
}

// dx = dy - exp(y) * sum dy
SmallVector<CostTerm> LogSoftmaxGradOp::getCost() {
  RowCost cost(getY(), getAxis());
  return {cost.along(Kind::Add), cost.each(Kind::Exponential), cost.each(Kind::Multiply), cost.each(Kind::Subtract)};
}

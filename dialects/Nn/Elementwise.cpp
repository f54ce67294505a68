// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Scalar bodies and gradients of the elementwise arithmetic.
#include "dialects/Nn/Nn.h"
#include "dialects/Nn/ScalarBuilder.h"
#include "dialects/Nn/ScalarDerivative.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

#define GET_OP_CLASSES
#include "dialects/Nn/Elementwise.cpp.inc"

/// The float form of an arithmetic op, or the integer form on whole numbers and positions.
template <typename FloatOp, typename IntegerOp>
static Value createArithmetic(OpBuilder &builder, Location loc, ValueRange in) {
  if (in[0].getType().isIntOrIndex())
    return IntegerOp::create(builder, loc, in[0], in[1]);
  return FloatOp::create(builder, loc, in[0], in[1]);
}

// z = x + y
Value AddOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  return createArithmetic<arith::AddFOp, arith::AddIOp>(builder, loc, in);
}

// dx = dz, dy = dz
LogicalResult AddOp::buildGradient(GradientBuilder &gradients) {
  Value dz = gradients.of(getZ());
  for (Value operand : {getX(), getY()})
    if (gradients.needs(operand))
      gradients.accumulate(operand, sumToShape(gradients, dz, operand.getType()));
  return success();
}

// z = x - y
Value SubOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  return createArithmetic<arith::SubFOp, arith::SubIOp>(builder, loc, in);
}

// dx = dz, dy = -dz; the minus after the sum, where there are fewer elements
LogicalResult SubOp::buildGradient(GradientBuilder &gradients) {
  Value dz = gradients.of(getZ());
  if (gradients.needs(getX()))
    gradients.accumulate(getX(), sumToShape(gradients, dz, getX().getType()));
  if (gradients.needs(getY()))
    gradients.accumulate(getY(), gradients.create<NegOp>(sumToShape(gradients, dz, getY().getType())));
  return success();
}

// z = x * y
Value MulOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  return createArithmetic<arith::MulFOp, arith::MulIOp>(builder, loc, in);
}

// dx = dz * y, dy = dz * x
LogicalResult MulOp::buildGradient(GradientBuilder &gradients) {
  Value dz = gradients.of(getZ());
  if (gradients.needs(getX()))
    gradients.accumulate(getX(), sumToShape(gradients, gradients.create<MulOp>(dz, getY()), getX().getType()));
  if (gradients.needs(getY()))
    gradients.accumulate(getY(), sumToShape(gradients, gradients.create<MulOp>(dz, getX()), getY().getType()));
  return success();
}

// z = x / y
Value DivOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  return createArithmetic<arith::DivFOp, arith::DivSIOp>(builder, loc, in);
}

// q = dz / y; dx = q, dy = -(q * z)
LogicalResult DivOp::buildGradient(GradientBuilder &gradients) {
  Value q = gradients.create<DivOp>(gradients.of(getZ()), getY());
  if (gradients.needs(getX()))
    gradients.accumulate(getX(), sumToShape(gradients, q, getX().getType()));
  if (gradients.needs(getY())) {
    Value product = gradients.create<MulOp>(q, getZ());
    gradients.accumulate(getY(), gradients.create<NegOp>(sumToShape(gradients, product, getY().getType())));
  }
  return success();
}

// y = -x
Value NegOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  return arith::NegFOp::create(builder, loc, in[0]);
}

// dx = -dy
LogicalResult NegOp::buildGradient(GradientBuilder &gradients) {
  gradients.accumulate(getX(), gradients.create<NegOp>(gradients.of(getY())));
  return success();
}

// y = exp(x)
Value ExpOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  return math::ExpOp::create(builder, loc, in[0]);
}

// dx = dy * y
LogicalResult ExpOp::buildGradient(GradientBuilder &gradients) {
  gradients.accumulate(getX(), gradients.create<MulOp>(gradients.of(getY()), getY()));
  return success();
}

// y = ln(x)
Value LogOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  return math::LogOp::create(builder, loc, in[0]);
}

// dx = dy / x
LogicalResult LogOp::buildGradient(GradientBuilder &gradients) {
  gradients.accumulate(getX(), gradients.create<DivOp>(gradients.of(getY()), getX()));
  return success();
}

// y = sqrt(x)
Value SqrtOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  return math::SqrtOp::create(builder, loc, in[0]);
}

// dx = dy / (2 * y)
LogicalResult SqrtOp::buildGradient(GradientBuilder &gradients) {
  Value two = gradients.create<ConstantOp>(getElementTypeOrSelf(getY().getType()), 2.0);
  Value twice = gradients.create<MulOp>(getY(), two);
  gradients.accumulate(getX(), gradients.create<DivOp>(gradients.of(getY()), twice));
  return success();
}

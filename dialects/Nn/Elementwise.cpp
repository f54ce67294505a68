// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Scalar bodies and gradients of the elementwise ops.
#include "dialects/Nn/Nn.h"
#include "dialects/Nn/ScalarBuilder.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

#define GET_OP_CLASSES
#include "dialects/Nn/Elementwise.cpp.inc"

// z = x + y
Value AddOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  return arith::AddFOp::create(builder, loc, in[0], in[1]);
}

// dx = dz, dy = dz
LogicalResult AddOp::buildGradient(GradientBuilder &gradients) {
  Value dz = gradients.of(getZ());
  for (Value operand : {getX(), getY()})
    if (gradients.needs(operand))
      gradients.accumulate(operand, sumToShape(gradients, dz, operand.getType()));
  return success();
}

// y = max(x, 0)
Value ReluOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  ScalarBuilder b(builder, loc, in[0].getType());
  return b.max(in[0], b.constant(0));
}

LogicalResult ReluOp::buildGradient(GradientBuilder &gradients) {
  gradients.accumulate(getX(), gradients.create<ReluGradOp>(getX(), gradients.of(getY())));
  return success();
}

// dx = dy where x > 0, else 0
Value ReluGradOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  ScalarBuilder b(builder, loc, in[0].getType());
  return b.select(b.greater(in[0], b.constant(0)), in[1], b.constant(0));
}

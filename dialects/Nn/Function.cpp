// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Scalar bodies of the functions that are not in the table's own words.
#include "dialects/Nn/Nn.h"
#include "dialects/Nn/ScalarBuilder.h"
#include "dialects/Nn/ScalarDerivative.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

#define GET_OP_CLASSES
#include "dialects/Nn/Function.cpp.inc"

Value FloorOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) { return math::FloorOp::create(builder, loc, in[0]); }

Value CeilOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) { return math::CeilOp::create(builder, loc, in[0]); }

Value RoundOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  return math::RoundEvenOp::create(builder, loc, in[0]);
}

// y = x > 0 ? 1 : x < 0 ? -1 : 0
Value SignOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  ScalarBuilder b(builder, loc, in[0].getType());
  Value zero = b.constant(0);
  Value negative = b.select(b.less(in[0], zero), b.constant(-1), zero);
  return b.select(b.greater(in[0], zero), b.constant(1), negative);
}

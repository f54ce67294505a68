// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Scalar bodies and gradients of the activation functions.
#include "dialects/Nn/Nn.h"
#include "dialects/Nn/ScalarBuilder.h"
#include "dialects/Nn/ScalarDerivative.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

#define GET_OP_CLASSES
#include "dialects/Nn/Activation.cpp.inc"

// y = max(x, alpha * x), for alpha > 1 min(x, alpha * x)
Value LeakyReluOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  ScalarBuilder b(builder, loc, in[0].getType());
  double alpha = getAlpha().convertToDouble();
  Value scaled = b.mul(in[0], b.constant(alpha));
  return alpha > 1 ? b.min(in[0], scaled) : b.max(in[0], scaled);
}

LogicalResult LeakyReluOp::buildGradient(GradientBuilder &gradients) {
  gradients.accumulate(getX(), gradients.create<LeakyReluGradOp>(getX(), gradients.of(getY()), getAlphaAttr()));
  return success();
}

// dx = dy where x > 0, alpha * dy elsewhere
Value LeakyReluGradOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  ScalarBuilder b(builder, loc, in[0].getType());
  Value scaled = b.mul(in[1], b.constant(getAlpha().convertToDouble()));
  return b.select(b.greater(in[0], b.constant(0)), in[1], scaled);
}

LogicalResult ClipOp::verify() {
  if (getMinimum() && getMaximum() && !(*getMinimum() <= *getMaximum())) // C1
    return emitOpError("requires minimum <= maximum, got ")
           << getMinimum()->convertToDouble() << " and " << getMaximum()->convertToDouble();
  return success();
}

// y = min(max(x, minimum), maximum)
Value ClipOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  ScalarBuilder b(builder, loc, in[0].getType());
  Value y = in[0];
  if (getMinimum())
    y = b.max(y, b.constant(getMinimum()->convertToDouble()));
  if (getMaximum())
    y = b.min(y, b.constant(getMaximum()->convertToDouble()));
  return y;
}

LogicalResult ClipOp::buildGradient(GradientBuilder &gradients) {
  gradients.accumulate(getX(), gradients.create<ClipGradOp>(getX(), gradients.of(getY()), getMinimumAttr(), getMaximumAttr()));
  return success();
}

// dx = dy where minimum < x < maximum, else 0
Value ClipGradOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  ScalarBuilder b(builder, loc, in[0].getType());
  Value dx = in[1];
  if (getMinimum())
    dx = b.select(b.greater(in[0], b.constant(getMinimum()->convertToDouble())), dx, b.constant(0));
  if (getMaximum())
    dx = b.select(b.less(in[0], b.constant(getMaximum()->convertToDouble())), dx, b.constant(0));
  return dx;
}

// y = 1 / (1 + exp(-x))
Value SigmoidOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  ScalarBuilder b(builder, loc, in[0].getType());
  return b.div(b.constant(1), b.add(b.exp(b.neg(in[0])), b.constant(1)));
}

LogicalResult SigmoidOp::buildGradient(GradientBuilder &gradients) {
  gradients.accumulate(getX(), gradients.create<SigmoidGradOp>(getY(), gradients.of(getY())));
  return success();
}

// dx = dy * (1 - y) * y
Value SigmoidGradOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  ScalarBuilder b(builder, loc, in[0].getType());
  return b.mul(b.mul(in[1], b.sub(b.constant(1), in[0])), in[0]);
}

namespace {
/// The two halves of gelu's tanh form: 2 * k * (x + cubic * x^3) is the exponent of a sigmoid.
constexpr double twiceK = 2 * 0.7978845608028654; // k = sqrt(2 / pi)
constexpr double cubic = 0.044715;
constexpr double rootOfHalf = 0.7071067811865476;
constexpr double logNormalDensity = -0.9189385332046727; // ln(1 / sqrt(2 * pi)): the normal density at 0
} // namespace

/// 1 + exp(-2 * k * (x + cubic * x^3)); `square` is x * x.
static Value tanhFormDivisor(ScalarBuilder &b, Value x, Value square) {
  Value slope = b.sub(b.mul(square, b.constant(-twiceK * cubic)), b.constant(twiceK));
  return b.add(b.exp(b.mul(x, slope)), b.constant(1));
}

// none: y = 0.5 * x * (1 + erf(x / sqrt(2)))
// tanh: y = x / (1 + exp(-2 * k * (x + cubic * x^3)))
Value GeluOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  ScalarBuilder b(builder, loc, in[0].getType());
  Value x = in[0];
  if (getApproximate() == GeluApproximation::Tanh)
    return b.div(x, tanhFormDivisor(b, x, b.mul(x, x)));
  Value distribution = b.add(b.erf(b.mul(x, b.constant(rootOfHalf))), b.constant(1));
  return b.mul(b.mul(x, b.constant(0.5)), distribution);
}

LogicalResult GeluOp::buildGradient(GradientBuilder &gradients) {
  gradients.accumulate(getX(), gradients.create<GeluGradOp>(getX(), gradients.of(getY()), getApproximate()));
  return success();
}

// none: t = x / sqrt(2); dx = dy * (0.5 * erf(t) + 0.5 + x * exp(ln(1 / sqrt(2 * pi)) - t * t))
// tanh: s = 1 / (1 + exp(..)); dx = dy * (s + x * s * (1 - s) * 2 * k * (1 + 3 * cubic * x^2))
Value GeluGradOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  ScalarBuilder b(builder, loc, in[0].getType());
  Value x = in[0], derivative;
  if (getApproximate() == GeluApproximation::Tanh) {
    Value square = b.mul(x, x);
    Value s = b.div(b.constant(1), tanhFormDivisor(b, x, square));
    Value slope = b.add(b.mul(square, b.constant(3 * twiceK * cubic)), b.constant(twiceK));
    // x * s first: it vanishes before the slope can overflow.
    Value ramp = b.mul(b.mul(b.mul(x, s), b.sub(b.constant(1), s)), slope);
    derivative = b.add(s, ramp);
  } else {
    Value t = b.mul(x, b.constant(rootOfHalf));
    Value distribution = b.add(b.mul(b.erf(t), b.constant(0.5)), b.constant(0.5));
    Value density = b.exp(b.sub(b.constant(logNormalDensity), b.mul(t, t)));
    derivative = b.add(distribution, b.mul(x, density));
  }
  return b.mul(in[1], derivative);
}

// y = x * max(0, min(1, x / 6 + 0.5))
Value HardSwishOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  ScalarBuilder b(builder, loc, in[0].getType());
  Value line = b.add(b.mul(in[0], b.constant(1.0 / 6)), b.constant(0.5));
  return b.mul(in[0], b.max(b.min(line, b.constant(1)), b.constant(0)));
}

LogicalResult HardSwishOp::buildGradient(GradientBuilder &gradients) {
  gradients.accumulate(getX(), gradients.create<HardSwishGradOp>(getX(), gradients.of(getY())));
  return success();
}

// dx = dy * (0 where x <= -3, x / 3 + 0.5 where -3 < x < 3, 1 elsewhere)
Value HardSwishGradOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  ScalarBuilder b(builder, loc, in[0].getType());
  Value line = b.add(b.mul(in[0], b.constant(1.0 / 3)), b.constant(0.5));
  Value below = b.select(b.less(in[0], b.constant(3)), line, b.constant(1));
  return b.mul(in[1], b.select(b.greater(in[0], b.constant(-3)), below, b.constant(0)));
}

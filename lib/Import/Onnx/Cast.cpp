// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports conversions between number types: small floats are rounded, small integers cut.
#include "Cast.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

namespace {
/// A float format of less than 16 bits (ONNX TensorProto; OCP 8-bit floating point, 2023).
struct SmallFloat {
  ElementType type;
  int mantissa;       ///< explicit bits
  int leastExponent;  ///< of normal numbers
  double largest;
  bool hasInfinity;
};
} // namespace

static const SmallFloat *findSmallFloat(ElementType type) {
  static constexpr SmallFloat formats[] = {
      {ElementType::Float8E4M3FN, 3, -6, 448, false},     {ElementType::Float8E4M3FNUZ, 3, -7, 240, false},
      {ElementType::Float8E5M2, 2, -14, 57344, true},     {ElementType::Float8E5M2FNUZ, 2, -15, 57344, false},
      {ElementType::Float4E2M1, 1, 0, 6, false},
  };
  const auto *found = llvm::find_if(formats, [&](const SmallFloat &format) { return format.type == type; });
  return found == std::end(formats) ? nullptr : found;
}

Value tally::onnx::powerOfTwo(Composition &c, Value exponent) { return c.op("pow", {c.number(2, exponent), exponent}); }

Value tally::onnx::exponentOf(Composition &c, Value a) {
  Value estimate = c.op("floor", c.mul(c.op("log", a), 1.4426950408889634));
  Value tooLarge = c.compare(nn::Relation::Greater, powerOfTwo(c, estimate), a);
  Value lowered = c.select(tooLarge, c.add(estimate, -1), estimate);
  Value raised = c.add(lowered, 1);
  return c.select(c.compare(nn::Relation::LessEqual, powerOfTwo(c, raised), a), raised, lowered);
}

/// x rounded to the nearest number of a format, ties to even; what is too large becomes the largest number with `saturate`, else
/// infinity or, where the format has none, not a number (ONNX Cast, from opset 19).
static Value roundTo(Composition &c, Value x, const SmallFloat &format, bool saturate) {
  if (!x)
    return {};
  Value magnitude = c.op("abs", x);
  Value bounded = c.min(c.max(magnitude, c.number(1e-30, x)), c.number(1e30, x));
  Value exponent = c.max(exponentOf(c, bounded), c.number(format.leastExponent, x));
  Value step = powerOfTwo(c, c.add(exponent, -format.mantissa));
  Value rounded = c.mul(c.op("round", c.div(x, step)), step);
  Value largest = c.number(format.largest, x);
  if (saturate)
    return c.max(c.min(rounded, largest), c.number(-format.largest, x));
  Value overflow = c.compare(nn::Relation::Greater, c.op("abs", rounded), largest);
  Value beyond = format.hasInfinity ? c.mul(x, std::numeric_limits<double>::infinity()) : c.number(std::numeric_limits<double>::quiet_NaN(), x);
  return c.select(overflow, beyond, rounded);
}

/// A power of two (Float8E8M0): |x| rounded as `mode` says, between 2^-127 and 2^127.
static Value roundToPower(Composition &c, Value x, StringRef mode) {
  if (!x)
    return {};
  Value magnitude = c.min(c.max(c.op("abs", x), c.number(0x1p-126, x)), c.number(0x1p127, x));
  Value exponent = exponentOf(c, magnitude);
  Value power = powerOfTwo(c, exponent);
  if (mode == "down")
    return power;
  Value threshold = mode == "up" ? power : c.mul(power, 1.5);
  nn::Relation above = mode == "up" ? nn::Relation::Greater : nn::Relation::GreaterEqual;
  return c.min(c.select(c.compare(above, magnitude, threshold), c.mul(power, 2.0), power), c.number(0x1p127, x));
}

Value tally::onnx::convertTo(Composition &c, Value x, ElementType type, bool saturate, StringRef roundMode) {
  const SmallFloat *format = findSmallFloat(type);
  if (!format && type != ElementType::Float8E8M0)
    return c.convert(x, type);
  Value single = c.convert(x, ElementType::Float);
  return format ? roundTo(c, single, *format, saturate || type == ElementType::Float4E2M1) : roundToPower(c, single, roundMode);
}

/// Cast and CastLike to a type.
static LogicalResult importConversion(NodeReader &node, ElementType type) {
  bool saturate = node.integer("saturate", 1) != 0;
  StringRef roundMode = node.string("round_mode", "up");
  if (!llvm::is_contained({"up", "down", "nearest"}, roundMode))
    return node.wrong("expects 'up', 'down' or 'nearest' as round_mode, got '" + roundMode + "'");
  if (!elementBits(type))
    return node.unsupported("conversion to element type " + Twine(static_cast<int>(type)) + " is not supported");
  if (node.elementType(0) == type && node.binding(0).kind != Binding::Kind::Value)
    return node.result(node.binding(0));
  Composition c(node);
  Value x = c.input(0);
  return c.result(node.elementType(0) == type ? x : convertTo(c, x, type, saturate, roundMode), 0, type);
}

static LogicalResult importCast(NodeReader &node) {
  return importConversion(node, static_cast<ElementType>(node.integer("to", 0)));
}

static LogicalResult importCastLike(NodeReader &node) {
  return importConversion(node, node.elementType(1));
}

ArrayRef<OpRow> tally::onnx::getCastRows() {
  static const OpRow rows[] = {
      {"Cast", {7}, importCast},
      {"CastLike", {15}, importCastLike, "", 2},
  };
  return rows;
}

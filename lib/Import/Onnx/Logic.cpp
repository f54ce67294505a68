// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports comparisons, choices, and logic on truth values and bits.
#include "Composition.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

/// Comparisons: Equal, Less, LessOrEqual, Greater, GreaterOrEqual.
static LogicalResult importComparison(NodeReader &node) {
  Composition c(node);
  nn::Relation relation = *nn::symbolizeRelation(node.getRow().target);
  return c.result(c.compare(relation, c.input(0), c.input(1)), 0, ElementType::Bool);
}

/// And, Or, Xor of truth values, and the same bit by bit.
static LogicalResult importBitwise(NodeReader &node) {
  Composition c(node);
  return c.result(c.bitwise(*nn::symbolizeBitwiseKind(node.getRow().target), c.input(0), c.input(1)));
}

/// Not and BitwiseNot: the other bits.
static LogicalResult importNot(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  return c.result(c.convert(c.bitwise(nn::BitwiseKind::Xor, x, c.number(x && c.elementOf(x).isInteger(1) ? 1 : -1, x)), node.elementType(0)));
}

static LogicalResult importBitShift(NodeReader &node) {
  StringRef direction = node.string("direction", "");
  if (direction != "LEFT" && direction != "RIGHT")
    return node.wrong("expects 'LEFT' or 'RIGHT' as direction, got '" + direction + "'");
  Composition c(node);
  Value x = c.input(0), amount = c.input(1);
  if (direction == "LEFT")
    return c.result(c.convert(c.bitwise(nn::BitwiseKind::ShiftLeft, x, amount), node.elementType(0)));
  if (auto bits = integerBits(node.elementType(0)); !bits || !bits->second)
    return c.result(c.bitwise(nn::BitwiseKind::ShiftRight, x, amount));
  // The sign fills the places that become free.
  Value sign = c.select(c.compare(nn::Relation::Less, x, c.number(0, x)), c.number(-1, x), c.number(0, x));
  Value shifted = c.bitwise(nn::BitwiseKind::ShiftRight, c.bitwise(nn::BitwiseKind::Xor, x, sign), amount);
  return c.result(c.bitwise(nn::BitwiseKind::Xor, shifted, sign));
}

static LogicalResult importWhere(NodeReader &node) {
  Composition c(node);
  return c.result(c.select(c.input(0), c.input(1), c.input(2)), 0, node.elementType(1));
}

static LogicalResult importIsNan(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  return c.result(c.compare(nn::Relation::NotEqual, x, x), 0, ElementType::Bool);
}

static LogicalResult importIsInf(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  bool positive = node.integer("detect_positive", 1) != 0, negative = node.integer("detect_negative", 1) != 0;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (positive && negative)
    return c.result(c.compare(nn::Relation::Equal, c.op("abs", x), c.number(infinity, x)), 0, ElementType::Bool);
  // Neither: nothing is equal to what is not a number.
  double sought = positive ? infinity : negative ? -infinity : std::numeric_limits<double>::quiet_NaN();
  return c.result(c.compare(nn::Relation::Equal, x, c.number(sought, x)), 0, ElementType::Bool);
}

ArrayRef<OpRow> tally::onnx::getLogicRows() {
  static const OpRow rows[] = {
      {"Equal", {7}, importComparison, "equal", 2},
      {"Less", {7}, importComparison, "less", 2},
      {"LessOrEqual", {12}, importComparison, "less_equal", 2},
      {"Greater", {7}, importComparison, "greater", 2},
      {"GreaterOrEqual", {12}, importComparison, "greater_equal", 2},
      {"And", {7}, importBitwise, "and", 2},
      {"Or", {7}, importBitwise, "or", 2},
      {"Xor", {7}, importBitwise, "xor", 2},
      {"BitwiseAnd", {18}, importBitwise, "and", 2},
      {"BitwiseOr", {18}, importBitwise, "or", 2},
      {"BitwiseXor", {18}, importBitwise, "xor", 2},
      {"Not", {7}, importNot},
      {"BitwiseNot", {18}, importNot},
      {"BitShift", {11}, importBitShift, "", 2},
      {"Where", {9}, importWhere, "", 3},
      {"IsNaN", {9}, importIsNan},
      {"IsInf", {10}, importIsInf},
  };
  return rows;
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports BitCast: the bits of numbers as those of another type.
#include "Cast.h"
#include <cmath>

using namespace mlir;
using namespace tally;
using namespace tally::onnx;
using nn::BitwiseKind;
using nn::Relation;

static constexpr double infinity = std::numeric_limits<double>::infinity();

namespace {
/// A format of IEEE 754: bits = sign, exponent + bias, mantissa; the smallest exponent stands for 0 and numbers without an implied bit.
struct Format {
  int mantissa, bias; ///< bits; what is added to exponents

  int64_t implied() const { return int64_t(1) << mantissa; }
  int64_t exponents() const { return 2 * bias + 1; } ///< the exponent of what is infinite or no number
  int64_t sign() const { return mantissa == 52 ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int32_t>::min(); }
};
} // namespace

static Format formatOf(ElementType type) { return type == ElementType::Double ? Format{52, 1023} : Format{23, 127}; }

/// x as the integer of its bits; what is not a number becomes the usual one.
static Value bitsOf(Composition &c, Value x, Format format) {
  Value wide = c.convert(x, ElementType::Double), zero = c.number(0, wide), magnitude = c.op("abs", wide);
  // The sign of 0 is that of its reciprocal.
  Value isZero = c.compare(Relation::Equal, wide, zero);
  Value signedPart = c.select(isZero, c.op("reciprocal", wide), wide);
  Value isNegative = c.compare(Relation::Less, signedPart, zero), isFinite = c.compare(Relation::Less, magnitude, c.number(infinity, wide));
  Value finite = c.select(isFinite, magnitude, zero);
  // In units of the last bit, the implied one included: so the exponent counts one less.
  Value exponent = exponentOf(c, c.max(finite, c.number(std::ldexp(1.0, 1 - format.bias), wide)));
  Value fraction = c.mul(c.div(finite, powerOfTwo(c, exponent)), static_cast<double>(format.implied()));
  Value rows = c.convert(c.add(exponent, format.bias - 1), ElementType::Int64), last = c.convert(fraction, ElementType::Int64);
  Value bits = c.add(c.mul(rows, c.integers(format.implied(), {})), last);
  int64_t special = format.exponents() * format.implied();
  Value isNone = c.compare(Relation::NotEqual, wide, wide), quiet = c.integers(special + format.implied() / 2, {});
  Value none = c.select(isNone, quiet, c.integers(special, {}));
  Value positive = c.select(isFinite, bits, none);
  return c.select(isNegative, c.add(positive, c.integers(format.sign(), {})), positive);
}

/// The number of type `type` that has the bits x.
static Value numberOf(Composition &c, Value x, Format format, ElementType type) {
  Value field = c.bitwise(BitwiseKind::ShiftRight, x, c.integers(format.mantissa, {}));
  field = c.bitwise(BitwiseKind::And, field, c.integers(format.exponents(), {}));
  Value fraction = c.convert(c.bitwise(BitwiseKind::And, x, c.integers(format.implied() - 1, {})), ElementType::Double);
  Value hasImplied = c.convert(c.compare(Relation::Greater, field, c.integers(0, {})), ElementType::Double);
  Value significand = c.add(fraction, c.mul(hasImplied, static_cast<double>(format.implied())));
  Value exponent = c.convert(c.max(field, c.integers(1, {})), ElementType::Double);
  Value finite = c.mul(significand, powerOfTwo(c, c.add(exponent, -format.bias - format.mantissa)));
  Value isSpecial = c.compare(Relation::Equal, field, c.integers(format.exponents(), {}));
  Value isNone = c.compare(Relation::Greater, fraction, c.number(0, fraction));
  Value quiet = c.number(std::numeric_limits<double>::quiet_NaN(), fraction);
  Value none = c.select(isNone, quiet, c.number(infinity, fraction));
  Value magnitude = c.select(isSpecial, none, finite);
  Value isNegative = c.compare(Relation::Less, x, c.integers(0, {}));
  return c.convert(c.select(isNegative, c.negate(magnitude), magnitude), type);
}

static LogicalResult importBitCast(NodeReader &node) {
  ElementType from = node.elementType(0), to = static_cast<ElementType>(node.integer("to", 0));
  int64_t bits = elementBits(to);
  if (bits == 0 || bits != elementBits(from))
    return node.wrong("expects types of one size, got " + Twine(elementBits(from)) + " and " + Twine(bits) + " bits");
  Composition c(node);
  if (from == to)
    return node.result(node.binding(0));
  Value x = c.input(0);
  if (!isFloat(from) && !isFloat(to))
    return c.result(c.convert(x, to), 0, to);
  if (bits < 32)
    return node.unsupported("bits of floats of less than 32 bits are not supported");
  // Integers of 32 bits keep their sign in the graph, unsigned ones have none.
  if (isFloat(from))
    return c.result(c.convert(bitsOf(c, x, formatOf(from)), to), 0, to);
  return c.result(numberOf(c, c.convert(x, bits == 32 ? ElementType::Int32 : ElementType::Int64), formatOf(to), to), 0, to);
}

ArrayRef<OpRow> tally::onnx::getBitCastRows() {
  static const OpRow rows[] = {{"BitCast", {26}, importBitCast}};
  return rows;
}

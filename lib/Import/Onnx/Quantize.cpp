// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports conversions to and from integers with a scale and products of such integers.
#include "Cast.h"
#include "Conv.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

/// A scale or zero point for the elements of x: a number, one for each element of dimension `axis`, or one for each `block` elements of it.
static Value spread(Composition &c, Value parameter, Value x, int64_t axis, int64_t block) {
  if (!parameter || !x)
    return {};
  Shape shape = c.shapeOf(parameter), target = c.shapeOf(x);
  if (shape.merged(0, shape.rank()) == Shape{{1}, {1}})
    return c.reshape(parameter, {});
  if (block == 0) {
    int64_t size = target.rank() ? target.here[axis] : 1;
    if (shape.rank() != 1 || shape.here[0] != size) {
      (void)c.node.wrong("expects a scale and a zero point for all elements or for each of " + Twine(size));
      return {};
    }
    Shape column = target;
    for (int64_t dimension = 0; dimension < target.rank(); ++dimension)
      if (dimension != axis)
        column.set(dimension, 1);
    return c.reshape(parameter, column);
  }
  if (shape.rank() != target.rank() || block < 0 || (shape.here[axis] - 1) * block >= target.here[axis] ||
      shape.here[axis] * block < target.here[axis]) {
    (void)c.node.wrong("expects a scale and a zero point for each block of " + Twine(block) + " elements");
    return {};
  }
  Shape unit = shape, repeated = shape;
  unit.insert(axis + 1, 1);
  repeated.insert(axis + 1, block);
  Value all = c.reshape(c.broadcast(c.reshape(parameter, unit), repeated), repeated.merged(axis, axis + 2));
  return shape.here[axis] * block == target.here[axis] ? all : c.slice(all, axis, 0, target.here[axis]);
}

/// The smallest and the largest number of an integer type; nullopt, after an error, for another type.
static std::optional<std::pair<double, double>> rangeOf(NodeReader &node, ElementType type) {
  auto integer = integerBits(type);
  if (!integer || integer->first > 16) {
    (void)node.wrong("expects a type of at most 16 bits, got element type " + Twine(static_cast<int>(type)));
    return std::nullopt;
  }
  double half = static_cast<double>(uint64_t(1) << (integer->first - 1));
  return integer->second ? std::pair(-half, half - 1) : std::pair(0.0, 2 * half - 1);
}

/// round(x) + zero within the range of `type`; `zero`, of integers, may be null.
static Value saturate(Composition &c, Value x, Value zero, ElementType type) {
  auto range = rangeOf(c.node, type);
  if (!x || !range)
    return {};
  x = c.op("round", x);
  if (zero)
    x = c.add(x, c.convert(zero, c.elementOf(x)));
  x = c.op("clip", x, {c.node.attr("minimum", range->first), c.node.attr("maximum", range->second)});
  return c.convert(x, ElementType::Int64);
}

/// round(x / scale) + zero.
static LogicalResult importQuantizeLinear(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0), scale = c.fixedInput(1);
  bool saturates = node.integer("saturate", 1) != 0;
  auto type = static_cast<ElementType>(node.integer("output_dtype", 0));
  if (type == ElementType::Undefined)
    type = node.has(2) ? node.elementType(2) : ElementType::UInt8;
  if (!x || !scale)
    return failure();
  int64_t given = node.integer("axis", 1), block = node.integer("block_size", 0), rank = c.rankOf(x);
  // The default axis of a vector or a number is none of its own.
  std::optional<int64_t> axis = given >= rank && !node.hasAttribute("axis") ? 0 : c.axis(given, std::max<int64_t>(rank, 1));
  if (!axis)
    return failure();
  if (node.integer("precision", 0) == static_cast<int64_t>(ElementType::Double))
    scale = c.convert(scale, ElementType::Double);
  scale = spread(c, scale, x, *axis, block);
  Value zero = node.has(2) ? spread(c, c.input(2), x, *axis, block) : Value();
  if (!scale || (node.has(2) && !zero))
    return failure();
  Value quotient = c.div(c.convert(x, c.elementOf(scale)), scale);
  // The zero point of floats is 0.
  return c.result(isFloat(type) ? convertTo(c, quotient, type, saturates) : saturate(c, quotient, zero, type), 0, type);
}

/// (x - zero) * scale.
static LogicalResult importDequantizeLinear(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0), scale = c.fixedInput(1);
  auto type = static_cast<ElementType>(node.integer("output_dtype", 0));
  if (type == ElementType::Undefined)
    type = node.elementType(1);
  if (!x || !scale)
    return failure();
  int64_t given = node.integer("axis", 1), block = node.integer("block_size", 0), rank = c.rankOf(x);
  std::optional<int64_t> axis = given >= rank && !node.hasAttribute("axis") ? 0 : c.axis(given, std::max<int64_t>(rank, 1));
  if (!axis)
    return failure();
  scale = spread(c, scale, x, *axis, block);
  if (node.has(2) && !isFloat(node.elementType(0)))
    x = c.sub(x, spread(c, c.input(2), x, *axis, block));
  if (!x || !scale)
    return failure();
  return c.result(c.convert(c.mul(c.convert(x, c.elementOf(scale)), scale), type), 0, type);
}

/// To 8 bits, with the range of x and 0 as the range of the integers.
static LogicalResult importDynamicQuantizeLinear(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  if (!x)
    return failure();
  SmallVector<int64_t> axes = llvm::to_vector(llvm::seq<int64_t>(0, c.rankOf(x)));
  Value zero = c.number(0, x);
  Value largest = c.max(c.reduce("reduce_max", x, axes, false), zero), smallest = c.min(c.reduce("reduce_min", x, axes, false), zero);
  Value range = c.sub(largest, smallest);
  Value isPoint = c.compare(nn::Relation::Equal, range, zero);
  Value width = c.select(isPoint, c.number(1, x), range);
  Value scale = c.div(width, c.number(255, x));
  Value point = saturate(c, c.op("neg", c.div(smallest, scale)), {}, ElementType::UInt8);
  Value y = saturate(c, c.div(x, scale), point, ElementType::UInt8);
  if (failed(c.result(y, 0, ElementType::UInt8)) || failed(c.result(scale, 1, node.elementType(0))))
    return failure();
  return c.result(point, 2, ElementType::UInt8);
}

/// x - zero in f64, in which sums of products of such integers are exact up to 2^53. `axis` is that of one zero for each of its elements.
static Value centered(Composition &c, size_t input, size_t zeroInput, int64_t axis) {
  Value x = c.input(input);
  if (x && c.node.has(zeroInput)) {
    Value zero = c.input(zeroInput);
    // One for each row or column of a stack of matrices broadcasts as it is.
    if (zero && c.rankOf(zero) <= 1)
      zero = spread(c, zero, x, axis, 0);
    x = c.sub(x, zero);
  }
  return x ? c.convert(x, Float64Type::get(x.getContext())) : x;
}

/// The product of stacks of matrices or vectors, as MatMul has it.
static Value product(Composition &c, Value a, Value b) {
  if (!a || !b)
    return {};
  bool row = c.rankOf(a) == 1, column = c.rankOf(b) == 1;
  Shape left = c.shapeOf(a), right = c.shapeOf(b);
  if (row)
    left.insert(0, 1);
  if (column)
    right.insert(1, 1);
  Value matrix = c.reshape(a, left), other = c.reshape(b, right);
  Value y = c.op("matmul", {matrix, other});
  if (!y)
    return {};
  Shape shape = c.shapeOf(y);
  if (row)
    shape.erase(shape.rank() - 2);
  if (column)
    shape.erase(shape.rank() - 1);
  return c.reshape(y, shape);
}

/// The product of inputs `a` and `b` less their zero points: those of rows of `a` and of columns of `b`.
static Value integerProduct(Composition &c, size_t a, size_t aZero, size_t b, size_t bZero) {
  auto rankOf = [&](size_t input) { return static_cast<int64_t>(c.node.shapes(input).first.size()); };
  Value left = centered(c, a, aZero, std::max<int64_t>(rankOf(a) - 2, 0)), right = centered(c, b, bZero, std::max<int64_t>(rankOf(b) - 1, 0));
  return product(c, left, right);
}

/// x of f64, in units of the product of scales `a` and `b`, as integers in units of scale `y`, whose zero point is the input behind it.
/// A scale of channels `axis` is one for each of its elements.
static LogicalResult requantize(Composition &c, Value x, size_t a, size_t b, size_t y, int64_t aAxis, int64_t bAxis) {
  NodeReader &node = c.node;
  Value left = c.fixedInput(a), right = c.fixedInput(b), own = c.fixedInput(y);
  auto fit = [&](Value scale, int64_t axis) {
    Value wide = scale ? c.convert(scale, ElementType::Double) : scale;
    return wide && c.rankOf(wide) <= 1 ? spread(c, wide, x, axis, 0) : wide;
  };
  left = fit(left, aAxis);
  right = fit(right, bAxis);
  Value factor = c.mul(left, right), zero = c.input(y + 1), unit = fit(own, bAxis);
  if (zero && x && c.rankOf(zero) <= 1)
    zero = spread(c, zero, x, bAxis, 0);
  ElementType type = node.elementType(y + 1);
  return zero ? c.result(saturate(c, c.mul(x, c.div(factor, unit)), zero, type), 0, type) : failure();
}

static LogicalResult importMatMulInteger(NodeReader &node) {
  Composition c(node);
  return c.result(c.convert(integerProduct(c, 0, 2, 1, 3), ElementType::Int32), 0, ElementType::Int32);
}

static LogicalResult importQLinearMatMul(NodeReader &node) {
  Composition c(node);
  Value y = integerProduct(c, 0, 2, 3, 5);
  if (!y)
    return failure();
  int64_t last = std::max<int64_t>(c.rankOf(y) - 1, 0);
  return requantize(c, y, 1, 4, 6, std::max<int64_t>(last - 1, 0), last);
}

static LogicalResult importQLinearConv(NodeReader &node) {
  Composition c(node);
  Value y = convolveIntegers(c, 2, 3, 5);
  if (y && node.has(8)) {
    Value bias = c.convert(c.input(8), ElementType::Double);
    y = c.add(y, spread(c, bias, y, 1, 0));
  }
  return y ? requantize(c, y, 1, 4, 6, 1, 1) : failure();
}

ArrayRef<OpRow> tally::onnx::getQuantizeRows() {
  static const OpRow rows[] = {
      {"QuantizeLinear", {10}, importQuantizeLinear, "", 2},
      {"DequantizeLinear", {10}, importDequantizeLinear, "", 2},
      {"DynamicQuantizeLinear", {11}, importDynamicQuantizeLinear, "", 1, 3},
      {"QLinearConv", {10}, importQLinearConv, "", 8},
      {"QLinearMatMul", {10}, importQLinearMatMul, "", 8},
      {"MatMulInteger", {10}, importMatMulInteger, "", 2},
  };
  return rows;
}

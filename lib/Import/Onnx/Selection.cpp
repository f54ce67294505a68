// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports ops that find elements by their values, and the ones and zeros that stand for what was found.
#include "Composition.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;
using nn::Relation;
using Sizes = SmallVector<int64_t>;

/// 0, 1, ... along dimension `axis` of `rank`.
static Value positions(Composition &c, int64_t axis, int64_t rank, int64_t size) {
  Sizes shape(rank, 1);
  shape[axis] = size;
  return c.integers(llvm::to_vector(llvm::seq<int64_t>(0, size)), shape);
}

/// The first position along the last dimension at which `found` holds, or its size; [..., 1].
static Value firstPosition(Composition &c, Value found) {
  if (!found)
    return {};
  int64_t last = c.rankOf(found) - 1, size = c.shapeOf(found).here[last];
  Value places = positions(c, last, c.rankOf(found), size);
  Value candidates = c.select(found, places, c.number(static_cast<double>(size), places));
  return c.reduce("reduce_min", candidates, last, true);
}

/// How many elements of the last dimension come before each one: those that are larger (smaller), and those that are equal and stand
/// before it.
static Value ranksOf(Composition &c, Value keys, bool largest) {
  Shape shape = c.shapeOf(keys), column = shape, row = shape;
  int64_t last = shape.rank() - 1, size = shape.here[last];
  column.insert(last + 1, 1);
  row.insert(last, 1);
  Value own = c.reshape(keys, column), other = c.reshape(keys, row);
  Relation strict = largest ? Relation::Greater : Relation::Less, loose = largest ? Relation::GreaterEqual : Relation::LessEqual;
  HostTensor before = HostTensor::scalar(0, ElementType::Bool);
  before.integers.clear();
  before.shape = {size, size};
  for (int64_t index = 0; index < size * size; ++index)
    before.integers.push_back(index % size < index / size);
  Value isBefore = c.node.emitConstant(before);
  Value orEqual = c.bitwise(nn::BitwiseKind::And, c.compare(loose, other, own), isBefore);
  Value precedes = c.bitwise(nn::BitwiseKind::Or, c.compare(strict, other, own), orEqual);
  return c.sum(c.convert(precedes, ElementType::Int64), last + 1, /*keep=*/false);
}

/// Where the k first elements of the last dimension in order are, [..., k], from the rank of each.
static Value placesByRank(Composition &c, Value keys, int64_t k, bool largest) {
  Value ranks = ranksOf(c, keys, largest);
  if (!ranks)
    return {};
  Shape shape = c.shapeOf(keys), row = shape;
  int64_t last = shape.rank() - 1;
  row.insert(last, 1);
  Value sought = positions(c, last, shape.rank() + 1, k);
  Value found = c.compare(Relation::Equal, c.reshape(ranks, row), sought);
  Value place = firstPosition(c, found);
  shape.set(last, k);
  return c.reshape(place, shape);
}

/// The same by taking the first one k times.
static Value placesBySelection(Composition &c, Value keys, int64_t k, bool largest) {
  int64_t last = c.rankOf(keys) - 1, size = c.shapeOf(keys).here[last];
  bool isReal = isa<FloatType>(c.elementOf(keys));
  // Integers in f64 are not exact at the ends of i64: the constant is written as an integer.
  Value worst = isReal ? c.number(largest ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity(), keys)
                       : c.integers(largest ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max(), {});
  Value places = positions(c, last, c.rankOf(keys), size), open, rest = keys;
  SmallVector<Value> taken;
  for (int64_t index = 0; index < k && rest; ++index) {
    Value extremum = c.reduce(largest ? "reduce_max" : "reduce_min", rest, last, true);
    Value found = c.compare(Relation::Equal, rest, extremum);
    Value place = firstPosition(c, open ? c.bitwise(nn::BitwiseKind::And, found, open) : found);
    taken.push_back(place);
    if (index + 1 == k)
      break;
    Value others = c.compare(Relation::NotEqual, places, place);
    open = open ? c.bitwise(nn::BitwiseKind::And, open, others) : others;
    rest = c.select(others, rest, worst);
  }
  return c.concat(taken, last);
}

/// The k largest (smallest) elements of an axis in order, the first ones of equal ones, and where they are.
static LogicalResult topK(NodeReader &node, int64_t k) {
  Composition c(node);
  Value x = c.input(0);
  std::optional<int64_t> axis = x ? c.axis(node.integer("axis", -1), c.rankOf(x)) : std::nullopt;
  bool largest = node.integer("largest", 1) != 0;
  node.ignore({"sorted"}); // without it any order will do
  if (!axis)
    return failure();
  Shape shape = c.shapeOf(x);
  int64_t size = shape.here[*axis], last = shape.rank() - 1;
  if (shape.isBatch(*axis))
    return node.unsupported("the largest elements along the batch are not supported");
  if (k < 1 || k > size)
    return node.wrong("expects a k of 1 to " + Twine(size) + ", got " + Twine(k));
  Value keys = c.moveToEnd(x, *axis), values = keys;
  if (node.elementType(0) == ElementType::UInt64)
    keys = c.bitwise(nn::BitwiseKind::Xor, keys, c.integers(std::numeric_limits<int64_t>::min(), {}));
  if (!keys)
    return failure();
  // Operations for each element: 6 * size for its rank and 3 * k to sort by ranks, or 8 * k to select. A graph of very many ops is
  // slower than one of more operations.
  bool byRank = 6 * size + 3 * k < 8 * k || k > 128;
  Value places = byRank ? placesByRank(c, keys, k, largest) : placesBySelection(c, keys, k, largest);
  if (!places)
    return failure();
  Shape taken = c.shapeOf(places), rows = c.shapeOf(keys);
  Shape table = rows.merged(0, last);
  table.insert(2, 1);
  Value y = c.op("gather", {c.reshape(values, table), c.reshape(places, taken.merged(0, last))});
  if (failed(c.result(c.moveFromEnd(c.reshape(y, taken), *axis), 0, node.elementType(0))))
    return failure();
  return c.result(c.moveFromEnd(places, *axis), 1, ElementType::Int64);
}

static LogicalResult importTopK(NodeReader &node) {
  FailureOr<std::optional<Sizes>> k = node.axesInput(1);
  if (failed(k))
    return failure();
  if ((*k)->size() != 1)
    return node.wrong("expects one number as k, got " + Twine((*k)->size()));
  return topK(node, (*k)->front());
}

static LogicalResult importTopKByAttribute(NodeReader &node) { return topK(node, node.integer("k", 0)); }

/// `on` where the position along a new dimension is the index, else `off`.
static LogicalResult oneHot(NodeReader &node, bool wraps) {
  Composition c(node);
  Value indices = c.input(0), values = c.input(2);
  FailureOr<HostTensor> given = node.constant(1);
  if (!indices || !values || failed(given))
    return failure();
  if (given->size() != 1 || c.shapeOf(values).here != Sizes{2})
    return node.wrong("expects one number as depth and two as values");
  auto depth = given->isFloat() ? static_cast<int64_t>(given->reals.front()) : given->integers.front();
  if (depth < 1 || depth > HostTensor::maximalElements)
    return node.wrong("expects a depth of 1 to " + Twine(HostTensor::maximalElements) + ", got " + Twine(depth));
  std::optional<int64_t> axis = c.axis(node.integer("axis", -1), c.rankOf(indices) + 1);
  if (!axis)
    return failure();
  indices = c.convert(indices, ElementType::Int64);
  if (wraps) {
    Value fromEnd = c.compare(Relation::Less, indices, c.number(0, indices));
    indices = c.select(fromEnd, c.add(indices, static_cast<double>(depth)), indices);
  }
  Shape shape = c.shapeOf(indices);
  shape.insert(*axis, 1);
  Value index = c.reshape(indices, shape), places = positions(c, *axis, shape.rank(), depth);
  Value hot = c.compare(Relation::Equal, index, places);
  Value off = c.reshape(c.slice(values, 0, 0, 1), {}), on = c.reshape(c.slice(values, 0, 1, 1), {});
  if (values && c.elementOf(values).isInteger(1))
    return node.unsupported("truth values as values are not supported");
  return c.result(c.select(hot, on, off), 0, node.elementType(2));
}

static LogicalResult importOneHot(NodeReader &node) { return oneHot(node, /*wraps=*/true); }
static LogicalResult importOneHotWithoutWrap(NodeReader &node) { return oneHot(node, /*wraps=*/false); }

/// 1 at the first of the largest elements along a dimension, else 0; `flat`: along all dimensions from `axis` on, as if they were one.
static LogicalResult hardmax(NodeReader &node, bool flat) {
  Composition c(node);
  Value x = c.input(0);
  std::optional<int64_t> axis = x ? c.axis(node.integer("axis", flat ? 1 : -1), c.rankOf(x)) : std::nullopt;
  if (!axis)
    return failure();
  Shape shape = c.shapeOf(x);
  for (int64_t dimension = *axis; dimension < (flat ? shape.rank() : *axis + 1); ++dimension)
    if (shape.isBatch(dimension))
      return node.unsupported("a maximum along the batch is not supported");
  Value rows = flat ? c.reshape(x, shape.merged(*axis, shape.rank())) : c.moveToEnd(x, *axis);
  if (!rows)
    return failure();
  int64_t last = c.rankOf(rows) - 1, size = c.shapeOf(rows).here[last];
  Value found = c.compare(Relation::Equal, rows, c.reduce("reduce_max", rows, last, true));
  Value place = firstPosition(c, found), places = positions(c, last, last + 1, size);
  Value hot = c.compare(Relation::Equal, places, place);
  Value y = c.convert(hot, c.elementOf(x));
  return c.result(flat ? c.reshape(y, shape) : c.moveFromEnd(y, *axis));
}

static LogicalResult importHardmax(NodeReader &node) { return hardmax(node, /*flat=*/false); }
static LogicalResult importFlatteningHardmax(NodeReader &node) { return hardmax(node, /*flat=*/true); }

ArrayRef<OpRow> tally::onnx::getSelectionRows() {
  static const OpRow rows[] = {
      {"TopK", {7, 10}, importTopKByAttribute, "", 1, 2},
      {"TopK", {10}, importTopK, "", 2, 2},
      {"OneHot", {9, 11}, importOneHotWithoutWrap, "", 3},
      {"OneHot", {11}, importOneHot, "", 3},
      {"Hardmax", {7, 13}, importFlatteningHardmax},
      {"Hardmax", {13}, importHardmax},
  };
  return rows;
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports ops that take and put elements at places that are data: each is a row of a table.
#include "Composition.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;
using Sizes = SmallVector<int64_t>;

/// x as [outer, axis, inner] around dimension `axis`.
static Value asTable(Composition &c, Value x, int64_t axis) {
  Shape shape = c.shapeOf(x);
  return c.reshape(x, shape.merged(axis + 1, shape.rank()).merged(0, axis));
}

/// The places of an input that is known, within [-size, size); an error otherwise.
static std::optional<Sizes> knownPlaces(NodeReader &node, const HostTensor &indices, int64_t size) {
  for (int64_t index : indices.integers)
    if (index < -size || index >= size) {
      (void)node.wrong("index " + Twine(index) + " is out of range for " + Twine(size) + " elements");
      return std::nullopt;
    }
  return llvm::to_vector(llvm::map_range(indices.integers, [&](int64_t index) { return index < 0 ? index + size : index; }));
}

/// All elements of a list that follows from the batch, in their order, as a tensor whose first dimension is the batch: exporters write
/// as_strided so. The shape of the result; nullopt for anything else.
static std::optional<Shape> shapeOfAll(Composition &c, const Shape &list, const HostTensor &indices) {
  ArrayRef<int64_t> sizes = indices.shape;
  if (list.rank() != 1 || !list.isBatch(0) || indices.size() != list.here[0] || sizes.empty() || sizes[0] != c.node.getBatch())
    return std::nullopt;
  for (auto [position, index] : llvm::enumerate(indices.integers))
    if (index != static_cast<int64_t>(position))
      return std::nullopt;
  Shape all = {Sizes(sizes), Sizes(sizes)};
  all.there[0] = list.there[0] / (list.here[0] / sizes[0]);
  return all;
}

static LogicalResult importGather(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  if (!x)
    return failure();
  std::optional<int64_t> axis = c.axis(node.integer("axis", 0), c.rankOf(x));
  if (!axis)
    return failure();
  if (isFloat(node.elementType(1)))
    return node.wrong("expects integers as indices");
  Shape shape = c.shapeOf(x), result = shape;
  auto [indices, otherIndices] = node.shapes(1);
  result.erase(*axis);
  result.here.insert(result.here.begin() + *axis, indices.begin(), indices.end());
  result.there.insert(result.there.begin() + *axis, otherIndices.begin(), otherIndices.end());
  auto known = node.constants(1);
  if (known && known->first == known->second) {
    if (std::optional<Shape> all = shapeOfAll(c, shape, known->first))
      return c.result(c.reshape(x, *all), 0, node.elementType(0));
    std::optional<Sizes> places = knownPlaces(node, known->first, shape.here[*axis]);
    return places ? c.result(c.reshape(c.take(x, *axis, *places), result), 0, node.elementType(0)) : failure();
  }
  Value places = c.input(1);
  if (!places)
    return failure();
  Shape list = c.shapeOf(places).merged(0, indices.size());
  list.insert(0, 1);
  Value table = asTable(c, x, *axis);
  Value taken = c.op("gather", {table, c.reshape(places, list)});
  return c.result(c.reshape(taken, result), 0, node.elementType(0));
}

/// Dimension `axis` last, all others as one: a table of rows of one element, of which GatherElements and ScatterElements take one each.
static Value asRows(Composition &c, Value x, int64_t axis) {
  Value last = c.moveToEnd(x, axis);
  Shape shape = c.shapeOf(last);
  return c.reshape(last, shape.merged(0, shape.rank() - 1));
}

static Value withUnitInner(Composition &c, Value x) {
  Shape shape = c.shapeOf(x);
  shape.insert(shape.rank(), 1);
  return c.reshape(x, shape);
}

/// x cut to the sizes of `indices` in all dimensions but `axis`.
static Value cutTo(Composition &c, Value x, const Shape &indices, int64_t axis) {
  for (int64_t dimension = 0; x && dimension < c.rankOf(x); ++dimension)
    if (dimension != axis && indices.here[dimension] != c.shapeOf(x).here[dimension])
      x = c.slice(x, dimension, 0, indices.here[dimension]);
  return x;
}

/// y[i][j][k] = x[index[i][j][k]][j][k] for axis 0, and so on.
static LogicalResult importGatherElements(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0), indices = c.input(1);
  if (!x || !indices)
    return failure();
  std::optional<int64_t> axis = c.axis(node.integer("axis", 0), c.rankOf(x));
  if (!axis)
    return failure();
  if (c.rankOf(indices) != c.rankOf(x))
    return node.wrong("expects indices of the rank of the data");
  Shape result = c.shapeOf(c.moveToEnd(indices, *axis));
  Value rows = withUnitInner(c, asRows(c, cutTo(c, x, c.shapeOf(indices), *axis), *axis));
  Value taken = c.op("gather", {rows, asRows(c, indices, *axis)});
  return c.result(c.moveFromEnd(c.reshape(taken, result), *axis), 0, node.elementType(0));
}

/// Scatter and ScatterElements: y = x but y[index[i][j][k]][j][k] = reduce(x, updates[i][j][k]) for axis 0, and so on.
static LogicalResult importScatterElements(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0), indices = c.input(1), updates = c.input(2);
  if (!x || !indices || !updates)
    return failure();
  std::optional<int64_t> axis = c.axis(node.integer("axis", 0), c.rankOf(x));
  std::optional<nn::ScatterReduction> reduction = nn::symbolizeScatterReduction(node.string("reduction", "none"));
  if (!axis)
    return failure();
  if (!reduction)
    return node.wrong("expects 'none', 'add', 'mul', 'max' or 'min' as reduction, got '" + node.string("reduction", "none") + "'");
  if (c.rankOf(indices) != c.rankOf(x) || c.shapeOf(indices) != c.shapeOf(updates))
    return node.wrong("expects indices of the rank of the data and of the shape of the updates");
  Attributes attributes = {node.attr("reduction", node.getBuilder().getI32IntegerAttr(static_cast<int32_t>(*reduction)))};
  Shape all = c.shapeOf(x), touched = c.shapeOf(indices);
  Value part = cutTo(c, x, touched, *axis);
  Shape moved = c.shapeOf(c.moveToEnd(part, *axis));
  Value rows = withUnitInner(c, asRows(c, part, *axis));
  Value y = c.op("scatter", {rows, asRows(c, indices, *axis), withUnitInner(c, asRows(c, updates, *axis))}, attributes);
  y = c.moveFromEnd(c.reshape(y, moved), *axis);
  // What no index can reach lies behind.
  for (int64_t dimension = all.rank() - 1; y && dimension >= 0; --dimension) {
    int64_t size = c.shapeOf(y).here[dimension];
    if (size == all.here[dimension])
      continue;
    Value rest = c.slice(x, dimension, size, -1);
    for (int64_t inner = 0; rest && inner < dimension; ++inner)
      if (c.shapeOf(y).here[inner] != c.shapeOf(rest).here[inner])
        rest = c.slice(rest, inner, 0, c.shapeOf(y).here[inner]);
    y = rest ? c.concat({y, rest}, dimension) : Value();
  }
  return c.result(y, 0, node.elementType(0));
}

/// The rows of indices [..., k], each for the first k dimensions of a table behind `batch` dimensions, as places in the table flattened:
/// [batch, places]. Places that are negative count from the end of their dimension.
static Value flatPlaces(Composition &c, Value indices, ArrayRef<int64_t> sizes, int64_t batch) {
  Shape shape = c.shapeOf(indices);
  int64_t last = shape.rank() - 1, number = static_cast<int64_t>(sizes.size());
  Value place;
  for (int64_t position = 0; position < number; ++position) {
    Value index = c.slice(indices, last, position, 1);
    Value size = c.number(static_cast<double>(sizes[position]), index);
    Value fromEnd = c.compare(nn::Relation::Less, index, c.number(0, index));
    index = c.select(fromEnd, c.add(index, size), index);
    place = place ? c.add(c.mul(place, size), index) : index;
  }
  shape.erase(last);
  return c.reshape(place, shape.merged(batch, shape.rank()).merged(0, batch));
}

/// Places that are known are positions.
static Value asPositions(Composition &c, Value places) {
  std::optional<HostTensor> list = places ? c.node.known(places) : std::nullopt;
  return list ? c.node.emitPositions(list->integers, list->shape) : places;
}

/// y[b..., i...] = x[b..., indices[b..., i..., :]] with `batch_dims` dimensions b.
static LogicalResult importGatherND(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0), indices = c.input(1);
  if (!x || !indices)
    return failure();
  Shape shape = c.shapeOf(x), places = c.shapeOf(indices);
  int64_t batch = node.integer("batch_dims", 0);
  if (places.rank() < 1 || places.isBatch(places.rank() - 1))
    return node.wrong("expects indices with at least one dimension");
  int64_t depth = places.here.back();
  if (batch < 0 || batch >= places.rank() || depth < 1 || batch + depth > shape.rank())
    return node.wrong("expects indices of " + Twine(batch) + " batch dimensions and at most " + Twine(shape.rank() - batch) + " numbers each");
  for (int64_t axis = batch; axis < batch + depth; ++axis)
    if (shape.isBatch(axis))
      return node.unsupported("indices into the batch are not supported");
  SmallVector<int64_t> sizes(ArrayRef(shape.here).slice(batch, depth));
  Value table = c.reshape(x, shape.merged(batch + depth, shape.rank()).merged(batch, batch + depth).merged(0, batch));
  Value taken = c.op("gather", {table, asPositions(c, flatPlaces(c, indices, sizes, batch))});
  Shape result = places;
  result.erase(places.rank() - 1);
  result.here.append(shape.here.begin() + batch + depth, shape.here.end());
  result.there.append(shape.there.begin() + batch + depth, shape.there.end());
  return c.result(c.reshape(taken, result), 0, node.elementType(0));
}

/// y = x, then y[indices[i..., :]] = reduce(y, updates[i...]).
static LogicalResult importScatterND(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0), indices = c.input(1), updates = c.input(2);
  if (!x || !indices || !updates)
    return failure();
  Shape shape = c.shapeOf(x), places = c.shapeOf(indices);
  int64_t depth = places.rank() < 1 ? 0 : places.here.back();
  std::optional<nn::ScatterReduction> reduction = nn::symbolizeScatterReduction(node.string("reduction", "none"));
  if (!reduction)
    return node.wrong("expects 'none', 'add', 'mul', 'max' or 'min' as reduction, got '" + node.string("reduction", "none") + "'");
  if (depth < 1 || depth > shape.rank())
    return node.wrong("expects indices of 1 to " + Twine(shape.rank()) + " numbers each, got " + Twine(depth));
  for (int64_t axis = 0; axis < depth; ++axis)
    if (shape.isBatch(axis))
      return node.unsupported("indices into the batch are not supported");
  Shape table = shape.merged(depth, shape.rank()).merged(0, depth);
  table.insert(0, 1);
  Value flat = asPositions(c, flatPlaces(c, indices, ArrayRef(shape.here).take_front(depth), 0));
  Shape rows = c.shapeOf(flat);
  rows.insert(2, table.here[2]);
  rows.there[2] = table.there[2];
  Value y = c.op("scatter", {c.reshape(x, table), flat, c.reshape(updates, rows)},
                 {node.attr("reduction", node.getBuilder().getI32IntegerAttr(static_cast<int32_t>(*reduction)))});
  return c.result(c.reshape(y, shape), 0, node.elementType(0));
}

ArrayRef<OpRow> tally::onnx::getGatherRows() {
  static const OpRow rows[] = {
      {"Gather", {7}, importGather, "", 2},
      {"GatherElements", {11}, importGatherElements, "", 2},
      {"GatherND", {11}, importGatherND, "", 2},
      {"Scatter", {9, 11}, importScatterElements, "", 3},
      {"ScatterElements", {11}, importScatterElements, "", 3},
      {"ScatterND", {11}, importScatterND, "", 3},
  };
  return rows;
}

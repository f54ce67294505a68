// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports pooling over windows and over whole images, and its inverse.
#include "WindowReader.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;
using Sizes = SmallVector<int64_t>;

/// nn.<target> along spatial dimensions [first, first + number), one or two, as height and width of an image: what stands before them
/// becomes channels, what stands behind one of them its width.
static Value poolAsImage(Composition &c, StringRef target, Value x, const Window &window, int64_t first, int64_t number,
                         const Attributes &more) {
  if (!x)
    return {};
  Shape shape = c.shapeOf(x), image = shape;
  Window part = window.part(first, number);
  if (number == 1) {
    bool isLast = 3 + first == shape.rank();
    image = shape.merged(3 + first, shape.rank()); // a width of 1 where nothing stands behind: the height then
    if (isLast) {
      image.erase(3 + first);
      image.insert(2 + first, 1);
    }
    part = part.withUnit(isLast ? 0 : 1);
  }
  image = image.merged(1, 2 + first);
  Attributes attributes = {c.node.attr("kernel", part.kernel), c.node.attr("strides", part.strides),
                           c.node.attr("dilations", part.dilations), c.node.attr("pads", part.pads),
                           c.node.attr("ceil_mode", c.node.getBuilder().getBoolAttr(window.ceil))};
  attributes.append(more.begin(), more.end());
  Value y = c.op(target, c.reshape(x, image), attributes);
  for (int64_t dimension = first; dimension < first + number; ++dimension)
    shape.set(2 + dimension, window.along(dimension, shape.here[2 + dimension]).outputs());
  return c.reshape(y, shape);
}

/// Maxima and means over windows are those along the last two dimensions, then along each other one.
static Value pool(Composition &c, StringRef target, Value x, const Window &window, const Attributes &more) {
  auto rank = static_cast<int64_t>(window.rank());
  int64_t last = std::min<int64_t>(rank, 2);
  x = poolAsImage(c, target, x, window, rank - last, last, more);
  for (int64_t dimension = rank - last - 1; dimension >= 0; --dimension)
    x = poolAsImage(c, target, x, window, dimension, 1, more);
  return x;
}

/// What windows along an axis read at a tap, of x with the padding behind and before.
static Value tapOf(Composition &c, Value padded, int64_t axis, const nn::Window &window, int64_t tap) {
  return c.slice(padded, axis, tap * window.dilation, window.outputs(), window.stride);
}

static Value padded(Composition &c, Value x, int64_t axis, const nn::Window &window, Value padding = {}) {
  int64_t behind = window.paddedSize() - window.before - window.size;
  return padding ? c.padWith(x, axis, window.before, behind, padding) : c.padWithZeros(x, axis, window.before, behind);
}

/// The sums over windows, along one dimension after the other.
static Value sumWindows(Composition &c, Value x, const Window &window) {
  for (size_t dimension = 0; x && dimension < window.rank(); ++dimension) {
    int64_t axis = 2 + static_cast<int64_t>(dimension);
    nn::Window along = window.along(dimension, c.shapeOf(x).here[axis]);
    if (failed(requireFewTaps(c.node, along)))
      return {};
    Value all = padded(c, x, axis, along), sum = tapOf(c, all, axis, along, 0);
    for (int64_t tap = 1; tap < along.kernel; ++tap)
      sum = c.add(sum, tapOf(c, all, axis, along, tap));
    x = sum;
  }
  return x;
}

/// Positions in the spatial dimensions, flattened row by row or (storage_order 1) column by column: [S...].
static Value flatPositions(Composition &c, ArrayRef<int64_t> sizes, bool columns) {
  int64_t total = *checkedProduct(sizes);
  Sizes positions;
  for (int64_t position = 0; position < total; ++position) {
    int64_t rest = position, transposed = 0;
    Sizes index(sizes.size());
    for (size_t dimension = sizes.size(); dimension-- > 0; rest /= sizes[dimension])
      index[dimension] = rest % sizes[dimension];
    for (size_t dimension = sizes.size(); dimension-- > 0;)
      transposed = transposed * sizes[dimension] + index[dimension];
    positions.push_back(columns ? transposed : position);
  }
  return c.integers(positions, sizes);
}

/// The number of elements of x before each of its channels: [N, C, 1, ...].
static Value channelOffsets(Composition &c, const Shape &shape) {
  auto offsets = [&](ArrayRef<int64_t> sizes) {
    int64_t channel = *checkedProduct(sizes.drop_front(2)), number = sizes[0] * sizes[1];
    Sizes values = llvm::to_vector(llvm::map_range(llvm::seq<int64_t>(0, number), [&](int64_t index) { return index * channel; }));
    HostTensor host = HostTensor::vector(values);
    host.shape.assign(sizes.size(), 1);
    host.shape[0] = sizes[0];
    host.shape[1] = sizes[1];
    return host;
  };
  return c.node.emitConstant(offsets(shape.here), offsets(shape.there));
}

/// Maxima, and the places in x of the first of each, as comparisons of one tap with the next: of any type, in any number of dimensions.
static LogicalResult maximaWithPlaces(Composition &c, Value x, const Window &window, bool columns) {
  NodeReader &node = c.node;
  Shape shape = c.shapeOf(x);
  auto total = checkedProduct(ArrayRef(shape.here).drop_front(2));
  if (!total || *total > 1 << 24)
    return node.unsupported("expects at most " + Twine(1 << 24) + " places");
  Value lowest = isa<FloatType>(c.elementOf(x)) ? c.number(-std::numeric_limits<double>::infinity(), x)
                                                : c.integers(std::numeric_limits<int64_t>::min(), {});
  Value places = flatPositions(c, ArrayRef(shape.here).drop_front(2), columns);
  int64_t outer = 0; // dimensions in front of the spatial ones in `places`
  for (size_t dimension = window.rank(); x && places && dimension-- > 0;) {
    int64_t axis = 2 + static_cast<int64_t>(dimension);
    nn::Window along = window.along(dimension, c.shapeOf(x).here[axis]);
    if (failed(requireFewTaps(node, along)))
      return failure();
    Value all = padded(c, x, axis, along, lowest), allPlaces = padded(c, places, axis - 2 + outer, along);
    x = tapOf(c, all, axis, along, 0);
    places = tapOf(c, allPlaces, axis - 2 + outer, along, 0);
    for (int64_t tap = 1; tap < along.kernel; ++tap) {
      Value other = tapOf(c, all, axis, along, tap);
      Value greater = c.compare(nn::Relation::Greater, other, x);
      x = c.select(greater, other, x);
      places = c.select(greater, tapOf(c, allPlaces, axis - 2 + outer, along, tap), places);
    }
    outer = places ? c.rankOf(places) - static_cast<int64_t>(window.rank()) : 0;
  }
  if (failed(c.result(x, 0, node.elementType(0))))
    return failure();
  if (node.getNode().outputs.size() < 2 || node.getNode().outputs[1].empty())
    return success();
  return c.result(c.add(places, channelOffsets(c, shape)), 1, ElementType::Int64);
}

/// MaxPool and AveragePool.
static LogicalResult importPool(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  if (!x || failed(requireSpatial(node, x)))
    return failure();
  FailureOr<Window> window = readWindow(node, ArrayRef(c.shapeOf(x).here).drop_front(2), {});
  if (failed(window))
    return failure();
  window->ceil = node.integer("ceil_mode", 0) != 0;
  StringRef target = node.getRow().target;
  if (target == "average_pool") {
    bool includesPads = node.integer("count_include_pad", 0) != 0;
    return c.result(pool(c, target, x, *window, {node.attr("count_include_pad", node.getBuilder().getBoolAttr(includesPads))}));
  }
  bool columns = node.integer("storage_order", 0) != 0, hasPlaces = node.getNode().outputs.size() > 1 && !node.getNode().outputs[1].empty();
  if (hasPlaces || !isa<FloatType>(c.elementOf(x)))
    return maximaWithPlaces(c, x, *window, columns);
  return c.result(pool(c, node.isAsWritten() ? "max_pool_training" : target, x, *window, {})); // as written, a Gradient may follow
}

/// |x|^p, and the root of it.
static Value powerOf(Composition &c, Value x, int64_t p) {
  Value absolute = p == 2 ? x : c.op("abs", x);
  return p == 1 ? absolute : p == 2 ? c.mul(x, x) : c.op("pow", {absolute, c.number(static_cast<double>(p), x)});
}

static Value rootOf(Composition &c, Value x, int64_t p) {
  return p == 1 ? x : p == 2 ? c.op("sqrt", x) : c.op("pow", {x, c.number(1.0 / static_cast<double>(p), x)});
}

/// LpPool: (sum of |x|^p over the window)^(1/p).
static LogicalResult importLpPool(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  if (!x || failed(requireSpatial(node, x)))
    return failure();
  FailureOr<Window> window = readWindow(node, ArrayRef(c.shapeOf(x).here).drop_front(2), {});
  int64_t p = node.integer("p", 2);
  if (failed(window))
    return failure();
  if (p < 1)
    return node.wrong("expects p of at least 1, got " + Twine(p));
  window->ceil = node.integer("ceil_mode", 0) != 0;
  return c.result(rootOf(c, sumWindows(c, powerOf(c, x, p), *window), p));
}

static LogicalResult importGlobalPool(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  if (!x || failed(requireSpatial(node, x)))
    return failure();
  StringRef target = node.getRow().target;
  Sizes spatial = llvm::to_vector(llvm::seq<int64_t>(2, c.rankOf(x)));
  if (target == "max_pool")
    return node.result(emitGlobalMaxPool(node, x));
  if (target == "reduce_mean") // what exporters write as ReduceMean costs the same
    return c.result(c.mean(x, spatial));
  int64_t p = node.integer("p", 2);
  if (p < 1)
    return node.wrong("expects p of at least 1, got " + Twine(p));
  return c.result(rootOf(c, c.sum(powerOf(c, x, p), spatial), p));
}

/// Each element of x at its place in an image of zeros. Places count through the whole tensor of the size that the window was applied to;
/// with an output_shape, zeros follow.
static LogicalResult importMaxUnpool(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0), places = c.input(1);
  if (!x || !places || failed(requireSpatial(node, x)))
    return failure();
  Shape shape = c.shapeOf(x), image = shape;
  if (c.shapeOf(places) != shape)
    return node.wrong("expects a place for each element");
  FailureOr<Window> window = readWindowAttributes(node, shape.rank() - 2, {});
  if (failed(window))
    return failure();
  for (size_t dimension = 0; dimension < window->rank(); ++dimension) {
    nn::Window along = window->along(dimension, shape.here[2 + dimension]);
    image.set(2 + dimension, (along.size - 1) * along.stride + along.kernel - along.before - along.after);
    if (image.here[2 + dimension] < 1)
      return node.wrong("expects pads that leave something of dimension " + Twine(2 + dimension));
  }
  Shape flat = image.merged(2, image.rank()), rows = flat.merged(0, 2);
  Shape list = shape.merged(2, shape.rank()).merged(0, 2), updates = list;
  int64_t size = flat.here[2];
  rows.insert(2, 1);
  updates.insert(2, 1);
  Value within = c.op("remainder", {places, c.number(static_cast<double>(size), places)});
  Value zeros = c.reshape(c.broadcast(c.number(0, x), flat), rows);
  Value y = c.op("scatter", {zeros, c.reshape(within, list), c.reshape(x, updates)},
                 {node.attr("reduction", node.getBuilder().getI32IntegerAttr(static_cast<int32_t>(nn::ScatterReduction::None)))});
  y = c.reshape(y, image);
  auto asked = node.constants(2);
  if (node.has(2) && !asked)
    return node.unsupported("output_shape must be known at import time");
  if (asked && asked->first.integers.size() != static_cast<size_t>(image.rank()))
    return node.wrong("expects " + Twine(image.rank()) + " sizes as output_shape");
  for (int64_t axis = 2; asked && axis < image.rank(); ++axis) {
    int64_t more = asked->first.integers[axis] - image.here[axis];
    if (more < 0)
      return node.wrong("expects an output_shape of at least " + Twine(image.here[axis]) + " in dimension " + Twine(axis));
    y = c.padWithZeros(y, axis, 0, more);
  }
  return c.result(y);
}

ArrayRef<OpRow> tally::onnx::getPoolRows() {
  static const OpRow rows[] = {{"MaxPool", {7}, importPool, "max_pool", 1, 2},
                               {"AveragePool", {7}, importPool, "average_pool"},
                               {"LpPool", {7}, importLpPool},
                               {"GlobalMaxPool", {7}, importGlobalPool, "max_pool"},
                               {"GlobalAveragePool", {7}, importGlobalPool, "reduce_mean"},
                               {"GlobalLpPool", {7}, importGlobalPool},
                               {"MaxUnpool", {9}, importMaxUnpool, "", 2}};
  return rows;
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports ops that sample images at points which are data: each point reads elements next to it along each dimension, with weights.
#include "WindowReader.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;
using Sizes = SmallVector<int64_t>;

namespace {

/// What points read along one dimension: places, in elements of the table, and weights (null for 1) of as many taps. The values of all
/// dimensions broadcast.
struct AxisTaps {
  SmallVector<Value> places, weights;
};

enum class Padding { Zeros, Border, Reflection };

/// How points between the elements of a dimension of `size` elements are read; the image ends at `low` and `high`.
struct Sampling {
  StringRef mode; ///< nearest, linear or cubic
  Padding padding;
  int64_t size;
  double low, high;
};

} // namespace

static Value clamp(Composition &c, Value x, double least, double most) {
  return c.op("clip", x, {c.node.attr("minimum", least), c.node.attr("maximum", most)});
}

/// x mirrored at `low` and `high` until it is between them.
static Value reflect(Composition &c, Value x, double low, double high) {
  double range = high - low;
  if (range == 0)
    return c.add(c.mul(x, 0.0), low);
  Value distance = c.op("abs", c.add(x, -low));
  Value number = c.op("floor", c.mul(distance, 1 / range));
  Value rest = c.sub(distance, c.mul(number, range));
  Value pairs = c.mul(c.op("floor", c.mul(number, 0.5)), 2.0);
  Value isEven = c.compare(nn::Relation::Equal, number, pairs), fromLow = c.add(rest, low), fromHigh = c.sub(high, rest);
  return c.select(isEven, fromLow, fromHigh);
}

/// A coordinate outside the image. Cubic convolution reads what is next to it there (as PyTorch and ONNX Runtime).
static Value padCoordinate(Composition &c, Value x, const Sampling &how) {
  if (how.padding == Padding::Zeros || how.mode == "cubic")
    return x;
  return how.padding == Padding::Reflection ? reflect(c, x, how.low, how.high) : clamp(c, x, 0, static_cast<double>(how.size - 1));
}

/// The weights of elements next to a point, `x` behind the element below it.
static SmallVector<Value> weightsOf(Composition &c, StringRef mode, Value x) {
  if (mode == "linear")
    return {c.sub(1, x), x};
  // Keys' cubic convolution with a = -3/4.
  constexpr double a = -0.75;
  auto near = [&](Value t) { return c.add(c.mul(c.mul(c.add(c.mul(t, a + 2), -(a + 3)), t), t), 1); };
  auto far = [&](Value t) { return c.add(c.mul(c.add(c.mul(c.add(c.mul(t, a), -5 * a), t), 8 * a), t), -4 * a); };
  Value rest = c.sub(1, x), first = far(c.add(x, 1)), second = near(x), third = near(rest), last = far(c.add(rest, 1));
  return {first, second, third, last};
}

/// Places (times `stride`) and weights of what points at coordinates x, in elements, read.
static AxisTaps tapsOf(Composition &c, Value x, const Sampling &how, int64_t stride) {
  bool isNearest = how.mode == "nearest";
  x = padCoordinate(c, isNearest ? c.op("round", x) : x, how);
  Value below = isNearest ? x : c.op("floor", x);
  AxisTaps taps;
  taps.weights = isNearest ? SmallVector<Value>{Value()} : weightsOf(c, how.mode, c.sub(x, below));
  int64_t first = how.mode == "cubic" ? -1 : 0;
  for (auto [tap, weight] : llvm::enumerate(taps.weights)) {
    int64_t offset = first + static_cast<int64_t>(tap);
    Value position = offset == 0 ? below : c.add(below, static_cast<double>(offset));
    if (how.padding == Padding::Reflection)
      position = reflect(c, position, how.low, how.high);
    Value inside = clamp(c, position, 0, static_cast<double>(how.size - 1));
    if (how.padding == Padding::Zeros) {
      Value isInside = c.compare(nn::Relation::Equal, position, inside), zero = c.number(0, x);
      weight = c.select(isInside, weight ? weight : c.number(1, x), zero);
    }
    Value place = c.convert(inside, ElementType::Int64);
    taps.places.push_back(stride == 1 ? place : c.mul(place, c.number(static_cast<double>(stride), place)));
  }
  return taps;
}

/// What points read of a table [B, elements, D], for each combination of taps: [B, points, D]. `list` is [B, points].
static void readTaps(Composition &c, Value table, ArrayRef<AxisTaps> axes, const Shape &list, SmallVectorImpl<Value> &parts,
                     Value place = {}, Value weight = {}) {
  if (axes.empty()) {
    Shape column = list;
    column.insert(2, 1);
    Value taken = c.op("gather", {table, c.reshape(place, list)});
    parts.push_back(weight ? c.mul(taken, c.reshape(weight, column)) : taken);
    return;
  }
  for (auto [ownPlace, ownWeight] : llvm::zip_equal(axes.front().places, axes.front().weights)) {
    Value sum = place ? c.add(place, ownPlace) : ownPlace;
    Value product = weight && ownWeight ? c.mul(weight, ownWeight) : weight ? weight : ownWeight;
    readTaps(c, table, axes.drop_front(), list, parts, sum, product);
  }
}

static Value combine(Composition &c, StringRef op, ArrayRef<Value> parts) {
  Value all = parts.front();
  for (Value part : parts.drop_front())
    all = c.op(op, {all, part});
  return all;
}

/// x [N, C, ...] as a table [N, elements, C].
static Value asTable(Composition &c, Value x) {
  if (!x)
    return {};
  return c.transpose(c.reshape(x, c.shapeOf(x).merged(2, c.rankOf(x))), {0, 2, 1});
}

static LogicalResult importGridSample(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0), grid = c.input(1);
  if (!x || !grid || failed(requireSpatial(node, x)))
    return failure();
  Shape image = c.shapeOf(x), points = c.shapeOf(grid);
  int64_t rank = image.rank() - 2;
  if (points.rank() != rank + 2 || points.here.back() != rank || points.here[0] != image.here[0])
    return node.wrong("expects a grid [N, ..., " + Twine(rank) + "] for " + Twine(rank) + " spatial dimensions");
  StringRef mode = node.string("mode", "linear"), padding = node.string("padding_mode", "zeros");
  mode = mode == "bilinear" ? "linear" : mode == "bicubic" ? "cubic" : mode; // the words before opset 20
  if (!llvm::is_contained({"nearest", "linear", "cubic"}, mode))
    return node.wrong("expects 'nearest', 'linear' or 'cubic' as mode, got '" + mode + "'");
  if (!llvm::is_contained({"zeros", "border", "reflection"}, padding))
    return node.wrong("expects 'zeros', 'border' or 'reflection' as padding_mode, got '" + padding + "'");
  bool aligned = node.integer("align_corners", 0) != 0;
  Shape list = points.merged(1, 1 + rank), result = points;
  list.erase(2);
  result.erase(1 + rank);
  result.insert(1, image.here[1]);
  SmallVector<AxisTaps> axes;
  int64_t stride = 1;
  for (int64_t dimension = rank - 1; dimension >= 0; --dimension) {
    int64_t size = image.here[2 + dimension];
    auto elements = static_cast<double>(size);
    // -1 and 1 are the middles of the outer elements, or their outer ends; a point has the last dimension's number first.
    Value normal = c.reshape(c.slice(grid, 1 + rank, rank - 1 - dimension, 1), list);
    Value coordinate = c.mul(c.add(normal, 1), (aligned ? elements - 1 : elements) / 2);
    Sampling how = {mode, padding == "zeros" ? Padding::Zeros : padding == "border" ? Padding::Border : Padding::Reflection, size,
                    aligned ? 0 : -0.5, aligned ? elements - 1 : elements - 0.5};
    axes.push_back(tapsOf(c, aligned ? coordinate : c.add(coordinate, -0.5), how, stride));
    stride *= size;
  }
  SmallVector<Value> parts;
  readTaps(c, asTable(c, x), axes, list, parts);
  return c.result(c.reshape(c.transpose(combine(c, "add", parts), {0, 2, 1}), result), 0, node.elementType(0));
}

/// The points of an image, from -1 to 1 along each dimension, mapped by the affine maps theta, [N, d, d + 1].
static LogicalResult importAffineGrid(NodeReader &node) {
  Composition c(node);
  Value theta = c.input(0);
  auto size = node.constants(1);
  if (!theta)
    return failure();
  if (!size)
    return node.unsupported("size must be known at import time");
  Shape maps = c.shapeOf(theta), result = maps;
  ArrayRef<int64_t> sizes = size->first.integers;
  int64_t rank = static_cast<int64_t>(sizes.size()) - 2;
  if (rank < 1 || maps.rank() != 3 || maps.here[1] != rank || maps.here[2] != rank + 1 || sizes[0] != maps.here[0])
    return node.wrong("expects size to be [N, C, ...] and theta to be [N, " + Twine(rank) + ", " + Twine(rank + 1) + "]");
  if (size->second.integers.size() != sizes.size() || !std::equal(sizes.begin() + 1, sizes.end(), size->second.integers.begin() + 1))
    return node.unsupported("an image whose size depends on the batch size is not supported");
  bool aligned = node.integer("align_corners", 0) != 0;
  auto total = checkedProduct(sizes.drop_front(2));
  if (!total || *total < 1 || *total > 1 << 24)
    return node.wrong("expects sizes of at least 1, and at most " + Twine(1 << 24) + " points");
  std::vector<double> points;
  for (int64_t point = 0; point < *total; ++point) {
    int64_t rest = point;
    for (int64_t size : llvm::reverse(sizes.drop_front(2))) { // x first
      auto index = static_cast<double>(rest % size), elements = static_cast<double>(size);
      points.push_back(!aligned ? (2 * index + 1) / elements - 1 : size > 1 ? 2 * index / (elements - 1) - 1 : 0);
      rest /= size;
    }
    points.push_back(1);
  }
  result.erase(1);
  result.set(1, rank);
  for (int64_t size : llvm::reverse(sizes.drop_front(2)))
    result.insert(1, size);
  Value grid = c.op("matmul", {c.reals(points, {*total, rank + 1}, theta), theta},
                    {node.attr("transpose_y", node.getBuilder().getUnitAttr())});
  return c.result(c.reshape(grid, result));
}

/// Coordinates between the first and the last element, with bilinear weights that are 0 further than one element outside.
static AxisTaps roiTaps(Composition &c, Value x, int64_t size, int64_t stride) {
  auto last = static_cast<double>(size - 1);
  Value aboveLow = c.compare(nn::Relation::GreaterEqual, x, c.number(-1, x));
  Value belowHigh = c.compare(nn::Relation::LessEqual, x, c.number(last + 1, x));
  Value isInside = c.bitwise(nn::BitwiseKind::And, aboveLow, belowHigh), zero = c.number(0, x);
  Value inside = clamp(c, x, 0, last), below = c.op("floor", inside), above = clamp(c, c.add(below, 1), 0, last);
  Value fraction = c.sub(inside, below);
  AxisTaps taps;
  for (auto [position, weight] : {std::pair(below, c.sub(1, fraction)), {above, fraction}}) {
    Value place = c.convert(position, ElementType::Int64);
    taps.places.push_back(stride == 1 ? place : c.mul(place, c.number(static_cast<double>(stride), place)));
    taps.weights.push_back(c.select(isInside, weight, zero));
  }
  return taps;
}

/// Regions [x1, y1, x2, y2] of images, cut into bins, of which each is the mean (or, of weighted elements, the maximum) of samples.
static LogicalResult importRoiAlign(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0), regions = c.input(1), images = c.input(2);
  if (!x || !regions || !images)
    return failure();
  Shape image = c.shapeOf(x), rows = c.shapeOf(regions);
  if (image.rank() != 4 || rows.rank() != 2 || rows.here[1] != 4 || c.rankOf(images) != 1)
    return node.wrong("expects an input of 4 dimensions, rois [R, 4] and batch_indices [R]");
  StringRef mode = node.string("mode", "avg");
  StringRef coordinates = node.string("coordinate_transformation_mode", node.getRow().target);
  if ((mode != "avg" && mode != "max") || (coordinates != "half_pixel" && coordinates != "output_half_pixel"))
    return node.wrong("expects 'avg' or 'max' as mode, and 'half_pixel' or 'output_half_pixel' as coordinate_transformation_mode");
  int64_t samples = node.integer("sampling_ratio", 0);
  if (samples < 1)
    return node.unsupported("expects a sampling_ratio of at least 1: with 0 the number of samples depends on values");
  double scale = node.real("spatial_scale", 1);
  Sizes bins = {node.integer("output_height", 1), node.integer("output_width", 1)};
  if (bins[0] < 1 || bins[1] < 1)
    return node.wrong("expects output_height and output_width of at least 1");
  Shape each = rows;
  each.set(1, 1);
  each.insert(2, 1);
  SmallVector<AxisTaps> axes;
  Value offset = c.mul(images, c.number(static_cast<double>(image.here[2] * image.here[3]), images));
  axes.push_back({{c.reshape(offset, each)}, {Value()}});
  bool halfPixel = coordinates == "half_pixel";
  for (int64_t side : {0, 1}) {
    auto bound = [&](int64_t column) {
      Value value = c.mul(c.reshape(c.slice(regions, 1, column, 1), each), scale);
      return halfPixel ? c.add(value, -0.5) : value;
    };
    Value start = bound(1 - side), end = bound(3 - side), length = c.sub(end, start);
    if (!halfPixel)
      length = c.max(length, c.number(1, length));
    std::vector<double> middles; // of the samples, as parts of the region
    int64_t number = bins[side] * samples;
    for (int64_t sample = 0; sample < number; ++sample)
      middles.push_back((static_cast<double>(sample) + 0.5) / static_cast<double>(number));
    Value parts = c.reals(middles, side == 0 ? ArrayRef<int64_t>{number, 1} : ArrayRef<int64_t>{1, number}, x);
    axes.push_back(roiTaps(c, c.add(c.mul(length, parts), start), image.here[2 + side], side == 0 ? image.here[3] : 1));
  }
  // One table of all images.
  Shape table = {{1, 1, image.here[1]}, {1, 1, image.here[1]}}, list = rows, split = rows;
  table.here[1] = image.here[0] * image.here[2] * image.here[3];
  table.there[1] = image.there[0] * image.here[2] * image.here[3];
  list.set(1, bins[0] * samples * bins[1] * samples);
  list = list.merged(0, 2);
  list.insert(0, 1);
  split.erase(1);
  for (int64_t size : {bins[0], samples, bins[1], samples, image.here[1]})
    split.insert(split.rank(), size);
  SmallVector<Value> parts;
  readTaps(c, c.reshape(asTable(c, x), table), axes, list, parts);
  Value read = c.reshape(combine(c, mode == "avg" ? "add" : "maximum", parts), split);
  Value y = c.reduce(mode == "avg" ? "reduce_mean" : "reduce_max", read, {2, 4}, false);
  return c.result(c.transpose(y, {0, 3, 1, 2}), 0, node.elementType(0));
}

/// A convolution whose taps are moved by offsets: what they read is made the channels of a convolution of 1 x 1.
static LogicalResult importDeformConv(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0), offset = c.input(2), mask = c.input(4, /*optional=*/true);
  FailureOr<Value> weight = node.weight(1, "conv.weight", "weight");
  if (!x || !offset || failed(weight) || (node.has(4) && !mask))
    return failure();
  Shape image = c.shapeOf(x), filter = c.shapeOf(*weight), offsets = c.shapeOf(offset);
  if (image.rank() != 4 || filter.rank() != 4 || offsets.rank() != 4)
    return node.unsupported("expects an input, a weight and offsets of 4 dimensions");
  FailureOr<Window> window = readWindow(node, ArrayRef(image.here).drop_front(2), ArrayRef(filter.here).drop_front(2));
  FailureOr<int64_t> group = readGroup(node);
  if (failed(window) || failed(group))
    return failure();
  int64_t groups = node.integer("offset_group", 1), taps = window->kernel[0] * window->kernel[1];
  Sizes outputs = {window->along(0, image.here[2]).outputs(), window->along(1, image.here[3]).outputs()};
  Sizes expected = {2 * groups * taps, outputs[0], outputs[1]};
  if (groups < 1 || image.here[1] % groups || ArrayRef(offsets.here).drop_front() != ArrayRef(expected))
    return node.wrong("expects " + Twine(expected[0]) + " offsets for each of " + Twine(outputs[0]) + " x " + Twine(outputs[1]) +
                      " outputs, and an offset_group that divides the channels");
  // [N*groups, R, S, H', W'] coordinates along height and width.
  Shape split = {{image.here[0] * groups, window->kernel[0], window->kernel[1], outputs[0], outputs[1]}, {}};
  split.there = split.here;
  split.there[0] = image.there[0] * groups;
  Shape pairs = split;
  pairs.insert(3, 2);
  offset = c.reshape(offset, pairs);
  SmallVector<AxisTaps> axes;
  for (int64_t side : {0, 1}) {
    nn::Window along = window->along(side, image.here[2 + side]);
    std::vector<double> places;
    for (int64_t tap = 0; tap < along.kernel; ++tap)
      for (int64_t output = 0; output < outputs[side]; ++output)
        places.push_back(static_cast<double>(output * along.stride + tap * along.dilation - along.before));
    Sizes form = {along.kernel, 1, outputs[side]};
    if (side == 0)
      form.push_back(1);
    Value regular = c.reals(places, form, x);
    Value coordinate = c.add(c.reshape(c.slice(offset, 3, side, 1), split), regular);
    axes.push_back(tapsOf(c, coordinate, {"linear", Padding::Zeros, along.size, 0, 0}, side == 0 ? image.here[3] : 1));
  }
  Shape table = image.merged(2, 4), list = split.merged(1, 5), columns = image;
  table.here[0] *= groups;
  table.there[0] *= groups;
  table.set(1, image.here[1] / groups);
  SmallVector<Value> parts;
  readTaps(c, asTable(c, c.reshape(x, table)), axes, list, parts);
  Value read = combine(c, "add", parts);
  if (mask) {
    list.insert(2, 1);
    read = c.mul(read, c.reshape(mask, list));
  }
  // [N, groups, taps, H', W', C/groups], the channels in front of the taps.
  columns.set(1, groups);
  columns.set(2, taps);
  columns.set(3, outputs[0]);
  columns.insert(4, outputs[1]);
  columns.insert(5, image.here[1] / groups);
  Value moved = c.transpose(c.reshape(read, columns), {0, 1, 5, 2, 3, 4});
  Shape channels = image, flat = filter;
  channels.set(1, image.here[1] * taps);
  channels.set(2, outputs[0]);
  channels.set(3, outputs[1]);
  flat.set(1, filter.here[1] * taps);
  flat.set(2, 1);
  flat.set(3, 1);
  Value y = c.op("conv", {c.reshape(moved, channels), c.reshape(*weight, flat)}, {node.integerAttr("group", *group)});
  return c.result(addBias(c, y, 3));
}

ArrayRef<OpRow> tally::onnx::getSampleRows() {
  static const OpRow rows[] = {{"GridSample", {16}, importGridSample, "", 2},
                               {"AffineGrid", {20}, importAffineGrid, "", 2},
                               {"RoiAlign", {10, 16}, importRoiAlign, "output_half_pixel", 3},
                               {"RoiAlign", {16}, importRoiAlign, "half_pixel", 3},
                               {"DeformConv", {19}, importDeformConv, "", 3}};
  return rows;
}

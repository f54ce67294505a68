// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports ops that cut, pad, repeat and rearrange.
#include "Composition.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;
using Sizes = SmallVector<int64_t>;

/// The parts of dimension `axis`, of these sizes; outputs without a name are not made.
static LogicalResult split(Composition &c, Value x, int64_t axis, ArrayRef<int64_t> sizes) {
  NodeReader &node = c.node;
  Shape shape = c.shapeOf(x);
  int64_t total = 0;
  for (int64_t size : sizes)
    total += size < 0 ? shape.here[axis] + 1 : size;
  if (sizes.size() != node.getNode().outputs.size() || total != shape.here[axis])
    return node.wrong("expects parts of dimension " + Twine(axis) + ", of size " + Twine(shape.here[axis]) + ", for " +
                      Twine(node.getNode().outputs.size()) + " outputs");
  if (shape.isBatch(axis) && sizes.size() > 1)
    return node.unsupported("parts of the batch are not supported");
  int64_t start = 0;
  for (auto [output, size] : llvm::enumerate(sizes)) {
    Value part = sizes.size() == 1 ? x : c.slice(x, axis, start, size);
    if (failed(c.result(part, output)))
      return failure();
    start += size;
  }
  return success();
}

static LogicalResult importSplit(NodeReader &node, FailureOr<std::optional<Sizes>> given) {
  Composition c(node);
  Value x = c.input(0);
  std::optional<int64_t> axis = x ? c.axis(node.integer("axis", 0), c.rankOf(x)) : std::nullopt;
  if (!axis || failed(given))
    return failure();
  if (*given)
    return split(c, x, *axis, **given);
  // Equal parts, the last one smaller where they do not fit (from opset 18).
  auto parts = static_cast<int64_t>(node.getNode().outputs.size());
  if (node.integer("num_outputs", parts) != parts)
    return node.wrong("expects num_outputs, " + Twine(node.integer("num_outputs", parts)) + ", outputs, got " + Twine(parts));
  int64_t size = c.shapeOf(x).here[*axis], part = (size + parts - 1) / parts;
  Sizes sizes(parts, part);
  sizes.back() = size - part * (parts - 1);
  return split(c, x, *axis, sizes);
}

static LogicalResult importSplitByInput(NodeReader &node) { return importSplit(node, node.axesInput(1)); }

static LogicalResult importSplitByAttribute(NodeReader &node) {
  std::optional<Sizes> sizes;
  if (node.hasAttribute("split"))
    sizes = Sizes(node.integers("split"));
  return importSplit(node, sizes);
}

/// The places that stand around dimension `axis` of size `size`, and in it, with `before` and `after` more ("reflect", "edge", "wrap").
static Sizes paddedPlaces(StringRef mode, int64_t size, int64_t before, int64_t after) {
  Sizes places;
  for (int64_t position = -before; position < size + after; ++position) {
    int64_t place = std::clamp<int64_t>(position, 0, size - 1); // edge
    if (mode == "wrap")
      place = (position % size + size) % size;
    if (mode == "reflect" && size > 1) {
      int64_t period = 2 * (size - 1);
      int64_t phase = (position % period + period) % period;
      place = phase < size ? phase : period - phase;
    }
    places.push_back(place);
  }
  return places;
}

/// Pads and, where a number is negative, cuts. `value` is null for zero.
static Value pad(Composition &c, Value x, StringRef mode, ArrayRef<int64_t> axes, ArrayRef<int64_t> pads, Value value) {
  for (size_t index = 0; x && index < axes.size(); ++index) {
    int64_t axis = axes[index], before = pads[index], after = pads[axes.size() + index];
    if (before == 0 && after == 0)
      continue;
    Shape shape = c.shapeOf(x);
    if (shape.isBatch(axis)) {
      (void)c.node.unsupported("padding of the batch is not supported");
      return {};
    }
    int64_t cutBefore = std::max<int64_t>(-before, 0), cutAfter = std::max<int64_t>(-after, 0);
    int64_t size = shape.here[axis] - cutBefore - cutAfter;
    if (size < 0 || (mode != "constant" && size == 0)) {
      (void)c.node.wrong("expects pads that leave something of dimension " + Twine(axis) + ", of size " + Twine(shape.here[axis]));
      return {};
    }
    if (cutBefore || cutAfter)
      x = c.slice(x, axis, cutBefore, size);
    before = std::max<int64_t>(before, 0);
    after = std::max<int64_t>(after, 0);
    if (mode != "constant")
      x = c.take(x, axis, paddedPlaces(mode, size, before, after));
    else if (value)
      x = c.padWith(x, axis, before, after, value);
    else
      x = c.padWithZeros(x, axis, before, after);
  }
  return x;
}

static LogicalResult importPad(NodeReader &node, const std::optional<Sizes> &pads, std::optional<Sizes> axes, Value value) {
  Composition c(node);
  Value x = c.input(0);
  StringRef mode = node.string("mode", "constant");
  if (!x)
    return failure();
  if (!llvm::is_contained({"constant", "reflect", "edge", "wrap"}, mode))
    return node.wrong("expects 'constant', 'reflect', 'edge' or 'wrap' as mode, got '" + mode + "'");
  if (!axes)
    axes = llvm::to_vector(llvm::seq<int64_t>(0, c.rankOf(x)));
  for (int64_t &axis : *axes) {
    std::optional<int64_t> normalized = c.axis(axis, c.rankOf(x));
    if (!normalized)
      return failure();
    axis = *normalized;
  }
  if (!pads || pads->size() != 2 * axes->size())
    return node.wrong("expects two pads for each of " + Twine(axes->size()) + " axes");
  return c.result(pad(c, x, mode, *axes, *pads, value));
}

static LogicalResult importPadByInput(NodeReader &node) {
  FailureOr<std::optional<Sizes>> pads = node.axesInput(1), axes = node.axesInput(3);
  if (failed(pads) || failed(axes))
    return failure();
  Composition c(node);
  Value value;
  if (node.has(2) && !node.isConstantEqual(2, 0) && !(value = c.input(2)))
    return failure();
  if (value)
    value = c.reshape(value, {}); // of one element
  return importPad(node, *pads, *axes, value);
}

static LogicalResult importPadByAttribute(NodeReader &node) {
  double number = node.real("value", 0);
  Value value;
  if (number != 0) {
    Composition c(node);
    value = c.number(number, c.input(0));
  }
  return importPad(node, Sizes(node.integers("pads")), std::nullopt, value);
}

/// Each dimension repeated: by a new dimension in front of it, along which x is broadcast.
static LogicalResult importTile(NodeReader &node) {
  FailureOr<std::optional<Sizes>> repeats = node.axesInput(1);
  Composition c(node);
  Value x = c.input(0);
  if (failed(repeats) || !x)
    return failure();
  if (static_cast<int64_t>((*repeats)->size()) != c.rankOf(x))
    return node.wrong("expects a number of repeats for each of " + Twine(c.rankOf(x)) + " dimensions");
  for (auto [axis, number] : llvm::enumerate(**repeats)) {
    if (number < 0)
      return node.wrong("expects repeats of at least 0, got " + Twine(number));
    if (number == 1)
      continue;
    Shape unit = c.shapeOf(x), repeated = unit;
    unit.insert(axis, 1);
    repeated.insert(axis, number);
    x = c.reshape(c.broadcast(c.reshape(x, unit), repeated), repeated.merged(axis, axis + 2));
    if (!x)
      return failure();
  }
  return c.result(x);
}

/// x as [N, C, H, W]; null after an error.
static Value imageInput(Composition &c, int64_t &block) {
  Value x = c.input(0);
  block = c.node.integer("blocksize", 0);
  if (x && (c.rankOf(x) != 4 || block < 1)) {
    (void)c.node.wrong("expects an input of 4 dimensions and a blocksize of at least 1");
    return {};
  }
  return x;
}

static LogicalResult importDepthToSpace(NodeReader &node) {
  Composition c(node);
  int64_t block;
  Value x = imageInput(c, block);
  if (!x)
    return failure();
  StringRef mode = node.string("mode", "DCR");
  if (mode != "DCR" && mode != "CRD")
    return node.wrong("expects 'DCR' or 'CRD' as mode, got '" + mode + "'");
  Shape shape = c.shapeOf(x), result = shape, blocks;
  int64_t channels = shape.here[1] / (block * block), height = shape.here[2], width = shape.here[3];
  if (channels * block * block != shape.here[1])
    return node.wrong("expects blocksize * blocksize to divide " + Twine(shape.here[1]) + " channels");
  bool depthFirst = mode == "DCR";
  blocks = depthFirst ? Shape{{shape.here[0], block, block, channels, height, width}, {shape.there[0], block, block, channels, height, width}}
                      : Shape{{shape.here[0], channels, block, block, height, width}, {shape.there[0], channels, block, block, height, width}};
  Value moved = c.transpose(c.reshape(x, blocks), depthFirst ? ArrayRef<int64_t>{0, 3, 4, 1, 5, 2} : ArrayRef<int64_t>{0, 1, 4, 2, 5, 3});
  result.set(1, channels);
  result.set(2, height * block);
  result.set(3, width * block);
  return c.result(c.reshape(moved, result));
}

static LogicalResult importSpaceToDepth(NodeReader &node) {
  Composition c(node);
  int64_t block;
  Value x = imageInput(c, block);
  if (!x)
    return failure();
  StringRef mode = node.string("mode", "DCR");
  if (mode != "DCR" && mode != "CRD")
    return node.wrong("expects 'DCR' or 'CRD' as mode, got '" + mode + "'");
  Shape shape = c.shapeOf(x), result = shape;
  int64_t channels = shape.here[1], height = shape.here[2] / block, width = shape.here[3] / block;
  if (height * block != shape.here[2] || width * block != shape.here[3])
    return node.wrong("expects blocksize to divide height and width");
  Shape blocks = {{shape.here[0], channels, height, block, width, block}, {shape.there[0], channels, height, block, width, block}};
  Value split = c.reshape(x, blocks);
  Value moved = c.transpose(split, mode == "DCR" ? ArrayRef<int64_t>{0, 3, 5, 1, 2, 4} : ArrayRef<int64_t>{0, 1, 3, 5, 2, 4});
  result.set(1, channels * block * block);
  result.set(2, height);
  result.set(3, width);
  return c.result(c.reshape(moved, result));
}

/// The upper (or lower) triangle of the last two dimensions: elements of a known pattern are kept, the others are 0.
static LogicalResult importTrilu(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  int64_t diagonal = 0;
  if (node.has(1)) {
    FailureOr<HostTensor> k = node.constant(1);
    if (failed(k))
      return failure();
    if (k->isFloat() || k->size() != 1)
      return node.wrong("expects one integer as k");
    diagonal = k->integers.front();
  }
  if (!x)
    return failure();
  if (c.rankOf(x) < 2)
    return node.wrong("expects an input of at least 2 dimensions");
  bool upper = node.integer("upper", 1) != 0;
  Shape shape = c.shapeOf(x);
  int64_t rank = shape.rank(), rows = shape.here[rank - 2], columns = shape.here[rank - 1];
  if (shape.isBatch(rank - 2) || shape.isBatch(rank - 1))
    return node.unsupported("a triangle of the batch is not supported");
  HostTensor mask;
  mask.type = ElementType::Bool;
  mask.shape = {rows, columns};
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t column = 0; column < columns; ++column)
      mask.integers.push_back(upper ? column - row >= diagonal : column - row <= diagonal);
  Value kept = node.emitConstant(mask);
  if (c.elementOf(x).isInteger(1))
    return c.result(c.bitwise(nn::BitwiseKind::And, x, kept));
  return c.result(c.select(kept, x, c.number(0, x)));
}

/// The first elements of each sequence in the opposite order; the lengths are known.
static LogicalResult importReverseSequence(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  if (!x)
    return failure();
  int64_t batchAxis = node.integer("batch_axis", 1), timeAxis = node.integer("time_axis", 0);
  if (c.rankOf(x) < 2 || batchAxis + timeAxis != 1 || batchAxis * timeAxis != 0)
    return node.wrong("expects batch_axis and time_axis to be 0 and 1");
  Shape shape = c.shapeOf(x);
  Value lengths = c.input(1);
  // place = length - 1 - t where t < length, else t.
  Value time = c.integers(llvm::to_vector(llvm::seq<int64_t>(0, shape.here[timeAxis])), {1, shape.here[timeAxis]});
  Shape column = {{shape.here[batchAxis], 1}, {shape.there[batchAxis], 1}};
  Value length = c.reshape(lengths, column);
  Value mirrored = c.sub(c.add(length, -1), time);
  Value places = c.select(c.compare(nn::Relation::Less, time, length), mirrored, time);
  Value rows = batchAxis == 0 ? x : c.transpose(x, [&] {
    Sizes permutation = llvm::to_vector(llvm::seq<int64_t>(0, shape.rank()));
    std::swap(permutation[0], permutation[1]);
    return permutation;
  }());
  Shape moved = c.shapeOf(rows);
  Value taken = c.reshape(c.op("gather", {c.reshape(rows, moved.merged(2, moved.rank())), places}), moved);
  if (batchAxis == 0 || !taken)
    return c.result(taken);
  Sizes back = llvm::to_vector(llvm::seq<int64_t>(0, shape.rank()));
  std::swap(back[0], back[1]);
  return c.result(c.transpose(taken, back));
}

/// Cut, or padded with zeros, around the middle of each axis.
static LogicalResult importCenterCropPad(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  FailureOr<std::optional<Sizes>> sizes = node.axesInput(1), given = node.axesAttribute();
  if (!x || failed(sizes) || failed(given))
    return failure();
  Sizes axes = *given ? **given : llvm::to_vector(llvm::seq<int64_t>(0, c.rankOf(x)));
  if (axes.size() != (*sizes)->size())
    return node.wrong("expects a size for each axis");
  for (auto [index, size] : llvm::enumerate(**sizes)) {
    std::optional<int64_t> axis = c.axis(axes[index], c.rankOf(x));
    if (!axis)
      return failure();
    int64_t own = c.shapeOf(x).here[*axis];
    if (size < own)
      x = c.slice(x, *axis, (own - size) / 2, size);
    else
      x = c.padWithZeros(x, *axis, (size - own) / 2, size - own - (size - own) / 2);
    if (!x)
      return failure();
  }
  return c.result(x);
}

ArrayRef<OpRow> tally::onnx::getLayoutRows() {
  constexpr size_t anyNumber = std::numeric_limits<size_t>::max();
  static const OpRow rows[] = {
      {"Split", {7, 13}, importSplitByAttribute, "", 1, anyNumber},
      {"Split", {13}, importSplitByInput, "", 1, anyNumber},
      {"Pad", {7, 11}, importPadByAttribute},
      {"Pad", {11}, importPadByInput, "", 2},
      {"Tile", {7}, importTile, "", 2},
      {"DepthToSpace", {7}, importDepthToSpace},
      {"SpaceToDepth", {7}, importSpaceToDepth},
      {"Trilu", {14}, importTrilu},
      {"ReverseSequence", {10}, importReverseSequence, "", 2},
      {"CenterCropPad", {18}, importCenterCropPad, "", 2},
  };
  return rows;
}

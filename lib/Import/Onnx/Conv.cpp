// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports convolutions of any number of dimensions, and their transposes, as those of images; a bias is an op of its own.
#include "Conv.h"
#include "WindowReader.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;
using Sizes = SmallVector<int64_t>;

/// The attributes of nn.conv for a window over height and width.
static Attributes convAttributes(NodeReader &node, const Window &window, int64_t group) {
  return {node.attr("strides", window.strides), node.attr("dilations", window.dilations), node.attr("pads", window.pads),
          node.integerAttr("group", group)};
}

/// [..., W] as [..., 1, W].
static Value withUnitHeight(Composition &c, Value x) {
  Shape shape = c.shapeOf(x);
  shape.insert(shape.rank() - 1, 1);
  return c.reshape(x, shape);
}

static Value withoutUnitHeight(Composition &c, Value x) {
  Shape shape = c.shapeOf(x);
  if (x)
    shape.erase(shape.rank() - 2);
  return c.reshape(x, shape);
}

/// A weight [K, C, T..., R, S] as [K, C*T..., R, S].
static Value withTapsAsChannels(Composition &c, Value weight) {
  Shape shape = c.shapeOf(weight);
  return c.reshape(weight, shape.merged(1, shape.rank() - 2));
}

/// x, [N, C, ...], convolved with weight, [K, C/group, ...], and the bias of input `bias`. What an output along a dimension in front of
/// height and width reads becomes channels, and the outputs samples: one convolution of images sums over all taps.
static Value convolve(Composition &c, Value x, Value weight, Window window, int64_t group, size_t bias) {
  bool isLine = window.rank() == 1;
  if (isLine) {
    x = withUnitHeight(c, x);
    weight = withUnitHeight(c, weight);
    window = window.withUnit(0);
  }
  Shape result = c.shapeOf(x);
  int64_t leading = static_cast<int64_t>(window.rank()) - 2;
  for (int64_t dimension = 0; dimension < leading && x; ++dimension) {
    nn::Window along = window.along(dimension, result.here[2 + dimension]);
    result.set(2 + dimension, along.outputs());
    x = unfold(c, x, 2, along); // [samples, channels, taps, outputs, ...]
    Sizes permutation = llvm::to_vector(llvm::seq<int64_t>(0, static_cast<int64_t>(window.rank()) - dimension + 3));
    std::rotate(permutation.begin() + 1, permutation.begin() + 3, permutation.begin() + 4);
    x = c.transpose(x, permutation);
    x = x ? c.reshape(x, c.shapeOf(x).merged(2, 4).merged(0, 2)) : x;
  }
  Value y = c.op("conv", {x, withTapsAsChannels(c, weight)}, convAttributes(c.node, window.part(leading, 2), group));
  y = addBias(c, y, bias);
  if (!y || leading <= 0)
    return isLine ? withoutUnitHeight(c, y) : y;
  // [samples, K, H', W'] as [N, ..., K, H', W'], then the channels in front.
  Shape images = c.shapeOf(y), split = result;
  split.erase(1);
  split.insert(1 + leading, images.here[1]);
  for (int64_t side : {2, 3})
    split.set(leading + side, images.here[side]);
  Sizes permutation = llvm::to_vector(llvm::seq<int64_t>(0, split.rank()));
  std::rotate(permutation.begin() + 1, permutation.begin() + 1 + leading, permutation.begin() + 2 + leading);
  return c.transpose(c.reshape(y, split), permutation);
}

/// The error unless a weight has the rank of x.
static LogicalResult requireWeight(Composition &c, Value x, Value weight) {
  if (failed(requireSpatial(c.node, x)))
    return failure();
  if (c.rankOf(weight) != c.rankOf(x))
    return c.node.wrong("expects " + Twine(c.rankOf(x)) + "-d weight, got " + Twine(c.rankOf(weight)) + "-d");
  return success();
}

static LogicalResult importConv(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  FailureOr<Value> weight = node.weight(1, "conv.weight", "weight");
  if (!x || failed(weight) || failed(requireWeight(c, x, *weight)))
    return failure();
  FailureOr<Window> window = readWindow(node, ArrayRef(c.shapeOf(x).here).drop_front(2), ArrayRef(c.shapeOf(*weight).here).drop_front(2));
  FailureOr<int64_t> group = readGroup(node);
  if (failed(window) || failed(group))
    return failure();
  return c.result(convolve(c, x, *weight, *window, *group, 2));
}

/// Input `input` in f64 less the zero point, which is one or one for each filter, of input `zeroPoint`.
static Value withoutZeroPoint(Composition &c, size_t input, size_t zeroPoint) {
  Value x = c.convert(c.input(input), ElementType::Double);
  if (!x || !c.node.has(zeroPoint))
    return x;
  Value zero = c.convert(c.input(zeroPoint), ElementType::Double);
  if (zero && c.rankOf(zero) == 1) {
    Shape shape = c.shapeOf(zero);
    while (shape.rank() < c.rankOf(x))
      shape.insert(shape.rank(), 1);
    zero = c.reshape(zero, shape);
  }
  return c.sub(x, zero);
}

Value tally::onnx::convolveIntegers(Composition &c, size_t xZero, size_t weightInput, size_t weightZero) {
  NodeReader &node = c.node;
  Value x = withoutZeroPoint(c, 0, xZero), weight = withoutZeroPoint(c, weightInput, weightZero);
  if (!x || !weight || failed(requireWeight(c, x, weight)))
    return {};
  FailureOr<Window> window = readWindow(node, ArrayRef(c.shapeOf(x).here).drop_front(2), ArrayRef(c.shapeOf(weight).here).drop_front(2));
  FailureOr<int64_t> group = readGroup(node);
  if (failed(window) || failed(group))
    return {};
  return convolve(c, x, weight, *window, *group, node.numInputs());
}

static LogicalResult importConvInteger(NodeReader &node) {
  Composition c(node);
  return c.result(c.convert(convolveIntegers(c, 2, 1, 3), ElementType::Int32), 0, ElementType::Int32);
}

/// The convolution of which a ConvTranspose is the transpose.
struct Transposed {
  Window window;
  Sizes sizes; ///< of its input, which is the result
  Sizes zeros; ///< that follow the result along each dimension
};

/// The sizes of ConvTranspose: along each dimension all taps of all inputs reach `full` = stride * (inputs - 1) + extent, of which pads are
/// cut off. The result has output_padding elements more, or output_shape, or with auto_pad SAME stride * inputs, for which pads follow.
static FailureOr<Transposed> readTransposed(NodeReader &node, ArrayRef<int64_t> inputs, ArrayRef<int64_t> kernel) {
  FailureOr<Window> window = readWindowAttributes(node, inputs.size(), kernel);
  FailureOr<StringRef> automatic = readAutoPad(node);
  if (failed(window) || failed(automatic))
    return failure();
  size_t rank = inputs.size();
  Sizes more(node.integers("output_padding")), asked(node.integers("output_shape"));
  if (more.empty())
    more.assign(rank, 0);
  if (asked.size() == rank + 2)
    asked.erase(asked.begin(), asked.begin() + 2);
  if (more.size() != rank || (!asked.empty() && asked.size() != rank))
    return FailureOr<Transposed>(node.wrong("expects " + Twine(rank) + " numbers as output_padding and output_shape, got " +
                                            Twine(more.size()) + " and " + Twine(asked.size())));
  Transposed result = {*window, {}, {}};
  for (auto [dimension, size] : llvm::enumerate(inputs)) {
    nn::Window along = window->along(dimension, size);
    constexpr int64_t limit = int64_t(1) << 31;
    if (more[dimension] < 0 || more[dimension] >= limit || (!asked.empty() && (asked[dimension] < 1 || asked[dimension] >= limit)))
      return FailureOr<Transposed>(node.wrong("expects output_padding of at least 0 and output_shape of at least 1"));
    int64_t full = along.stride * (size - 1) + along.extent(), output = full + more[dimension] - along.before - along.after;
    if (*automatic == "VALID")
      output = full + more[dimension];
    if (!asked.empty())
      output = asked[dimension];
    else if (automatic->starts_with("SAME"))
      output = along.stride * size;
    int64_t before = along.before;
    if (!asked.empty() || automatic->starts_with("SAME"))
      before = splitPads(*automatic, std::max<int64_t>(full + more[dimension] - output, 0)).first;
    else if (*automatic == "VALID")
      before = 0;
    // What lies behind the last tap is 0; where it is less than a stride, the convolution skips it.
    int64_t beyond = std::max<int64_t>(before + output - full, 0), zeros = beyond - std::min(beyond, along.stride - 1);
    if (output - zeros < 1)
      return FailureOr<Transposed>(
          node.wrong("expects pads that leave something of dimension " + Twine(dimension + 2) + ", of size " + Twine(full)));
    result.sizes.push_back(output - zeros);
    result.zeros.push_back(zeros);
    result.window.pads[dimension] = before;
    result.window.pads[rank + dimension] = std::max<int64_t>(full - before - output, 0);
  }
  return result;
}

/// x, [N, C, ...], times the transpose of the convolution with weight, [C, M/group, ...]; the adjoint of convolve, step by step.
static Value convolveTransposed(Composition &c, Value x, Value weight, Transposed of, int64_t group, size_t bias) {
  bool isLine = of.window.rank() == 1;
  if (isLine) {
    x = withUnitHeight(c, x);
    weight = withUnitHeight(c, weight);
    of = {of.window.withUnit(0), {1, of.sizes[0]}, {0, of.zeros[0]}};
  }
  if (!x || !weight)
    return {};
  int64_t leading = static_cast<int64_t>(of.window.rank()) - 2;
  Shape inputs = c.shapeOf(x), taps = c.shapeOf(weight);
  if (leading > 0) {
    Sizes permutation = llvm::to_vector(llvm::seq<int64_t>(0, inputs.rank()));
    std::rotate(permutation.begin() + 1, permutation.begin() + 2, permutation.begin() + 2 + leading);
    x = c.transpose(x, permutation);
    x = x ? c.reshape(x, c.shapeOf(x).merged(0, 1 + leading)) : x;
  }
  Attributes attributes = convAttributes(c.node, of.window.part(leading, 2), group);
  attributes.push_back(c.node.attr("size", ArrayRef(of.sizes).drop_front(leading)));
  Value y = c.op("conv_grad_input", {x, withTapsAsChannels(c, weight)}, attributes);
  if (y && leading > 0) {
    // [samples, M*T..., H, W] as [N, D..., M, T..., H, W], then as [N, M, T, D, ..., H, W], whose taps are summed.
    Shape images = c.shapeOf(y), split = inputs;
    split.erase(1);
    split.insert(1 + leading, taps.here[1] * group);
    for (int64_t dimension = 0; dimension < leading; ++dimension)
      split.insert(2 + leading + dimension, taps.here[2 + dimension]);
    for (int64_t side : {2, 3})
      split.set(2 * leading + side, images.here[side]);
    Sizes permutation = {0, 1 + leading};
    for (int64_t dimension = 0; dimension < leading; ++dimension)
      permutation.append({2 + leading + dimension, 1 + dimension});
    permutation.append({2 * leading + 2, 2 * leading + 3});
    y = c.transpose(c.reshape(y, split), permutation);
    for (int64_t dimension = 0; dimension < leading; ++dimension)
      y = fold(c, y, 2 + dimension, of.window.along(dimension, of.sizes[dimension]));
  }
  for (auto [dimension, zeros] : llvm::enumerate(of.zeros))
    y = c.padWithZeros(y, 2 + dimension, 0, zeros);
  y = addBias(c, y, bias);
  return isLine ? withoutUnitHeight(c, y) : y;
}

static LogicalResult importConvTranspose(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  FailureOr<Value> weight = node.weight(1, "conv.weight", "weight");
  if (!x || failed(weight) || failed(requireWeight(c, x, *weight)))
    return failure();
  Shape inputs = c.shapeOf(x), filter = c.shapeOf(*weight);
  if (filter.here[0] != inputs.here[1])
    return node.wrong("expects a weight for " + Twine(inputs.here[1]) + " channels, got " + Twine(filter.here[0]));
  FailureOr<Transposed> transposed = readTransposed(node, ArrayRef(inputs.here).drop_front(2), ArrayRef(filter.here).drop_front(2));
  FailureOr<int64_t> group = readGroup(node);
  if (failed(transposed) || failed(group))
    return failure();
  return c.result(convolveTransposed(c, x, *weight, *transposed, *group, 2));
}

/// The sum of blocks, [N, C*blocks..., L], at the places of an image from which windows would take them.
static LogicalResult importCol2Im(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  FailureOr<std::optional<Sizes>> image = node.axesInput(1), block = node.axesInput(2);
  if (!x || failed(image) || failed(block))
    return failure();
  size_t rank = (*block)->size();
  FailureOr<Window> window = readWindowAttributes(node, rank, **block);
  if (failed(window))
    return failure();
  Shape shape = c.shapeOf(x);
  auto taps = checkedProduct(**block);
  if (shape.rank() != 3 || (*image)->size() != rank || rank == 0 || !taps || *taps < 1 || shape.here[1] % *taps)
    return node.wrong("expects an input [N, C * product of block_shape, L], and as many sizes in image_shape as in block_shape");
  Shape split = shape;
  split.erase(2);
  split.set(1, shape.here[1] / *taps);
  Sizes permutation = {0, 1}, outputs;
  for (int64_t tap : **block)
    split.insert(split.rank(), tap);
  for (size_t dimension = 0; dimension < rank; ++dimension) {
    int64_t size = (**image)[dimension];
    outputs.push_back(size < 1 || size >= int64_t(1) << 31 ? 0 : window->along(dimension, size).outputs());
    split.insert(split.rank(), outputs.back());
    permutation.append({static_cast<int64_t>(2 + dimension), static_cast<int64_t>(2 + rank + dimension)});
  }
  auto blocks = checkedProduct(outputs);
  if (!blocks || *blocks != shape.here[2] || *blocks < 1)
    return node.wrong("expects as many blocks as windows fit into the image, got " + Twine(shape.here[2]));
  Value y = c.transpose(c.reshape(x, split), permutation);
  for (size_t dimension = 0; dimension < rank; ++dimension)
    y = fold(c, y, 2 + dimension, window->along(dimension, (**image)[dimension]));
  return c.result(y);
}

ArrayRef<OpRow> tally::onnx::getConvRows() {
  static const OpRow rows[] = {{"Conv", {7}, importConv, "", 2},
                               {"ConvInteger", {10}, importConvInteger, "", 2},
                               {"ConvTranspose", {7}, importConvTranspose, "", 2},
                               {"Col2Im", {18}, importCol2Im, "", 3}};
  return rows;
}

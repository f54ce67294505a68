// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads the window attributes that convolutions and pools share, and takes windows from tensors.
#include "WindowReader.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;
using Sizes = SmallVector<int64_t>;

Window Window::part(size_t first, size_t number) const {
  auto of = [&](ArrayRef<int64_t> values) { return Sizes(values.slice(first, number)); };
  Window result{of(kernel), of(strides), of(dilations), of(pads), ceil};
  result.pads.append(of(ArrayRef(pads).drop_front(rank())));
  return result;
}

Window Window::withUnit(size_t at) const {
  Window result = *this;
  for (Sizes *values : {&result.kernel, &result.strides, &result.dilations})
    values->insert(values->begin() + at, 1);
  result.pads.insert(result.pads.begin() + rank() + at, 0);
  result.pads.insert(result.pads.begin() + at, 0);
  return result;
}

LogicalResult tally::onnx::requireSpatial(NodeReader &node, Value x) {
  int64_t rank = cast<RankedTensorType>(x.getType()).getRank();
  if (rank < 3)
    return node.wrong("expects an input of at least 3 dimensions, got " + Twine(rank));
  return success();
}

/// The integers of an attribute, each within [least, 2^31); `otherwise` where it is absent.
static FailureOr<Sizes> sizes(NodeReader &node, StringRef name, size_t number, int64_t least, int64_t otherwise) {
  if (!node.hasAttribute(name))
    return Sizes(number, otherwise);
  Sizes values(node.integers(name));
  if (values.size() != number)
    return FailureOr<Sizes>(node.wrong("expects " + Twine(number) + " numbers as " + name + ", got " + Twine(values.size())));
  for (int64_t value : values)
    if (value < least || value >= int64_t(1) << 31)
      return FailureOr<Sizes>(node.wrong("expects numbers of at least " + Twine(least) + " as " + name + ", got " + Twine(value)));
  return values;
}

FailureOr<Window> tally::onnx::readWindowAttributes(NodeReader &node, size_t rank, ArrayRef<int64_t> kernel) {
  FailureOr<Sizes> shape = sizes(node, "kernel_shape", rank, 1, -1), strides = sizes(node, "strides", rank, 1, 1),
                   dilations = sizes(node, "dilations", rank, 1, 1), pads = sizes(node, "pads", 2 * rank, 0, 0);
  if (failed(shape) || failed(strides) || failed(dilations) || failed(pads))
    return failure();
  auto list = [](ArrayRef<int64_t> values) {
    return "[" + llvm::join(llvm::map_range(values, [](int64_t value) { return std::to_string(value); }), ", ") + "]";
  };
  if (kernel.empty() && !node.hasAttribute("kernel_shape"))
    return FailureOr<Window>(node.wrong("requires kernel_shape"));
  if (!kernel.empty() && node.hasAttribute("kernel_shape") && ArrayRef(*shape) != kernel)
    return FailureOr<Window>(node.wrong("expects the kernel_shape of its weight, " + list(kernel) + ", got " + list(*shape)));
  return Window{kernel.empty() ? *shape : Sizes(kernel), *strides, *dilations, *pads};
}

FailureOr<StringRef> tally::onnx::readAutoPad(NodeReader &node) {
  StringRef automatic = node.string("auto_pad", "NOTSET");
  if (!llvm::is_contained({"NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"}, automatic))
    return FailureOr<StringRef>(node.wrong("auto_pad '" + automatic + "' does not exist"));
  return automatic;
}

std::pair<int64_t, int64_t> tally::onnx::splitPads(StringRef automatic, int64_t total) {
  int64_t before = automatic == "SAME_UPPER" ? total / 2 : total - total / 2;
  return {before, total - before};
}

FailureOr<Window> tally::onnx::readWindow(NodeReader &node, ArrayRef<int64_t> sizes, ArrayRef<int64_t> kernel) {
  FailureOr<Window> window = readWindowAttributes(node, sizes.size(), kernel);
  FailureOr<StringRef> automatic = readAutoPad(node);
  if (failed(window) || failed(automatic))
    return failure();
  for (auto [dimension, size] : llvm::enumerate(sizes)) {
    nn::Window along = window->along(dimension, size);
    if (*automatic != "NOTSET") {
      int64_t outputs = (size + along.stride - 1) / along.stride;
      int64_t total = *automatic == "VALID" ? 0 : std::max<int64_t>((outputs - 1) * along.stride + along.extent() - size, 0);
      std::tie(along.before, along.after) = splitPads(*automatic, total);
      window->pads[dimension] = along.before;
      window->pads[window->rank() + dimension] = along.after;
    }
    if (along.outputs() < 1)
      return FailureOr<Window>(node.wrong("expects a window that fits into the padded input (got " + Twine(along.extent()) + " in " +
                                          Twine(along.before + size + along.after) + " along dimension " + Twine(dimension + 2) + ")"));
  }
  return window;
}

FailureOr<int64_t> tally::onnx::readGroup(NodeReader &node) {
  int64_t group = node.integer("group", 1);
  if (group < 1)
    return FailureOr<int64_t>(node.wrong("expects a group of at least 1, got " + Twine(group)));
  return group;
}

Value tally::onnx::addBias(Composition &c, Value y, size_t input) {
  NodeReader &node = c.node;
  if (!y || !node.has(input) || node.isConstantEqual(input, 0))
    return y;
  FailureOr<Value> bias = node.weight(input, "bias", "bias");
  if (failed(bias))
    return {};
  int64_t channels = c.shapeOf(y).here[1];
  Shape own = c.shapeOf(*bias);
  if (own.rank() != 1 || own.here[0] != channels) {
    (void)node.wrong("expects a bias for each of " + Twine(channels) + " channels");
    return {};
  }
  for (int64_t dimension = 2; dimension < c.rankOf(y); ++dimension)
    own.insert(own.rank(), 1);
  return c.add(y, c.reshape(*bias, own));
}

LogicalResult tally::onnx::requireFewTaps(NodeReader &node, const nn::Window &window) {
  constexpr int64_t most = 1024;
  if (window.kernel > most)
    return node.unsupported("expects windows of at most " + Twine(most) + " taps, got " + Twine(window.kernel));
  return success();
}

Value tally::onnx::unfold(Composition &c, Value x, int64_t axis, const nn::Window &window) {
  if (failed(requireFewTaps(c.node, window)))
    return {};
  Value padded = c.padWithZeros(x, axis, window.before, window.paddedSize() - window.before - window.size);
  SmallVector<Value> taps;
  for (int64_t tap = 0; tap < window.kernel; ++tap) {
    Value part = c.slice(padded, axis, tap * window.dilation, window.outputs(), window.stride);
    if (!part)
      return {};
    Shape shape = c.shapeOf(part);
    shape.insert(axis, 1);
    taps.push_back(c.reshape(part, shape));
  }
  return taps.size() == 1 ? taps.front() : c.concat(taps, axis);
}

Value tally::onnx::fold(Composition &c, Value x, int64_t axis, const nn::Window &window) {
  if (failed(requireFewTaps(c.node, window)))
    return {};
  Value sum;
  for (int64_t tap = 0; x && tap < window.kernel; ++tap) {
    Value part = window.kernel == 1 ? x : c.slice(x, axis, tap, 1);
    if (!part)
      return {};
    Shape shape = c.shapeOf(part);
    shape.erase(axis);
    Sizes target(shape.rank(), -1), starts(shape.rank(), 0), steps(shape.rank(), 1);
    target[axis] = window.paddedSize();
    starts[axis] = tap * window.dilation;
    steps[axis] = window.stride;
    Value spread = c.op("slice_grad", c.reshape(part, shape),
                        {c.node.attr("shape", target), c.node.attr("starts", starts), c.node.attr("steps", steps)});
    sum = sum ? c.add(sum, spread) : spread;
  }
  return window.isPadded() ? c.slice(sum, axis, window.before, window.size) : sum;
}

FailureOr<Value> tally::onnx::emitGlobalMaxPool(NodeReader &node, Value x) {
  Composition c(node);
  Shape shape = c.shapeOf(x), image = shape, result = shape;
  if (shape.rank() != 4) {
    image = shape.merged(2, shape.rank());
    image.insert(2, 1);
  }
  for (int64_t dimension = 2; dimension < shape.rank(); ++dimension)
    result.set(dimension, 1);
  x = c.reshape(x, image);
  Attributes kernel = {node.attr("kernel", ArrayRef(image.here).drop_front(2))};
  // As written, a Gradient may follow.
  Value y = node.isAsWritten() ? c.op("max_pool_training", x, kernel) : c.op("max_pool", x, kernel);
  y = c.reshape(y, result);
  return y ? FailureOr<Value>(y) : FailureOr<Value>(failure());
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads the window attributes that Conv and the pooling ops share.
#include "WindowReader.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

LogicalResult tally::onnx::requireImages(NodeReader &node, Value x) {
  int64_t rank = cast<RankedTensorType>(x.getType()).getRank();
  if (rank != 4)
    return node.unsupported("expects 4-d input, got " + Twine(rank) + "-d");
  return success();
}

/// The integers of an attribute, each within [least, 2^31); `otherwise` where it is absent.
static FailureOr<SmallVector<int64_t>> sizes(NodeReader &node, StringRef name, size_t number, int64_t least,
                                             int64_t otherwise) {
  if (!node.hasAttribute(name))
    return SmallVector<int64_t>(number, otherwise);
  SmallVector<int64_t> values(node.integers(name));
  if (values.size() != number)
    return FailureOr<SmallVector<int64_t>>(
        node.wrong("expects " + Twine(number) + " numbers as " + name + ", got " + Twine(values.size())));
  for (int64_t value : values)
    if (value < least || value >= int64_t(1) << 31)
      return FailureOr<SmallVector<int64_t>>(
          node.wrong("expects numbers of at least " + Twine(least) + " as " + name + ", got " + Twine(value)));
  return values;
}

FailureOr<Window> tally::onnx::readWindow(NodeReader &node, Value x, ArrayRef<int64_t> kernel) {
  Window window;
  FailureOr<SmallVector<int64_t>> shape = sizes(node, "kernel_shape", 2, 1, -1), strides = sizes(node, "strides", 2, 1, 1),
                                  dilations = sizes(node, "dilations", 2, 1, 1), pads = sizes(node, "pads", 4, 0, 0);
  if (failed(shape) || failed(strides) || failed(dilations) || failed(pads))
    return failure();
  window.kernel.assign(kernel.begin(), kernel.end());
  if (kernel.empty()) {
    window.kernel = *shape;
    if (!node.hasAttribute("kernel_shape"))
      return FailureOr<Window>(node.wrong("requires kernel_shape"));
  } else if (node.hasAttribute("kernel_shape") && ArrayRef(*shape) != kernel) {
    return FailureOr<Window>(node.wrong("expects the kernel_shape of its weight, [" + Twine(kernel[0]) + ", " +
                                        Twine(kernel[1]) + "], got [" + Twine((*shape)[0]) + ", " + Twine((*shape)[1]) + "]"));
  }
  window.strides = *strides;
  window.dilations = *dilations;
  window.pads = *pads;

  StringRef automatic = node.string("auto_pad", "NOTSET");
  if (!llvm::is_contained({"NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"}, automatic))
    return FailureOr<Window>(node.wrong("auto_pad '" + automatic + "' does not exist"));
  for (int64_t side : {0, 1}) {
    int64_t size = cast<RankedTensorType>(x.getType()).getDimSize(2 + side);
    int64_t extent = (window.kernel[side] - 1) * window.dilations[side] + 1, stride = window.strides[side];
    int64_t &before = window.pads[side], &after = window.pads[2 + side];
    if (automatic != "NOTSET") {
      int64_t outputs = (size + stride - 1) / stride;
      int64_t total = automatic == "VALID" ? 0 : std::max<int64_t>((outputs - 1) * stride + extent - size, 0);
      before = automatic == "SAME_LOWER" ? total - total / 2 : total / 2;
      after = total - before;
    }
  }
  return window;
}

Attributes tally::onnx::poolAttributes(NodeReader &node, const Window &window) {
  return {node.attr("kernel", window.kernel), node.attr("strides", window.strides), node.attr("dilations", window.dilations),
          node.attr("pads", window.pads)};
}

FailureOr<Value> tally::onnx::emitGlobalMaxPool(NodeReader &node, Value x) {
  Window window = {SmallVector<int64_t>(cast<RankedTensorType>(x.getType()).getShape().drop_front(2)), {1, 1}, {1, 1}, {0, 0, 0, 0}};
  return node.emit("max_pool", x, poolAttributes(node, window));
}

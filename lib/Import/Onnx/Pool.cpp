// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports pooling over windows and over whole images.
#include "WindowReader.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

static Attributes attributesOf(NodeReader &node, const Window &window) {
  return {node.attr("kernel", window.kernel), node.attr("strides", window.strides), node.attr("dilations", window.dilations),
          node.attr("pads", window.pads),
          node.attr("ceil_mode", node.getBuilder().getBoolAttr(node.integer("ceil_mode", 0) != 0))};
}

// MaxPool and AveragePool.
static LogicalResult importPool(NodeReader &node) {
  FailureOr<Value> x = node.value(0);
  if (failed(x) || failed(requireImages(node, *x)))
    return failure();
  FailureOr<Window> window = readWindow(node, *x, {});
  if (failed(window))
    return failure();
  Attributes attributes = attributesOf(node, *window);
  if (node.getRow().target == "average_pool")
    attributes.push_back(
        node.attr("count_include_pad", node.getBuilder().getBoolAttr(node.integer("count_include_pad", 0) != 0)));
  else
    node.ignore({"storage_order"}); // of the output Indices alone
  return node.result(node.emit(node.getRow().target, *x, attributes));
}

/// One window over the whole image.
static LogicalResult importGlobalMaxPool(NodeReader &node) {
  FailureOr<Value> x = node.value(0);
  if (failed(x) || failed(requireImages(node, *x)))
    return failure();
  Window window = {SmallVector<int64_t>(cast<RankedTensorType>(x->getType()).getShape().drop_front(2)), {1, 1}, {1, 1}, {0, 0, 0, 0}};
  return node.result(node.emit("max_pool", *x, attributesOf(node, window)));
}

/// The mean over height and width: what exporters write as ReduceMean costs the same.
static LogicalResult importGlobalAveragePool(NodeReader &node) {
  FailureOr<Value> x = node.value(0);
  if (failed(x) || failed(requireImages(node, *x)))
    return failure();
  FailureOr<Value> mean = node.emit("reduce_mean", *x, {node.attr("axes", {2, 3})});
  if (failed(mean))
    return failure();
  auto [shape, otherShape] = node.shapes(0);
  shape[2] = shape[3] = otherShape[2] = otherShape[3] = 1;
  return node.result(node.emitReshape(*mean, shape, otherShape));
}

ArrayRef<OpRow> tally::onnx::getPoolRows() {
  static const OpRow rows[] = {{"MaxPool", 13, importPool, "max_pool"},
                               {"AveragePool", 13, importPool, "average_pool"},
                               {"GlobalMaxPool", 13, importGlobalMaxPool},
                               {"GlobalAveragePool", 13, importGlobalAveragePool}};
  return rows;
}

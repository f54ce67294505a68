// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports pooling over windows and over whole images.
#include "WindowReader.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

// MaxPool and AveragePool.
static LogicalResult importPool(NodeReader &node) {
  FailureOr<Value> x = node.value(0);
  if (failed(x) || failed(requireImages(node, *x)))
    return failure();
  FailureOr<Window> window = readWindow(node, *x, {});
  if (failed(window))
    return failure();
  Attributes attributes = poolAttributes(node, *window);
  attributes.push_back(node.attr("ceil_mode", node.getBuilder().getBoolAttr(node.integer("ceil_mode", 0) != 0)));
  if (node.getRow().target == "average_pool")
    attributes.push_back(
        node.attr("count_include_pad", node.getBuilder().getBoolAttr(node.integer("count_include_pad", 0) != 0)));
  else
    node.ignore({"storage_order"}); // of the output Indices alone
  return node.result(node.emit(node.getRow().target, *x, attributes));
}

static LogicalResult importGlobalMaxPool(NodeReader &node) {
  FailureOr<Value> x = node.value(0);
  if (failed(x) || failed(requireImages(node, *x)))
    return failure();
  return node.result(emitGlobalMaxPool(node, *x));
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
  static const OpRow rows[] = {{"MaxPool", {7}, importPool, "max_pool", 1, 2},
                               {"AveragePool", {7}, importPool, "average_pool"},
                               {"GlobalMaxPool", {7}, importGlobalMaxPool},
                               {"GlobalAveragePool", {7}, importGlobalAveragePool}};
  return rows;
}

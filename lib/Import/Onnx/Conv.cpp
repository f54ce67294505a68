// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports convolutions; a bias is an op of its own.
#include "WindowReader.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

static LogicalResult importConv(NodeReader &node) {
  FailureOr<Value> x = node.value(0);
  if (failed(x) || failed(requireImages(node, *x)))
    return failure();
  FailureOr<Value> weight = node.weight(1, "conv.weight", "weight");
  if (failed(weight))
    return failure();
  ArrayRef<int64_t> filter = cast<RankedTensorType>(weight->getType()).getShape();
  if (filter.size() != 4)
    return node.wrong("expects 4-d weight, got " + Twine(filter.size()) + "-d");
  FailureOr<Window> window = readWindow(node, *x, filter.drop_front(2));
  if (failed(window))
    return failure();
  int64_t group = node.integer("group", 1);
  if (group < 1)
    return node.wrong("expects a group of at least 1, got " + Twine(group));
  FailureOr<Value> y = node.emit("conv", {*x, *weight},
                                 {node.attr("strides", window->strides), node.attr("dilations", window->dilations),
                                  node.attr("pads", window->pads), node.attr("group", node.getBuilder().getI64IntegerAttr(group))});
  if (failed(y) || !node.has(2) || node.isConstantEqual(2, 0))
    return node.result(y);
  FailureOr<Value> bias = node.weight(2, "bias", "bias");
  if (failed(bias))
    return failure();
  auto type = cast<RankedTensorType>(bias->getType());
  if (type.getRank() != 1 || type.getDimSize(0) != filter[0])
    return node.wrong("expects a bias for each of " + Twine(filter[0]) + " channels");
  SmallVector<int64_t> shape = {filter[0], 1, 1};
  bias = node.emitReshape(*bias, shape, shape);
  if (failed(bias))
    return failure();
  return node.result(node.emit("add", {*y, *bias}));
}

ArrayRef<OpRow> tally::onnx::getConvRows() {
  static const OpRow rows[] = {{"Conv", {7}, importConv, "", 2}};
  return rows;
}

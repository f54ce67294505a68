// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports reductions.
#include "WindowReader.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

static LogicalResult reduce(NodeReader &node, FailureOr<std::optional<SmallVector<int64_t>>> given, bool noop) {
  FailureOr<Value> x = node.value(0);
  if (failed(x) || failed(given))
    return failure();
  auto [shape, otherShape] = node.shapes(0);
  bool keep = node.integer("keepdims", 1) != 0;
  bool empty = !*given || (*given)->empty();
  if (empty && noop)
    return node.result(*x);
  SmallVector<bool> reduced(shape.size(), empty);
  for (int64_t axis : empty ? SmallVector<int64_t>() : **given) {
    FailureOr<int64_t> normalized = node.normalizedAxis(axis, shape.size());
    if (failed(normalized))
      return failure();
    reduced[*normalized] = true;
  }
  SmallVector<int64_t> axes;
  for (auto [axis, isReduced] : llvm::enumerate(reduced)) {
    if (!isReduced)
      continue;
    axes.push_back(axis);
    if (shape[axis] != otherShape[axis])
      return node.unsupported("reduces the batch dimension");
    shape[axis] = otherShape[axis] = 1;
  }
  if (node.getRow().target == "reduce_max" && shape.size() == 4 && axes == SmallVector<int64_t>{2, 3}) {
    FailureOr<Value> y = emitGlobalMaxPool(node, *x);
    if (failed(y) || keep)
      return node.result(y);
    return node.result(node.emitReshape(*y, ArrayRef(shape).take_front(2), ArrayRef(otherShape).take_front(2)));
  }
  FailureOr<Value> y = axes.empty() ? x : node.emit(node.getRow().target, *x, {node.attr("axes", axes)});
  if (failed(y) || !keep || axes.empty())
    return node.result(y);
  return node.result(node.emitReshape(*y, shape, otherShape));
}

static LogicalResult importReduce(NodeReader &node) {
  return reduce(node, node.axesInput(1), node.integer("noop_with_empty_axes", 0) != 0);
}

static LogicalResult importReduceByAttribute(NodeReader &node) { return reduce(node, node.axesAttribute(), /*noop=*/false); }

ArrayRef<OpRow> tally::onnx::getReduceRows() {
  static const OpRow rows[] = {{"ReduceMean", {7, 18}, importReduceByAttribute, "reduce_mean"},
                               {"ReduceMean", {18}, importReduce, "reduce_mean"},
                               {"ReduceMax", {7, 18}, importReduceByAttribute, "reduce_max"},
                               {"ReduceMax", {18}, importReduce, "reduce_max"},
                               {"ReduceSum", {7, 13}, importReduceByAttribute, "reduce_sum"},
                               {"ReduceSum", {13}, importReduce, "reduce_sum"}};
  return rows;
}

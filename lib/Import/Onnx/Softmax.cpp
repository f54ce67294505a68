// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports Softmax and LogSoftmax.
#include "NodeReader.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

static LogicalResult importSoftmax(NodeReader &node) {
  FailureOr<Value> x = node.value(0);
  if (failed(x))
    return failure();
  FailureOr<int64_t> axis = node.normalizedAxis(node.integer("axis", -1), cast<RankedTensorType>(x->getType()).getRank());
  if (failed(axis))
    return failure();
  return node.result(node.emit(node.getRow().target, *x, {node.attr("axis", node.getBuilder().getI64IntegerAttr(*axis))}));
}

/// Over all dimensions from `axis` on, as if they were one.
static LogicalResult importFlatteningSoftmax(NodeReader &node) {
  FailureOr<Value> x = node.value(0);
  if (failed(x))
    return failure();
  auto [shape, otherShape] = node.shapes(0);
  FailureOr<int64_t> axis = node.normalizedAxis(node.integer("axis", 1), shape.size());
  if (failed(axis))
    return failure();
  auto flatten = [&](SmallVector<int64_t> sizes) {
    int64_t inner = *checkedProduct(ArrayRef(sizes).drop_front(*axis));
    sizes.resize(*axis);
    sizes.push_back(inner);
    return sizes;
  };
  bool isLast = *axis + 1 == static_cast<int64_t>(shape.size());
  FailureOr<Value> flat = isLast ? x : node.emitReshape(*x, flatten(shape), flatten(otherShape));
  if (failed(flat))
    return failure();
  FailureOr<Value> y = node.emit(node.getRow().target, *flat, {node.attr("axis", node.getBuilder().getI64IntegerAttr(*axis))});
  if (failed(y) || isLast)
    return node.result(y);
  return node.result(node.emitReshape(*y, shape, otherShape));
}

ArrayRef<OpRow> tally::onnx::getSoftmaxRows() {
  static const OpRow rows[] = {{"Softmax", {7, 13}, importFlatteningSoftmax, "softmax"},
                               {"Softmax", {13}, importSoftmax, "softmax"},
                               {"LogSoftmax", {7, 13}, importFlatteningSoftmax, "log_softmax"},
                               {"LogSoftmax", {13}, importSoftmax, "log_softmax"}};
  return rows;
}

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

ArrayRef<OpRow> tally::onnx::getSoftmaxRows() {
  static const OpRow rows[] = {{"Softmax", 13, importSoftmax, "softmax"}, {"LogSoftmax", 13, importSoftmax, "log_softmax"}};
  return rows;
}

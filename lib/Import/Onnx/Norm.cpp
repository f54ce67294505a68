// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports normalizations and Dropout, in whichever form they were exported: recipes train their training form.
#include "NodeReader.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

static LogicalResult importBatchNormalization(NodeReader &node) {
  node.ignore({"training_mode"});
  FailureOr<Value> x = node.value(0);
  if (failed(x))
    return failure();
  SmallVector<Value> operands = {*x};
  SmallVector<int32_t> segments = {1};
  static constexpr std::pair<StringLiteral, StringLiteral> slots[] = {
      {"norm.scale", "scale"}, {"norm.bias", "bias"}, {"norm.mean", "mean"}, {"norm.variance", "variance"}};
  for (auto [index, slot] : llvm::enumerate(slots)) {
    // A scale or bias that no initializer feeds is fixed; at 1 or 0 it is none.
    bool absent = index < 2 && node.isConstantEqual(1 + index, index == 0 ? 1 : 0);
    segments.push_back(!absent);
    if (absent)
      continue;
    FailureOr<Value> operand = node.weight(1 + index, slot.first, slot.second, /*statistics=*/index >= 2);
    if (failed(operand))
      return failure();
    operands.push_back(*operand);
  }
  return node.result(node.emit("batch_norm", operands,
                               {node.attr("epsilon", node.real("epsilon", 1e-5f)),
                                node.attr("momentum", node.real("momentum", 0.9f)),
                                node.attr("operandSegmentSizes", node.getBuilder().getDenseI32ArrayAttr(segments))}));
}

static LogicalResult importDropout(NodeReader &node) {
  node.ignore({"seed"}); // random numbers follow from the recipe's seed
  FailureOr<Value> x = node.value(0);
  if (failed(x))
    return failure();
  double ratio = 0.5;
  if (node.has(1)) {
    FailureOr<HostTensor> constant = node.constant(1);
    if (failed(constant))
      return failure();
    if (!constant->isFloat() || constant->size() != 1)
      return node.wrong("expects one number as ratio");
    ratio = constant->reals.front();
  }
  if (!(ratio >= 0 && ratio < 1))
    return node.wrong("expects a ratio in [0, 1), got " + Twine(std::to_string(ratio)));
  if (ratio == 0)
    return node.result(*x);
  return node.result(node.emit("dropout", *x, {node.attr("ratio", ratio)}));
}

ArrayRef<OpRow> tally::onnx::getNormRows() {
  static const OpRow rows[] = {{"BatchNormalization", 13, importBatchNormalization, "", 5}, {"Dropout", 13, importDropout}};
  return rows;
}

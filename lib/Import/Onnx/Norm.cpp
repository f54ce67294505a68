// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports normalizations and Dropout, in whichever form they were exported: recipes train their training form.
#include "NodeReader.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

/// Operands [x, scale, bias, ...] of an op with optional scale and bias, and which of them there are.
struct NormOperands {
  SmallVector<Value> values;
  SmallVector<int32_t> segments;
};

static FailureOr<NormOperands> readOperands(NodeReader &node, bool statistics) {
  FailureOr<Value> x = node.value(0);
  if (failed(x))
    return failure();
  NormOperands operands = {{*x}, {1}};
  static constexpr std::pair<StringLiteral, StringLiteral> slots[] = {
      {"norm.scale", "scale"}, {"norm.bias", "bias"}, {"norm.mean", "mean"}, {"norm.variance", "variance"}};
  for (auto [index, slot] : llvm::enumerate(ArrayRef(slots).take_front(statistics ? 4 : 2))) {
    // A scale or bias that no initializer feeds is fixed; at 1 or 0 it is none.
    bool absent = index < 2 && node.isConstantEqual(1 + index, index == 0 ? 1 : 0);
    operands.segments.push_back(!absent);
    if (absent)
      continue;
    FailureOr<Value> operand = node.weight(1 + index, slot.first, slot.second, /*statistics=*/index >= 2);
    if (failed(operand))
      return failure();
    operands.values.push_back(*operand);
  }
  return operands;
}

static LogicalResult importBatchNormalization(NodeReader &node) {
  node.ignore({"training_mode"});
  FailureOr<NormOperands> operands = readOperands(node, /*statistics=*/true);
  if (failed(operands))
    return failure();
  return node.result(node.emit("batch_norm", operands->values,
                               {node.attr("epsilon", node.real("epsilon", 1e-5f)),
                                node.attr("momentum", node.real("momentum", 0.9f)),
                                node.attr("operandSegmentSizes", node.getBuilder().getDenseI32ArrayAttr(operands->segments))}));
}

/// Before opset 9 the statistics could be of single elements.
static LogicalResult importSpatialBatchNormalization(NodeReader &node) {
  if (node.integer("spatial", 1) != 1)
    return node.unsupported("statistics of single elements (spatial = 0) are not supported, use those of channels");
  return importBatchNormalization(node);
}

static LogicalResult importGroupNormalization(NodeReader &node) {
  if (node.integer("stash_type", 1) != 1)
    return node.unsupported("stash_type " + Twine(node.integer("stash_type", 1)) + " is not supported");
  int64_t groups = node.integer("num_groups", 0);
  FailureOr<NormOperands> operands = readOperands(node, /*statistics=*/false);
  if (failed(operands))
    return failure();
  return node.result(node.emit("group_norm", operands->values,
                               {node.attr("groups", node.getBuilder().getI64IntegerAttr(groups)),
                                node.attr("epsilon", node.real("epsilon", 1e-5f)),
                                node.attr("operandSegmentSizes", node.getBuilder().getDenseI32ArrayAttr(operands->segments))}));
}

/// Before opset 21 scale and bias belong to groups: the same where each channel is one.
static LogicalResult importGroupNormalizationByGroup(NodeReader &node) {
  SmallVector<int64_t> x = node.shapes(0).first, scale = node.shapes(1).first;
  if (x.size() > 1 && ArrayRef(scale) != ArrayRef(x[1]))
    return node.unsupported("a scale and a bias for each group instead of each channel (before opset 21) are not supported");
  return importGroupNormalization(node);
}

static LogicalResult dropout(NodeReader &node, double ratio) {
  FailureOr<Value> x = node.value(0);
  if (failed(x))
    return failure();
  if (!(ratio >= 0 && ratio < 1))
    return node.wrong("expects a ratio in [0, 1), got " + Twine(std::to_string(ratio)));
  if (ratio == 0)
    return node.result(*x);
  return node.result(node.emit("dropout", *x, {node.attr("ratio", ratio)}));
}

static LogicalResult importDropout(NodeReader &node) {
  node.ignore({"seed"}); // random numbers follow from the recipe's seed
  (void)node.has(2);     // training_mode: recipes train the training form
  double ratio = 0.5;
  if (node.has(1)) {
    FailureOr<HostTensor> constant = node.constant(1);
    if (failed(constant))
      return failure();
    if (!constant->isFloat() || constant->size() != 1)
      return node.wrong("expects one number as ratio");
    ratio = constant->reals.front();
  }
  return dropout(node, ratio);
}

static LogicalResult importDropoutByAttribute(NodeReader &node) { return dropout(node, node.real("ratio", 0.5)); }

ArrayRef<OpRow> tally::onnx::getNormRows() {
  static const OpRow rows[] = {{"BatchNormalization", {7, 9}, importSpatialBatchNormalization, "", 5, 5},
                               {"BatchNormalization", {9}, importBatchNormalization, "", 5, 5},
                               {"GroupNormalization", {18, 21}, importGroupNormalizationByGroup, "", 3},
                               {"GroupNormalization", {21}, importGroupNormalization, "", 3},
                               {"Dropout", {7, 12}, importDropoutByAttribute, "", 1, 2},
                               {"Dropout", {12}, importDropout, "", 1, 2}};
  return rows;
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports normalizations, in whichever form they were exported: recipes train their training form.
#include "Composition.h"

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

/// By the mean and population variance of the batch. The further outputs are momentum * old + (1 - momentum) * new for the running
/// statistics, then the batch's own, which opsets before 14 give.
static LogicalResult importBatchNormalizationAsWritten(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  if (!x)
    return failure();
  if (c.rankOf(x) < 2)
    return node.wrong("expects an input of at least 2 dimensions, got " + Twine(c.rankOf(x)));
  Shape channels = c.shapeOf(x);
  SmallVector<int64_t> axes;
  for (int64_t axis = 0; axis < channels.rank(); ++axis)
    if (axis != 1) {
      channels.set(axis, 1);
      axes.push_back(axis);
    }
  auto asChannels = [&](Value value) { return c.reshape(c.convert(value, c.elementOf(x)), channels); };
  Value scale = asChannels(c.input(1)), bias = asChannels(c.input(2)), mean = c.mean(x, axes);
  Value centered = c.sub(x, mean), variance = c.mean(c.mul(centered, centered), axes);
  Value deviation = c.op("sqrt", c.add(variance, node.real("epsilon", 1e-5f)));
  Value y = c.add(c.mul(c.div(centered, deviation), scale), bias);
  double momentum = node.real("momentum", 0.9f);
  for (auto [offset, statistic] : {std::pair(0, mean), {1, variance}}) {
    Value old = c.input(3 + offset), now = old ? c.convert(c.reshape(statistic, c.shapeOf(old)), c.elementOf(old)) : Value();
    Value kept = c.mul(old, momentum), running = c.add(kept, c.mul(now, 1 - momentum));
    if (failed(c.result(running, 1 + offset, node.elementType(3 + offset))) ||
        failed(c.result(now, 3 + offset, node.elementType(3 + offset))))
      return failure();
  }
  return c.result(y, 0, node.elementType(0));
}

static LogicalResult importBatchNormalization(NodeReader &node) {
  // Before opset 14 the outputs beside y say that the training form is meant.
  bool trains = node.integer("training_mode", node.getRow().opsets.until <= 14 && node.getNode().outputs.size() > 1) != 0;
  if (trains && node.isAsWritten())
    return importBatchNormalizationAsWritten(node);
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

/// group_norm of x with scale and bias of its channels, which are null where there are none.
static Value groupNorm(Composition &c, Value x, Value scale, Value bias, int64_t groups, double epsilon) {
  SmallVector<Value> operands = {x};
  SmallVector<int32_t> segments = {1, scale ? 1 : 0, bias ? 1 : 0};
  for (Value operand : {scale, bias})
    if (operand)
      operands.push_back(operand);
  return c.op("group_norm", operands,
              {c.node.integerAttr("groups", groups), c.node.attr("epsilon", epsilon),
               c.node.attr("operandSegmentSizes", c.node.getBuilder().getDenseI32ArrayAttr(segments))});
}

/// A scale or bias in input `index`, null where it is absent or a constant that does nothing; false after an error.
static bool readAffine(NodeReader &node, size_t index, bool isScale, Value &value) {
  if (!node.has(index) || node.isConstantEqual(index, isScale ? 1 : 0))
    return true;
  FailureOr<Value> weight = node.weight(index, isScale ? "norm.scale" : "norm.bias", isScale ? "scale" : "bias");
  if (succeeded(weight))
    value = *weight;
  return succeeded(weight);
}

/// Before opset 21 scale and bias belong to groups: each channel gets those of its group.
static LogicalResult importGroupNormalizationByGroup(NodeReader &node) {
  SmallVector<int64_t> x = node.shapes(0).first, scale = node.shapes(1).first;
  if (x.size() < 2 || scale.size() != 1 || ArrayRef(scale) == ArrayRef(x[1]))
    return importGroupNormalization(node);
  (void)node.integer("stash_type", 1);
  int64_t groups = node.integer("num_groups", 0);
  if (groups < 1 || scale[0] != groups || x[1] % groups != 0)
    return node.wrong("expects num_groups to divide " + Twine(x[1]) + " channels, and a scale for each group");
  Composition c(node);
  Value scales, biases, data = c.input(0);
  if (!data || !readAffine(node, 1, true, scales) || !readAffine(node, 2, false, biases))
    return failure();
  auto ofChannels = [&](Value value) {
    if (!value)
      return value;
    Shape column = {{groups, 1}, {groups, 1}}, all = {{groups, x[1] / groups}, {groups, x[1] / groups}};
    return c.reshape(c.broadcast(c.reshape(value, column), all), all.merged(0, 2));
  };
  return c.result(groupNorm(c, data, ofChannels(scales), ofChannels(biases), groups, node.real("epsilon", 1e-5f)));
}

/// Each channel of each sample for itself.
static LogicalResult importInstanceNormalization(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0), scale, bias;
  if (!x || !readAffine(node, 1, true, scale) || !readAffine(node, 2, false, bias))
    return failure();
  if (c.rankOf(x) < 3)
    return node.wrong("expects an input of at least 3 dimensions, got " + Twine(c.rankOf(x)));
  return c.result(groupNorm(c, x, scale, bias, c.shapeOf(x).here[1], node.real("epsilon", 1e-5f)));
}

/// The operands of an op that normalizes over the dimensions from `axis` on: x as [rows, elements], and scale and bias of elements.
struct RowNorm {
  Value x, scale, bias; ///< x is null after an error
  Shape shape;          ///< of the input
  int64_t axis;
};

static RowNorm readRowNorm(Composition &c) {
  NodeReader &node = c.node;
  (void)node.integer("stash_type", 1); // statistics are of the type of x, which is f32 at least
  RowNorm norm;
  Value x = c.input(0);
  std::optional<int64_t> axis = x ? c.axis(node.integer("axis", -1), c.rankOf(x)) : std::nullopt;
  if (!axis)
    return norm;
  norm.shape = c.shapeOf(x);
  norm.axis = *axis;
  Shape rows = norm.shape.merged(*axis, norm.shape.rank()).merged(0, *axis), elements = rows;
  if (rows.isBatch(1)) {
    (void)node.unsupported("normalization over the batch is not supported");
    return norm;
  }
  elements.erase(0);
  for (auto [index, value] : {std::pair(size_t(1), &norm.scale), {2, &norm.bias}}) {
    if (!readAffine(node, index, index == 1, *value))
      return norm;
    if (!*value)
      continue;
    Shape inner = norm.shape;
    inner.here.erase(inner.here.begin(), inner.here.begin() + *axis);
    inner.there.erase(inner.there.begin(), inner.there.begin() + *axis);
    *value = c.reshape(c.broadcast(*value, inner), elements);
    if (!*value)
      return norm;
  }
  norm.x = c.reshape(x, rows);
  return norm;
}

/// A statistic of the rows, [rows, 1], with size 1 in the normalized dimensions.
static Value asStatistic(Composition &c, const RowNorm &norm, Value statistic) {
  Shape shape = norm.shape;
  for (int64_t axis = norm.axis; axis < shape.rank(); ++axis)
    shape.set(axis, 1);
  return c.reshape(statistic, shape);
}

/// Each row as one group of channels: group normalization with a scale and a bias for each element.
static LogicalResult importLayerNormalization(NodeReader &node) {
  Composition c(node);
  RowNorm norm = readRowNorm(c);
  Value y = norm.x ? groupNorm(c, norm.x, norm.scale, norm.bias, 1, node.real("epsilon", 1e-5f)) : Value();
  if (!y)
    return failure();
  for (size_t output : {1, 2})
    if (output < node.getNode().outputs.size())
      if (failed(c.result(asStatistic(c, norm, y.getDefiningOp()->getResult(output)), output)))
        return failure();
  return c.result(c.reshape(y, norm.shape));
}

/// y = x / sqrt(mean(x^2) + epsilon) * scale.
static LogicalResult importRmsNormalization(NodeReader &node) {
  Composition c(node);
  RowNorm norm = readRowNorm(c);
  if (!norm.x)
    return failure();
  Value square = c.mean(c.mul(norm.x, norm.x), {1});
  Value root = c.op("sqrt", c.add(square, node.real("epsilon", 1e-5f)));
  Value y = c.div(norm.x, root);
  if (norm.scale)
    y = c.mul(y, norm.scale);
  return c.result(c.reshape(y, norm.shape));
}

/// (x - mean) / sqrt(variance + 1e-9) over some dimensions, as ONNX's function has it.
static LogicalResult importMeanVarianceNormalization(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  if (!x)
    return failure();
  SmallVector<int64_t> axes(node.integers("axes"));
  if (!node.hasAttribute("axes"))
    axes = {0, 2, 3};
  for (int64_t &axis : axes) {
    std::optional<int64_t> normalized = c.axis(axis, c.rankOf(x));
    if (!normalized)
      return failure();
    axis = *normalized;
  }
  llvm::sort(axes);
  Value centered = c.sub(x, c.mean(x, axes));
  Value variance = c.mean(c.mul(centered, centered), axes);
  return c.result(c.div(centered, c.op("sqrt", c.add(variance, 1e-9))));
}

/// x / norm of x along an axis; 0 where the norm is 0.
static LogicalResult importLpNormalization(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  int64_t p = node.integer("p", 2);
  std::optional<int64_t> axis = x ? c.axis(node.integer("axis", -1), c.rankOf(x)) : std::nullopt;
  if (!axis)
    return failure();
  if (p != 1 && p != 2)
    return node.wrong("expects 1 or 2 as p, got " + Twine(p));
  Value norm = p == 1 ? c.sum(c.op("abs", x), *axis) : c.op("sqrt", c.sum(c.mul(x, x), *axis));
  Value zero = c.number(0, x);
  Value isZero = c.compare(nn::Relation::Equal, norm, zero);
  return c.result(c.div(x, c.select(isZero, c.number(1, x), norm)));
}

/// x / (bias + alpha / size * sum of x^2 over `size` neighbouring channels)^beta (ONNX LRN, from opset 1).
static LogicalResult importLrn(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  int64_t size = node.integer("size", 0);
  if (!x)
    return failure();
  if (size < 1 || c.rankOf(x) < 2)
    return node.wrong("expects a size of at least 1 and an input with channels");
  int64_t channels = c.shapeOf(x).here[1], before = (size - 1) / 2;
  Value square = c.padWithZeros(c.mul(x, x), 1, before, size - 1 - before), sum;
  for (int64_t offset = 0; offset < size; ++offset) {
    Value shifted = c.slice(square, 1, offset, channels);
    sum = sum ? c.add(sum, shifted) : shifted;
  }
  double alpha = node.real("alpha", 1e-4f), beta = node.real("beta", 0.75), bias = node.real("bias", 1);
  Value base = c.add(c.mul(sum, alpha / static_cast<double>(size)), bias);
  return c.result(c.div(x, c.op("pow", {base, c.number(beta, x)})));
}

ArrayRef<OpRow> tally::onnx::getNormRows() {
  static const OpRow rows[] = {{"BatchNormalization", {7, 9}, importSpatialBatchNormalization, "", 5, 5},
                               {"BatchNormalization", {9, 14}, importBatchNormalization, "", 5, 5},
                               {"BatchNormalization", {14}, importBatchNormalization, "", 5, 3},
                               {"GroupNormalization", {18, 21}, importGroupNormalizationByGroup, "", 3},
                               {"GroupNormalization", {21}, importGroupNormalization, "", 3},
                               {"InstanceNormalization", {7}, importInstanceNormalization, "", 3},
                               {"LayerNormalization", {17}, importLayerNormalization, "", 2, 3},
                               {"RMSNormalization", {23}, importRmsNormalization, "", 2},
                               {"MeanVarianceNormalization", {9}, importMeanVarianceNormalization},
                               {"LpNormalization", {7}, importLpNormalization},
                               {"LRN", {7}, importLrn}};
  return rows;
}

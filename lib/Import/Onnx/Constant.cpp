// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports ops whose result is known at import time: constants, and the arithmetic on shapes that exporters leave.
#include "NodeReader.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;
using Sizes = SmallVector<int64_t>;

static LogicalResult bindTensor(NodeReader &node, const Tensor *tensor) {
  std::optional<HostTensor> host = tensor ? HostTensor::from(*tensor) : std::nullopt;
  bool isFloat = tensor && (tensor->type == ElementType::Float || tensor->type == ElementType::Double);
  if (!host && !isFloat)
    return node.unsupported("a constant of this size or type is not supported");
  Binding constant;
  constant.kind = host ? Binding::Kind::Host : Binding::Kind::Initializer;
  if (host)
    constant.host = constant.hostAtOtherBatch = *host;
  if (isFloat)
    constant.initializer = tensor;
  return node.result(constant);
}

static LogicalResult importConstant(NodeReader &node) {
  if (node.hasAttribute("value"))
    return bindTensor(node, node.tensorAttribute("value"));
  HostTensor host;
  if (node.hasAttribute("value_int")) {
    host = HostTensor::scalar(0, ElementType::Int64);
    host.integers = {node.integer("value_int", 0)};
  } else if (node.hasAttribute("value_ints")) {
    host = HostTensor::vector(node.integers("value_ints"));
  } else if (node.hasAttribute("value_float")) {
    host = HostTensor::scalar(node.real("value_float", 0));
  } else if (const NodeAttribute *values = node.attribute("value_floats"); values && values->kind == NodeAttribute::Kind::Floats) {
    host.type = ElementType::Float;
    host.shape = {static_cast<int64_t>(values->floats.size())};
    host.reals.assign(values->floats.begin(), values->floats.end());
  } else {
    return node.unsupported("requires a value of numbers");
  }
  return node.result(host, host);
}

static LogicalResult importShape(NodeReader &node) {
  auto [shape, otherShape] = node.shapes(0);
  int64_t rank = shape.size(), start = node.integer("start", 0), end = node.integer("end", rank);
  start = std::clamp<int64_t>(start < 0 ? start + rank : start, 0, rank);
  end = std::clamp<int64_t>(end < 0 ? end + rank : end, start, rank);
  return node.result(HostTensor::vector(ArrayRef(shape).slice(start, end - start)),
                     HostTensor::vector(ArrayRef(otherShape).slice(start, end - start)));
}

static LogicalResult importSize(NodeReader &node) {
  auto [shape, otherShape] = node.shapes(0);
  HostTensor size = HostTensor::scalar(0, ElementType::Int64), otherSize = size;
  size.integers = {checkedProduct(shape).value_or(0)};
  otherSize.integers = {checkedProduct(otherShape).value_or(0)};
  return node.result(size, otherSize);
}

static LogicalResult importConstantOfShape(NodeReader &node) {
  const Tensor *tensor = node.tensorAttribute("value");
  std::optional<HostTensor> value = tensor ? HostTensor::from(*tensor) : HostTensor::scalar(0);
  if (!value || value->size() != 1)
    return node.wrong("expects a value of one element");
  value->shape.clear();
  return node.fold([&](ArrayRef<HostTensor> inputs) -> FailureOr<HostTensor> {
    std::optional<HostTensor> filled = value->expand(inputs[0].integers);
    if (!filled)
      return FailureOr<HostTensor>(node.unsupported("a constant of this shape is not supported"));
    return *filled;
  });
}

static LogicalResult importGather(NodeReader &node) {
  int64_t axis = node.integer("axis", 0);
  return node.fold([&](ArrayRef<HostTensor> inputs) -> FailureOr<HostTensor> {
    const HostTensor &data = inputs[0], &indices = inputs[1];
    FailureOr<int64_t> along = node.normalizedAxis(axis, data.shape.size());
    if (failed(along))
      return failure();
    ArrayRef<int64_t> shape = data.shape;
    int64_t extent = shape[*along], inner = *checkedProduct(shape.drop_front(*along + 1));
    for (int64_t index : indices.integers)
      if (index < -extent || index >= extent)
        return FailureOr<HostTensor>(node.wrong("index " + Twine(index) + " is out of range"));
    Sizes target(shape.take_front(*along));
    llvm::append_range(target, indices.shape);
    llvm::append_range(target, shape.drop_front(*along + 1));
    std::optional<int64_t> elements = checkedProduct(target);
    if (!elements || *elements > HostTensor::maximalElements)
      return FailureOr<HostTensor>(node.unsupported("the result is too large"));
    int64_t count = indices.integers.size();
    return data.gather(target, [&](int64_t position) {
      int64_t index = indices.integers[position / inner % count];
      return (position / inner / count * extent + (index < 0 ? index + extent : index)) * inner + position % inner;
    });
  });
}

/// A list from its element `starts` to before `ends`; each argument is of one element, or empty where it may be absent.
static FailureOr<HostTensor> slice(NodeReader &node, const HostTensor &data, ArrayRef<int64_t> starts, ArrayRef<int64_t> ends,
                                   ArrayRef<int64_t> axes, ArrayRef<int64_t> steps) {
  if (data.shape.size() != 1 || starts.size() != 1 || ends.size() != 1 || (!axes.empty() && axes[0] != 0 && axes[0] != -1))
    return FailureOr<HostTensor>(node.unsupported("slicing is supported for lists of known numbers"));
  int64_t size = data.shape[0], step = steps.empty() ? 1 : steps[0];
  if (step < 1)
    return FailureOr<HostTensor>(node.unsupported("slicing backwards is not supported"));
  auto clamped = [&](int64_t position) { return std::clamp<int64_t>(position < 0 ? position + size : position, 0, size); };
  int64_t start = clamped(starts[0]), end = std::max(clamped(ends[0]), start);
  return data.gather({(end - start + step - 1) / step}, [&](int64_t index) { return start + index * step; });
}

static LogicalResult importSlice(NodeReader &node) {
  return node.fold([&](ArrayRef<HostTensor> inputs) {
    auto list = [&](size_t input) { return input < inputs.size() ? ArrayRef(inputs[input].integers) : ArrayRef<int64_t>(); };
    return slice(node, inputs[0], list(1), list(2), list(3), list(4));
  });
}

static LogicalResult importSliceByAttribute(NodeReader &node) {
  return node.fold([&](ArrayRef<HostTensor> inputs) {
    return slice(node, inputs[0], node.integers("starts"), node.integers("ends"), node.integers("axes"), {});
  });
}

/// Comparisons and choices between known numbers.
static LogicalResult importChoice(NodeReader &node) {
  return node.fold([&](ArrayRef<HostTensor> inputs) -> FailureOr<HostTensor> {
    Sizes shape;
    for (const HostTensor &input : inputs) {
      auto common = broadcastShapes(shape, input.shape);
      if (!common)
        return FailureOr<HostTensor>(node.wrong("expects shapes that broadcast"));
      shape = *common;
    }
    SmallVector<HostTensor> operands;
    for (const HostTensor &input : inputs) {
      std::optional<HostTensor> operand = input.expand(shape);
      if (!operand)
        return FailureOr<HostTensor>(node.unsupported("the result is too large"));
      operands.push_back(std::move(*operand));
    }
    bool isWhere = node.getRow().target == "where";
    if (operands.size() != (isWhere ? 3 : 2) || operands[isWhere].isFloat() || operands.back().isFloat() ||
        operands[0].isFloat())
      return FailureOr<HostTensor>(node.unsupported("is supported for known integers alone"));
    HostTensor result = operands.back();
    if (!isWhere)
      result.type = ElementType::Bool;
    for (auto [index, value] : llvm::enumerate(result.integers))
      value = isWhere ? (operands[0].integers[index] ? operands[1] : operands[2]).integers[index]
                      : operands[0].integers[index] == operands[1].integers[index];
    return result;
  });
}

ArrayRef<OpRow> tally::onnx::getConstantRows() {
  static const OpRow rows[] = {
      {"Constant", {7}, importConstant, "", 0},
      {"Shape", {7}, importShape},
      {"Size", {7}, importSize},
      {"ConstantOfShape", {9}, importConstantOfShape, "", 1, 1, true},
      {"Gather", {7}, importGather, "", 2, 1, /*numbersOnly=*/true},
      {"Slice", {7, 10}, importSliceByAttribute, "", 1, 1, true},
      {"Slice", {10}, importSlice, "", 3, 1, true},
      {"Equal", {7}, importChoice, "equal", 2, 1, true},
      {"Where", {9}, importChoice, "where", 3, 1, true},
  };
  return rows;
}

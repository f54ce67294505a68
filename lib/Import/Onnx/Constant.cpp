// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports ops whose result is known at import time: constants, and the arithmetic on shapes that exporters leave.
#include "NodeReader.h"
#include <cmath>

using namespace mlir;
using namespace tally;
using namespace tally::onnx;
using Sizes = SmallVector<int64_t>;

static LogicalResult bindTensor(NodeReader &node, const Tensor *tensor) {
  std::optional<HostTensor> host = tensor ? HostTensor::from(*tensor) : std::nullopt;
  bool isReal = tensor && isFloat(tensor->type);
  if (!host && !isReal)
    return node.unsupported("a constant of this size or type is not supported");
  Binding constant;
  constant.kind = host ? Binding::Kind::Host : Binding::Kind::Initializer;
  if (host)
    constant.host = constant.hostAtOtherBatch = *host;
  if (isReal)
    constant.initializer = tensor;
  constant.type = tensor->declared;
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

/// start, start + delta, ... to before limit; each is known.
static LogicalResult importRange(NodeReader &node) {
  return node.fold([&](ArrayRef<HostTensor> inputs) -> FailureOr<HostTensor> {
    HostTensor range;
    range.type = inputs[0].type;
    for (const HostTensor &input : inputs)
      if (input.size() != 1 || input.type != range.type)
        return FailureOr<HostTensor>(node.wrong("expects one number each as start, limit and delta, of one type"));
    auto fill = [&](auto &elements, auto start, auto limit, auto delta) {
      double steps = delta == 0 ? 0 : std::ceil((static_cast<double>(limit) - start) / delta);
      if (steps > HostTensor::maximalElements)
        return false;
      for (int64_t index = 0; index < static_cast<int64_t>(steps); ++index)
        elements.push_back(start + index * delta);
      range.shape = {static_cast<int64_t>(elements.size())};
      return true;
    };
    bool fits = range.isFloat() ? fill(range.reals, inputs[0].reals[0], inputs[1].reals[0], inputs[2].reals[0])
                                : fill(range.integers, inputs[0].integers[0], inputs[1].integers[0], inputs[2].integers[0]);
    if (!fits)
      return FailureOr<HostTensor>(node.unsupported("a range of more than " + Twine(HostTensor::maximalElements) + " elements is not supported"));
    return range;
  });
}

/// Ones on a diagonal of the shape of the input.
static LogicalResult importEyeLike(NodeReader &node) {
  auto [shape, otherShape] = node.shapes(0);
  auto type = static_cast<ElementType>(node.integer("dtype", static_cast<int64_t>(node.elementType(0))));
  int64_t diagonal = node.integer("k", 0);
  if (shape.size() != 2)
    return node.wrong("expects a matrix");
  auto eye = [&](ArrayRef<int64_t> sizes) {
    HostTensor result = HostTensor::scalar(0, type);
    (result.isFloat() ? result.reals.resize(0) : result.integers.resize(0));
    result.shape = SmallVector<int64_t>(sizes);
    for (int64_t row = 0; row < sizes[0]; ++row)
      for (int64_t column = 0; column < sizes[1]; ++column) {
        bool one = column == row + diagonal;
        result.isFloat() ? result.reals.push_back(one) : result.integers.push_back(one);
      }
    return result;
  };
  return node.result(eye(shape), eye(otherShape));
}

ArrayRef<OpRow> tally::onnx::getConstantRows() {
  static const OpRow rows[] = {
      {"Constant", {7}, importConstant, "", 0},
      {"Shape", {7}, importShape},
      {"Size", {7}, importSize},
      {"ConstantOfShape", {9}, importConstantOfShape},
      {"Range", {11}, importRange, "", 3},
      {"EyeLike", {9}, importEyeLike},
  };
  return rows;
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes an ONNX op as a composition of nn ops.
#include "Composition.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

Shape Shape::merged(int64_t first, int64_t end) const {
  auto merge = [&](ArrayRef<int64_t> sizes) {
    SmallVector<int64_t> result(sizes.take_front(first));
    result.push_back(*checkedProduct(sizes.slice(first, end - first)));
    llvm::append_range(result, sizes.drop_front(end));
    return result;
  };
  return {merge(here), merge(there)};
}

Value Composition::input(size_t index, bool optional) {
  if (optional && !node.has(index))
    return {};
  FailureOr<Value> value = node.value(index);
  return succeeded(value) ? *value : Value();
}

Value Composition::fixedInput(size_t index, bool optional) {
  auto known = node.constants(index);
  return known ? node.emitConstant(known->first, known->second) : input(index, optional);
}

Value Composition::value(const Binding &bound) {
  FailureOr<Value> value = node.valueOf(bound, node.numInputs());
  return succeeded(value) ? *value : Value();
}

Value Composition::op(StringRef name, ValueRange operands, const Attributes &attributes) {
  if (!llvm::all_of(operands, [](Value operand) { return static_cast<bool>(operand); }))
    return {};
  FailureOr<Value> value = node.emit(name, operands, attributes);
  return succeeded(value) ? *value : Value();
}

Value Composition::number(double value, Value like) {
  return like ? node.emitConstant(HostTensor::scalar(value, constantType(elementOf(like)))) : like;
}

Value Composition::integers(ArrayRef<int64_t> values, ArrayRef<int64_t> shape) {
  HostTensor host = HostTensor::vector(values);
  host.shape = SmallVector<int64_t>(shape);
  return node.emitConstant(host);
}

Value Composition::reals(ArrayRef<double> values, ArrayRef<int64_t> shape, Value like) {
  if (!like)
    return {};
  HostTensor host;
  host.type = constantType(elementOf(like));
  host.shape = SmallVector<int64_t>(shape);
  host.reals = values.vec();
  return node.emitConstant(host);
}

Value Composition::negate(Value a) {
  if (!a || isa<FloatType>(elementOf(a)))
    return op("neg", a);
  return sub(0, a);
}

Value Composition::compare(nn::Relation relation, Value a, Value b) {
  return op("compare", {a, b}, {node.attr("relation", node.getBuilder().getI32IntegerAttr(static_cast<int32_t>(relation)))});
}

Value Composition::bitwise(nn::BitwiseKind kind, Value a, Value b) {
  return op("bitwise", {a, b}, {node.attr("kind", node.getBuilder().getI32IntegerAttr(static_cast<int32_t>(kind)))});
}

Value Composition::convert(Value a, Type element) {
  if (!a || elementOf(a) == element)
    return a;
  return op("convert", a, {node.attr("to", TypeAttr::get(element))});
}

Value Composition::convert(Value a, ElementType type) {
  RankedTensorType target = typeOf(node.getLoc().getContext(), type, {});
  if (!a || !target)
    return {};
  Type element = target.getElementType();
  bool wasInteger = elementOf(a).isInteger(64);
  if (type == ElementType::Float16 || type == ElementType::BFloat16) {
    MLIRContext *context = element.getContext();
    Type half = type == ElementType::Float16 ? Type(Float16Type::get(context)) : Type(BFloat16Type::get(context));
    return convert(convert(isa<FloatType>(elementOf(a)) ? a : convert(a, element), half), element);
  }
  Value whole = convert(a, element);
  auto integer = integerBits(type);
  if (!integer || integer->first == 64 || !wasInteger)
    return whole;
  // The low bits, as a number with or without a sign.
  auto [bits, isSigned] = *integer;
  Value low = bitwise(nn::BitwiseKind::And, whole, number(static_cast<double>((uint64_t(1) << bits) - 1), whole));
  if (!isSigned)
    return low;
  Value sign = number(static_cast<double>(uint64_t(1) << (bits - 1)), whole);
  return sub(bitwise(nn::BitwiseKind::Xor, low, sign), sign);
}

Shape Composition::shapeOf(Value value) {
  if (!value)
    return {};
  return {SmallVector<int64_t>(cast<RankedTensorType>(value.getType()).getShape()), SmallVector<int64_t>(node.shapeAtOtherBatch(value))};
}

std::optional<int64_t> Composition::axis(int64_t axis, int64_t rank) {
  FailureOr<int64_t> normalized = node.normalizedAxis(axis, rank);
  return succeeded(normalized) ? std::optional(*normalized) : std::nullopt;
}

Value Composition::reshape(Value value, const Shape &shape) {
  if (!value || shapeOf(value) == shape)
    return value;
  if (auto inner = value.getDefiningOp<nn::ReshapeOp>()) // one is enough
    return reshape(inner.getX(), shape);
  FailureOr<Value> reshaped = node.emitReshape(value, shape.here, shape.there);
  return succeeded(reshaped) ? *reshaped : Value();
}

Value Composition::transpose(Value value, Axes permutation) {
  if (isIdentityPermutation(permutation))
    return value;
  return op("transpose", value, {node.attr("permutation", permutation)});
}

Value Composition::moveToEnd(Value value, int64_t axis) {
  if (!value)
    return {};
  SmallVector<int64_t> permutation = llvm::to_vector(llvm::seq<int64_t>(0, rankOf(value)));
  permutation.erase(permutation.begin() + axis);
  permutation.push_back(axis);
  return transpose(value, permutation);
}

Value Composition::moveFromEnd(Value value, int64_t axis) {
  if (!value)
    return {};
  SmallVector<int64_t> permutation = llvm::to_vector(llvm::seq<int64_t>(0, rankOf(value) - 1));
  permutation.insert(permutation.begin() + axis, rankOf(value) - 1);
  return transpose(value, permutation);
}

Value Composition::broadcast(Value value, const Shape &shape) {
  if (!value || shapeOf(value) == shape)
    return value;
  // First to the rank of the result, then along all dimensions that do not follow from the batch size, then along that.
  Shape own = shapeOf(value);
  while (own.rank() < shape.rank())
    own.insert(0, 1);
  value = reshape(value, own);
  SmallVector<int64_t> sizes;
  bool alongBatch = false;
  for (int64_t axis = 0; axis < shape.rank(); ++axis) {
    bool repeats = shape.isBatch(axis) && !own.isBatch(axis);
    if (repeats && axis != 0) {
      // Dimension 0 is repeated along the batch.
      SmallVector<int64_t> permutation = llvm::to_vector(llvm::seq<int64_t>(0, shape.rank()));
      std::swap(permutation[0], permutation[axis]);
      Shape swapped = shape;
      std::swap(swapped.here[0], swapped.here[axis]);
      std::swap(swapped.there[0], swapped.there[axis]);
      Value repeated = broadcast(transpose(value, permutation), swapped);
      return repeated ? transpose(repeated, permutation) : Value();
    }
    alongBatch |= repeats;
    sizes.push_back(repeats ? 1 : shape.isBatch(axis) ? -1 : shape.here[axis]);
  }
  value = op("broadcast", value, {node.attr("shape", sizes)});
  if (!alongBatch || !value)
    return value;
  Value like = node.getBatchedInput();
  Value repeated = like ? op("expand_batch", {value, like}) : Value();
  if (repeated && shapeOf(repeated) != shape) {
    (void)node.unsupported("expansion to a multiple of the batch size is not supported");
    return {};
  }
  return repeated;
}

Value Composition::slice(Value value, int64_t axis, int64_t start, int64_t size, int64_t step) {
  if (!value)
    return {};
  SmallVector<int64_t> starts(rankOf(value), 0), sizes(rankOf(value), -1), steps(rankOf(value), 1);
  starts[axis] = size == 0 ? 0 : start;
  sizes[axis] = size;
  steps[axis] = step;
  return op("slice", value, {node.attr("starts", starts), node.attr("sizes", sizes), node.attr("steps", steps)});
}

Value Composition::concat(ArrayRef<Value> values, int64_t axis) {
  // Parts without elements say nothing.
  SmallVector<Value> parts;
  for (Value value : values)
    if (!value || rankOf(value) <= axis || shapeOf(value).here[axis] != 0 || shapeOf(value).there[axis] != 0)
      parts.push_back(value);
  if (parts.empty())
    parts.push_back(values.front());
  return parts.size() == 1 ? parts.front() : op("concat", parts, {node.integerAttr("axis", axis)});
}

Value Composition::stack(ArrayRef<Value> values, int64_t axis) {
  SmallVector<Value> parts;
  for (Value value : values) {
    Shape shape = shapeOf(value);
    if (!value)
      return {};
    shape.insert(axis, 1);
    parts.push_back(reshape(value, shape));
  }
  return parts.size() == 1 ? parts.front() : concat(parts, axis);
}

Value Composition::take(Value value, int64_t axis, ArrayRef<int64_t> places) {
  if (!value)
    return {};
  // In equal steps it is a slice.
  int64_t number = static_cast<int64_t>(places.size()), step = number > 1 ? places[1] - places[0] : 1;
  bool isRegular = number > 0 && step > 0;
  for (int64_t index = 1; index < number; ++index)
    isRegular &= places[index] - places[index - 1] == step;
  if (isRegular)
    return slice(value, axis, places[0], number, step);
  // Each one as often as the others, it is a broadcast.
  Shape shape = shapeOf(value);
  int64_t times = shape.here[axis] ? number / shape.here[axis] : 0;
  bool isRepeated = times > 1 && number % times == 0 && !shape.isBatch(axis);
  for (int64_t index = 0; index < number && isRepeated; ++index)
    isRepeated = places[index] == index / times;
  if (isRepeated) {
    Shape repeated = shape;
    shape.insert(axis + 1, 1);
    repeated.insert(axis + 1, times);
    return reshape(broadcast(reshape(value, shape), repeated), repeated.merged(axis, axis + 2));
  }
  Shape table = shape.merged(axis + 1, shape.rank());
  table = table.merged(0, axis);
  Value rows = reshape(value, table);
  Value taken = op("gather", {rows, node.emitPositions(places, {1, number})});
  shape.set(axis, number);
  return reshape(taken, shape);
}

Value Composition::padWithZeros(Value value, int64_t axis, int64_t before, int64_t after) {
  if (!value || (before == 0 && after == 0))
    return value;
  SmallVector<int64_t> shape(rankOf(value), -1), starts(rankOf(value), 0), steps(rankOf(value), 1);
  shape[axis] = before + shapeOf(value).here[axis] + after;
  starts[axis] = before;
  return op("slice_grad", value, {node.attr("shape", shape), node.attr("starts", starts), node.attr("steps", steps)});
}

Value Composition::padWith(Value value, int64_t axis, int64_t before, int64_t after, Value padding) {
  if (!value || !padding)
    return {};
  auto fill = [&](int64_t size) {
    Shape shape = shapeOf(value);
    shape.set(axis, size);
    return broadcast(padding, shape);
  };
  SmallVector<Value> parts = {value};
  if (before > 0)
    parts.insert(parts.begin(), fill(before));
  if (after > 0)
    parts.push_back(fill(after));
  return parts.size() == 1 ? value : concat(parts, axis);
}

Value Composition::reduce(StringRef name, Value value, Axes axes, bool keep) {
  if (!value)
    return {};
  Shape shape = shapeOf(value);
  Value reduced = axes.empty() ? value : op(name, value, {node.attr("axes", axes)});
  for (int64_t axis : llvm::reverse(axes)) {
    if (keep)
      shape.set(axis, 1);
    else
      shape.erase(axis);
  }
  return reshape(reduced, shape);
}

LogicalResult Composition::result(Value value, size_t output, ElementType type) {
  return value ? node.result(value, output, type) : failure();
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports ops that only move data; on known inputs they are folded.
#include "NodeReader.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;
using Sizes = SmallVector<int64_t>;

static int64_t product(ArrayRef<int64_t> shape) { return checkedProduct(shape).value_or(-1); }

/// The shape that Reshape asks for, with 0 and -1 filled in; failure if it does not fit.
static FailureOr<Sizes> resolve(ArrayRef<int64_t> asked, ArrayRef<int64_t> from, bool allowZero) {
  Sizes shape(asked);
  int64_t *open = nullptr;
  for (auto [dimension, size] : llvm::enumerate(shape)) {
    if (size == 0 && !allowZero) {
      if (dimension >= from.size())
        return failure();
      size = from[dimension];
    } else if (size == -1 && !open) {
      open = &size;
    } else if (size < 0) {
      return failure();
    }
  }
  if (open) {
    *open = 1;
    int64_t rest = product(shape);
    if (rest <= 0 || product(from) % rest != 0)
      return failure();
    *open = product(from) / rest;
  }
  if (product(shape) != product(from))
    return failure();
  return shape;
}

/// What the reshaping to constant sizes means at another batch size: the dimension of the result that holds the batch
/// stands where as many elements lie before it as before the batch dimension of the input, and is a multiple of it.
static FailureOr<Sizes> rederive(NodeReader &node, ArrayRef<int64_t> asked, ArrayRef<int64_t> target,
                                 ArrayRef<int64_t> from, ArrayRef<int64_t> otherFrom) {
  Sizes other(target);
  if (from == otherFrom)
    return other;
  size_t batchDimension = 0;
  while (from[batchDimension] == otherFrom[batchDimension])
    ++batchDimension;
  int64_t outer = product(from.take_front(batchDimension)), batch = node.getBatch();
  std::optional<size_t> chosen;
  auto preferred = [&](size_t dimension) { return asked[dimension] <= 0 || dimension == batchDimension; };
  for (size_t dimension = 0; dimension < target.size(); ++dimension)
    if (product(target.take_front(dimension)) == outer && target[dimension] % batch == 0 &&
        (!chosen || (preferred(dimension) && !preferred(*chosen))))
      chosen = dimension;
  if (chosen)
    other[*chosen] = target[*chosen] / batch * (batch + 1);
  if (!chosen || product(other) != product(otherFrom))
    return failure();
  return other;
}

static LogicalResult importReshape(NodeReader &node) {
  bool allowZero = node.integer("allowzero", 0) != 0;
  auto asked = node.constants(1);
  if (!asked)
    return node.unsupported("the shape must be known at import time");
  if (asked->first.isFloat() || asked->first.shape.size() != 1)
    return node.wrong("expects a list of integers as shape");
  if (node.binding(0).kind == Binding::Kind::Host) {
    auto reshape = [&](const HostTensor &from, const HostTensor &shape) -> FailureOr<HostTensor> {
      FailureOr<Sizes> target = resolve(shape.integers, from.shape, allowZero);
      if (failed(target))
        return FailureOr<HostTensor>(node.wrong("the shape does not fit the number of elements"));
      HostTensor result = from;
      result.shape = *target;
      return result;
    };
    return node.fold([&](ArrayRef<HostTensor> inputs) { return reshape(inputs[0], inputs[1]); });
  }
  auto [from, otherFrom] = node.shapes(0);
  FailureOr<Sizes> target = resolve(asked->first.integers, from, allowZero);
  if (failed(target))
    return node.wrong("the shape does not fit the number of elements, " + Twine(product(from)));
  bool fixed = asked->first == asked->second;
  FailureOr<Sizes> other = fixed ? rederive(node, asked->first.integers, *target, from, otherFrom)
                                 : resolve(asked->second.integers, otherFrom, allowZero);
  if (failed(other))
    return node.unsupported("the shape does not say where the batch of " + Twine(node.getBatch()) + " is");
  FailureOr<Value> x = node.value(0);
  if (failed(x))
    return failure();
  return node.result(node.emitReshape(*x, *target, *other));
}

static LogicalResult importFlatten(NodeReader &node) {
  FailureOr<Value> x = node.value(0);
  if (failed(x))
    return failure();
  auto [shape, otherShape] = node.shapes(0);
  int64_t axis = node.integer("axis", 1), rank = shape.size();
  if (axis < -rank || axis > rank)
    return node.wrong("requires an axis within " + Twine(rank) + " dimensions, got " + Twine(axis));
  axis = axis < 0 ? axis + rank : axis;
  auto flat = [&](ArrayRef<int64_t> from) { return Sizes{product(from.take_front(axis)), product(from.drop_front(axis))}; };
  return node.result(node.emitReshape(*x, flat(shape), flat(otherShape)));
}

/// Reshapes the input to `change` of its shape, known or not.
static LogicalResult reshapeBy(NodeReader &node, llvm::function_ref<FailureOr<Sizes>(ArrayRef<int64_t>)> change) {
  if (node.binding(0).kind == Binding::Kind::Host)
    return node.fold([&](ArrayRef<HostTensor> inputs) -> FailureOr<HostTensor> {
      FailureOr<Sizes> shape = change(inputs[0].shape);
      if (failed(shape))
        return failure();
      HostTensor result = inputs[0];
      result.shape = *shape;
      return result;
    });
  auto [shape, otherShape] = node.shapes(0);
  FailureOr<Sizes> target = change(shape), other = change(otherShape);
  FailureOr<Value> x = node.value(0);
  if (failed(target) || failed(other) || failed(x))
    return failure();
  return node.result(node.emitReshape(*x, *target, *other));
}

static LogicalResult unsqueeze(NodeReader &node, FailureOr<std::optional<Sizes>> axes) {
  if (failed(axes))
    return failure();
  if (!*axes)
    return node.wrong("requires axes");
  return reshapeBy(node, [&](ArrayRef<int64_t> from) -> FailureOr<Sizes> {
    Sizes shape(from.size() + (*axes)->size(), -1);
    for (int64_t axis : **axes) {
      FailureOr<int64_t> normalized = node.normalizedAxis(axis, shape.size());
      if (failed(normalized))
        return failure();
      shape[*normalized] = 1;
    }
    if (static_cast<size_t>(llvm::count(shape, -1)) != from.size())
      return FailureOr<Sizes>(node.wrong("requires distinct axes"));
    for (int64_t &size : shape)
      if (size == -1) {
        size = from.front();
        from = from.drop_front();
      }
    return shape;
  });
}

static LogicalResult importUnsqueeze(NodeReader &node) { return unsqueeze(node, node.axesInput(1)); }
static LogicalResult importUnsqueezeByAttribute(NodeReader &node) { return unsqueeze(node, node.axesAttribute()); }

static LogicalResult squeeze(NodeReader &node, FailureOr<std::optional<Sizes>> axes) {
  if (failed(axes))
    return failure();
  if (!*axes) {
    // All dimensions of size 1, but for a batch of one.
    auto [shape, otherShape] = node.shapes(0);
    axes->emplace();
    for (auto [dimension, size] : llvm::enumerate(shape))
      if (size == 1 && otherShape[dimension] == 1)
        (*axes)->push_back(dimension);
  }
  return reshapeBy(node, [&](ArrayRef<int64_t> from) -> FailureOr<Sizes> {
    SmallVector<bool> drop(from.size(), false);
    for (int64_t axis : **axes) {
      FailureOr<int64_t> normalized = node.normalizedAxis(axis, from.size());
      if (failed(normalized))
        return failure();
      if (from[*normalized] != 1)
        return FailureOr<Sizes>(node.wrong("expects size 1 in dimension " + Twine(*normalized) + ", got " + Twine(from[*normalized])));
      drop[*normalized] = true;
    }
    Sizes shape;
    for (auto [dimension, size] : llvm::enumerate(from))
      if (!drop[dimension])
        shape.push_back(size);
    return shape;
  });
}

static LogicalResult importSqueeze(NodeReader &node) { return squeeze(node, node.axesInput(1)); }
static LogicalResult importSqueezeByAttribute(NodeReader &node) { return squeeze(node, node.axesAttribute()); }

static LogicalResult importTranspose(NodeReader &node) {
  auto [shape, otherShape] = node.shapes(0);
  Sizes permutation(node.integers("perm"));
  int64_t rank = shape.size();
  if (!node.hasAttribute("perm"))
    permutation = Sizes(llvm::reverse(llvm::seq<int64_t>(0, rank)));
  Sizes sorted = permutation;
  llvm::sort(sorted);
  if (!llvm::equal(sorted, llvm::seq<int64_t>(0, rank)))
    return node.wrong("expects a permutation of " + Twine(rank) + " dimensions as perm");
  if (node.binding(0).kind == Binding::Kind::Host)
    return node.fold([&](ArrayRef<HostTensor> inputs) -> FailureOr<HostTensor> {
      Sizes target, strides(rank, 1);
      for (int64_t dimension = rank - 1; dimension > 0; --dimension)
        strides[dimension - 1] = strides[dimension] * inputs[0].shape[dimension];
      for (int64_t dimension : permutation)
        target.push_back(inputs[0].shape[dimension]);
      return inputs[0].gather(target, [&](int64_t index) {
        int64_t source = 0;
        for (int64_t dimension = rank; dimension-- > 0; index /= target[dimension])
          source += index % target[dimension] * strides[permutation[dimension]];
        return source;
      });
    });
  FailureOr<Value> x = node.value(0);
  if (failed(x))
    return failure();
  return node.result(node.emit("transpose", *x, {node.attr("permutation", permutation)}));
}

static FailureOr<HostTensor> foldConcat(NodeReader &node, ArrayRef<HostTensor> inputs) {
  // Shape arithmetic joins lists.
  HostTensor result = inputs.front();
  for (const HostTensor &input : inputs) {
    if (input.shape.size() != 1 || input.type != result.type)
      return FailureOr<HostTensor>(node.unsupported("concatenation of known tensors is supported for lists of one type"));
    if (&input == inputs.begin())
      continue;
    result.integers.insert(result.integers.end(), input.integers.begin(), input.integers.end());
    result.reals.insert(result.reals.end(), input.reals.begin(), input.reals.end());
    result.shape[0] += input.shape[0];
    if (result.shape[0] > HostTensor::maximalElements)
      return FailureOr<HostTensor>(node.unsupported("the list is too long"));
  }
  return result;
}

static LogicalResult importConcat(NodeReader &node) {
  int64_t axis = node.integer("axis", 0);
  if (node.allKnown())
    return node.fold([&](ArrayRef<HostTensor> inputs) { return foldConcat(node, inputs); });
  SmallVector<Value> operands;
  for (size_t input = 0; input < node.numInputs(); ++input) {
    FailureOr<Value> operand = node.value(input);
    if (failed(operand))
      return failure();
    operands.push_back(*operand);
  }
  FailureOr<int64_t> normalized = node.normalizedAxis(axis, cast<RankedTensorType>(operands.front().getType()).getRank());
  if (failed(normalized))
    return failure();
  return node.result(node.emit("concat", operands, {node.attr("axis", node.getBuilder().getI64IntegerAttr(*normalized))}));
}

static LogicalResult importExpand(NodeReader &node) {
  auto asked = node.constants(1);
  if (!asked)
    return node.unsupported("the shape must be known at import time");
  if (asked->first.isFloat() || asked->first.shape.size() != 1)
    return node.wrong("expects a list of integers as shape");
  if (node.allKnown())
    return node.fold([&](ArrayRef<HostTensor> inputs) -> FailureOr<HostTensor> {
      auto shape = broadcastShapes(inputs[0].shape, inputs[1].integers);
      auto result = shape ? inputs[0].expand(*shape) : std::nullopt;
      if (!result)
        return FailureOr<HostTensor>(node.wrong("the shape does not broadcast, or is too large"));
      return *result;
    });
  auto [from, otherFrom] = node.shapes(0);
  Sizes first(ArrayRef<int64_t>(asked->first.integers)), second(ArrayRef<int64_t>(asked->second.integers));
  // A size that stands for the batch of the input was written down by the exporter.
  for (size_t back = 1; back <= std::min(first.size(), from.size()); ++back) {
    int64_t &size = second[second.size() - back];
    if (asked->first == asked->second && from[from.size() - back] != otherFrom[from.size() - back] &&
        size == from[from.size() - back])
      size = otherFrom[from.size() - back];
  }
  auto target = broadcastShapes(from, first), other = broadcastShapes(otherFrom, second);
  if (!target)
    return node.wrong("the shape does not broadcast with that of the input");
  if (!other)
    return node.unsupported("the shape does not say where the batch of " + Twine(node.getBatch()) + " is");
  FailureOr<Value> x = node.value(0);
  if (failed(x))
    return failure();
  if (ArrayRef(from) == ArrayRef(*target) && ArrayRef(otherFrom) == ArrayRef(*other))
    return node.result(*x);
  for (size_t dimension = 0; dimension < target->size(); ++dimension) {
    size_t offset = target->size() - from.size();
    bool kept = dimension >= offset && from[dimension - offset] == (*target)[dimension] &&
                otherFrom[dimension - offset] == (*other)[dimension];
    if ((*target)[dimension] == (*other)[dimension])
      continue;
    if (!kept)
      return node.unsupported("expansion along the batch is not supported");
    (*target)[dimension] = -1; // as large as that of the input
  }
  return node.result(node.emit("broadcast", *x, {node.attr("shape", *target)}));
}

static LogicalResult importIdentity(NodeReader &node) {
  return node.result(Binding(node.binding(0)));
}

ArrayRef<OpRow> tally::onnx::getShapeRows() {
  static const OpRow rows[] = {
      {"Reshape", {7}, importReshape, "", 2},
      {"Flatten", {7}, importFlatten},
      {"Unsqueeze", {7, 13}, importUnsqueezeByAttribute},
      {"Unsqueeze", {13}, importUnsqueeze, "", 2},
      {"Squeeze", {7, 13}, importSqueezeByAttribute},
      {"Squeeze", {13}, importSqueeze},
      {"Concat", {7}, importConcat},
      {"Transpose", {7}, importTranspose},
      {"Identity", {7}, importIdentity},
      {"Expand", {8}, importExpand, "", 2},
  };
  return rows;
}

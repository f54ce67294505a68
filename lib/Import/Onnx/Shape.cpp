// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports ops that only move data to places which follow from their attributes.
#include "Composition.h"

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
/// stands where as many elements lie before it as before the batch dimension of the input, and is a multiple of it. Where there is none,
/// the dimension that was left open is taken at its word.
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
  const auto *open = llvm::find(asked, -1);
  if (!chosen && open != asked.end() && target[open - asked.begin()] % batch == 0)
    chosen = open - asked.begin();
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
  auto [from, otherFrom] = node.shapes(0);
  FailureOr<Sizes> target = resolve(asked->first.integers, from, allowZero);
  if (failed(target))
    return node.wrong("the shape does not fit the number of elements, " + Twine(product(from)));
  // What the exporter wrote down at one batch size is derived again for the other, unless the input is known at either.
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
  FailureOr<Value> x = node.value(0);
  if (failed(x))
    return failure();
  return node.result(node.emit("transpose", *x, {node.attr("permutation", permutation)}));
}

static LogicalResult importConcat(NodeReader &node) {
  Composition c(node);
  // A token of the class that was written down for each sample of the batch is a weight of one sample.
  bool hasBatch = false;
  for (size_t input = 0; input < node.numInputs(); ++input) {
    auto [shape, otherShape] = node.shapes(input);
    hasBatch |= !shape.empty() && shape[0] != otherShape[0];
  }
  SmallVector<Value> operands;
  for (size_t input = 0; input < node.numInputs(); ++input) {
    if (hasBatch)
      node.keepOneSample(input);
    operands.push_back(c.input(input));
  }
  if (!llvm::all_of(operands, [](Value operand) { return static_cast<bool>(operand); }))
    return failure();
  std::optional<int64_t> axis = c.axis(node.integer("axis", 0), c.rankOf(operands.front()));
  if (!axis)
    return failure();
  // What is of one sample is repeated for each.
  auto batched = llvm::find_if(operands, [&](Value operand) { return c.rankOf(operand) > 0 && c.shapeOf(operand).isBatch(0); });
  if (*axis != 0 && batched != operands.end()) {
    Shape like = c.shapeOf(*batched);
    for (Value &operand : operands) {
      Shape shape = c.shapeOf(operand);
      if (shape.rank() == 0 || shape.isBatch(0) || shape.here[0] != 1)
        continue;
      shape.here[0] = like.here[0];
      shape.there[0] = like.there[0];
      operand = c.broadcast(operand, shape);
    }
  }
  return c.result(c.concat(operands, *axis));
}

static LogicalResult importExpand(NodeReader &node) {
  auto asked = node.constants(1);
  if (!asked)
    return node.unsupported("the shape must be known at import time");
  if (asked->first.isFloat() || asked->first.shape.size() != 1)
    return node.wrong("expects a list of integers as shape");
  auto [from, otherFrom] = node.shapes(0);
  Sizes first(ArrayRef<int64_t>(asked->first.integers)), second(ArrayRef<int64_t>(asked->second.integers));
  // A size that stands for the batch of the input was written down by the exporter.
  for (size_t back = 1; back <= std::min(first.size(), from.size()); ++back) {
    int64_t &size = second[second.size() - back];
    if (asked->first == asked->second && from[from.size() - back] != otherFrom[from.size() - back] &&
        size == from[from.size() - back])
      size = otherFrom[from.size() - back];
  }
  // So was one to which a tensor of one sample is repeated; a list is one of channels or groups.
  bool isOne = from.size() < first.size() || (from.size() == first.size() && !from.empty() && from[0] == 1 && otherFrom[0] == 1);
  if (asked->first == asked->second && isOne && first.size() > 1 && first[0] != 1 && first[0] == node.getBatch() && node.getBatchedInput())
    second[0] = node.getBatch() + 1;
  auto target = broadcastShapes(from, first), other = broadcastShapes(otherFrom, second);
  if (!target)
    return node.wrong("the shape does not broadcast with that of the input");
  if (!other)
    return node.unsupported("the shape does not say where the batch of " + Twine(node.getBatch()) + " is");
  Composition c(node);
  return c.result(c.broadcast(c.input(0), {*target, *other}));
}

/// The elements of one dimension between two positions, which may count from the end and be out of range (ONNX Slice).
static Value sliceDimension(Composition &c, Value x, int64_t axis, int64_t start, int64_t end, int64_t step) {
  if (step == 0) {
    (void)c.node.wrong("expects steps other than 0");
    return {};
  }
  Shape shape = c.shapeOf(x);
  auto range = [&](int64_t size) {
    int64_t least = step > 0 ? 0 : -1, most = step > 0 ? size : size - 1;
    auto clamped = [&](int64_t position) { return std::clamp(position < 0 ? position + size : position, least, most); };
    int64_t first = std::clamp<int64_t>(start < 0 ? start + size : start, 0, most), last = clamped(end);
    int64_t number = step > 0 ? (last - first + step - 1) / step : (first - last - step - 1) / -step;
    return std::pair(first, std::max<int64_t>(number, 0));
  };
  auto [first, number] = range(shape.here[axis]);
  auto [otherFirst, otherNumber] = range(shape.there[axis]);
  if (first == otherFirst && step > 0 && number != otherNumber && first + (number - 1) * step + step >= shape.here[axis] &&
      otherFirst + (otherNumber - 1) * step + step >= shape.there[axis])
    return c.slice(x, axis, first, -1, step); // to the end, wherever that is
  if (first != otherFirst || number != otherNumber) {
    (void)c.node.unsupported("a part that depends on the batch size is not supported");
    return {};
  }
  if (step > 0)
    return first == 0 && number == shape.here[axis] ? x : c.slice(x, axis, number ? first : 0, number, step);
  SmallVector<int64_t> places;
  for (int64_t index = 0; index < number; ++index)
    places.push_back(first + index * step);
  return c.take(x, axis, places);
}

static LogicalResult slice(NodeReader &node, ArrayRef<int64_t> starts, ArrayRef<int64_t> ends, std::optional<Sizes> axes,
                           std::optional<Sizes> steps) {
  Composition c(node);
  Value x = c.input(0);
  if (!x)
    return failure();
  size_t number = starts.size();
  if (ends.size() != number || (axes && axes->size() != number) || (steps && steps->size() != number))
    return node.wrong("expects starts, ends, axes and steps of one length");
  for (size_t index = 0; index < number && x; ++index) {
    std::optional<int64_t> axis = c.axis(axes ? (*axes)[index] : static_cast<int64_t>(index), c.rankOf(x));
    if (!axis)
      return failure();
    x = sliceDimension(c, x, *axis, starts[index], ends[index], steps ? (*steps)[index] : 1);
  }
  return c.result(x);
}

static LogicalResult importSlice(NodeReader &node) {
  FailureOr<std::optional<Sizes>> starts = node.axesInput(1), ends = node.axesInput(2), axes = node.axesInput(3), steps = node.axesInput(4);
  if (failed(starts) || failed(ends) || failed(axes) || failed(steps))
    return failure();
  return slice(node, **starts, **ends, *axes, *steps);
}

static LogicalResult importSliceByAttribute(NodeReader &node) {
  FailureOr<std::optional<Sizes>> axes = node.axesAttribute();
  return failed(axes) ? failure() : slice(node, node.integers("starts"), node.integers("ends"), *axes, std::nullopt);
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
      {"Identity", {7}, importIdentity, "", 1, 1, /*takesSequences=*/true},
      {"Expand", {8}, importExpand, "", 2},
      {"Slice", {7, 10}, importSliceByAttribute},
      {"Slice", {10}, importSlice, "", 3},
  };
  return rows;
}

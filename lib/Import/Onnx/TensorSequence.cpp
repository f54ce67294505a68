// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports sequences of known length, and optional values: they are there at import time alone.
#include "Composition.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;
using Sizes = SmallVector<int64_t>;

static LogicalResult bindSequence(NodeReader &node, Elements elements, ElementType type, size_t output = 0) {
  if (failed(node.spend(elements.size() / 64)))
    return failure();
  Binding sequence;
  sequence.kind = Binding::Kind::Sequence;
  sequence.type = type;
  sequence.elements = std::make_shared<Elements>(std::move(elements));
  return node.result(sequence, output);
}

/// Adds a tensor at a place of the list.
static LogicalResult insert(NodeReader &node, Elements &elements, size_t place, const Binding &element) {
  if (element.kind == Binding::Kind::Sequence || element.kind == Binding::Kind::Absent)
    return node.wrong("expects tensors as elements of a sequence");
  elements.insert(elements.begin() + static_cast<ptrdiff_t>(place), std::make_shared<Binding>(element));
  return success();
}

/// The elements of input `input`; null after an error.
static const Elements *elementsOf(NodeReader &node, size_t input) {
  if (node.binding(input).kind == Binding::Kind::Sequence)
    return node.binding(input).elements.get();
  (void)node.wrong("expects a sequence as input " + Twine(input));
  return nullptr;
}

/// The position that input `input` says, below `size`, counted from the end where it is negative; `otherwise` where it is absent.
static FailureOr<int64_t> positionOf(NodeReader &node, size_t input, int64_t size, int64_t otherwise) {
  int64_t position = otherwise;
  if (node.has(input)) {
    FailureOr<HostTensor> known = node.constant(input);
    if (failed(known))
      return failure();
    if (known->integers.size() != 1)
      return FailureOr<int64_t>(node.wrong("expects one integer as input " + Twine(input)));
    position = known->integers.front();
  }
  if (position < -size || position >= size)
    return FailureOr<int64_t>(node.wrong("requires a position within " + Twine(size) + ", got " + Twine(position)));
  return position < 0 ? position + size : position;
}

static LogicalResult importSequenceEmpty(NodeReader &node) {
  return bindSequence(node, {}, static_cast<ElementType>(node.integer("dtype", static_cast<int64_t>(ElementType::Float))));
}

static LogicalResult importSequenceConstruct(NodeReader &node) {
  Elements elements;
  for (size_t input = 0; input < node.numInputs(); ++input)
    if (failed(insert(node, elements, elements.size(), node.capture(input))))
      return failure();
  return bindSequence(node, std::move(elements), node.elementType(0));
}

static LogicalResult importSequenceInsert(NodeReader &node) {
  const Elements *elements = elementsOf(node, 0);
  if (!elements)
    return failure();
  // The place behind the last element counts, too, but -1 is before the last one.
  auto size = static_cast<int64_t>(elements->size());
  FailureOr<int64_t> position = size;
  if (node.has(2)) {
    FailureOr<HostTensor> known = node.constant(2);
    if (failed(known))
      return failure();
    bool isEnd = known->integers.size() == 1 && known->integers.front() == size;
    if (!isEnd)
      position = positionOf(node, 2, size, size);
  }
  Elements longer = *elements;
  if (failed(position) || failed(insert(node, longer, *position, node.capture(1))))
    return failure();
  return bindSequence(node, std::move(longer), node.elementType(0));
}

static LogicalResult importSequenceErase(NodeReader &node) {
  const Elements *elements = elementsOf(node, 0);
  FailureOr<int64_t> position = failure();
  if (elements)
    position = positionOf(node, 1, elements->size(), -1);
  if (failed(position))
    return failure();
  Elements shorter = *elements;
  shorter.erase(shorter.begin() + *position);
  return bindSequence(node, std::move(shorter), node.elementType(0));
}

static LogicalResult importSequenceAt(NodeReader &node) {
  const Elements *elements = elementsOf(node, 0);
  FailureOr<int64_t> position = failure();
  if (elements)
    position = positionOf(node, 1, elements->size(), 0);
  return failed(position) ? failure() : node.result(*(*elements)[*position]);
}

static LogicalResult importSequenceLength(NodeReader &node) {
  const Elements *elements = elementsOf(node, 0);
  if (!elements)
    return failure();
  HostTensor length = HostTensor::scalar(static_cast<double>(elements->size()), ElementType::Int64);
  return node.result(length, length);
}

/// The sizes of the parts: one each where no split is given, of one size but the last where it is a number, or a list.
static FailureOr<Sizes> partSizes(NodeReader &node, int64_t size) {
  if (!node.has(1)) {
    if (failed(node.spend(size)))
      return failure();
    return Sizes(size, 1);
  }
  FailureOr<HostTensor> split = node.constant(1);
  if (failed(split))
    return failure();
  if (split->isFloat() || split->shape.size() > 1)
    return FailureOr<Sizes>(node.wrong("expects an integer or a list of integers as split"));
  Sizes sizes(ArrayRef<int64_t>(split->integers));
  if (failed(node.spend(split->shape.empty() && sizes.front() > 0 ? size / sizes.front() : sizes.size())))
    return failure();
  if (split->shape.empty() && sizes.front() > 0) {
    int64_t part = sizes.front();
    sizes.assign(size / part, part);
    if (size % part)
      sizes.push_back(size % part);
  }
  int64_t total = 0;
  for (int64_t part : sizes)
    total = part < 0 || part > size ? size + 1 : std::min(total + part, size + 1);
  if (total != size)
    return FailureOr<Sizes>(node.wrong("expects parts of dimensions of size " + Twine(size)));
  return sizes;
}

static LogicalResult importSplitToSequence(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  std::optional<int64_t> axis = x ? c.axis(node.integer("axis", 0), c.rankOf(x)) : std::nullopt;
  if (!axis)
    return failure();
  bool keeps = node.integer("keepdims", 1) || node.has(1);
  Shape shape = c.shapeOf(x);
  if (shape.isBatch(*axis))
    return node.unsupported("parts of the batch are not supported");
  int64_t size = shape.here[*axis], start = 0;
  FailureOr<Sizes> sizes = partSizes(node, size);
  if (failed(sizes))
    return failure();
  shape.erase(*axis);
  Elements elements;
  for (int64_t part : *sizes) {
    Value value = part == size ? x : c.slice(x, *axis, start, part);
    value = keeps ? value : c.reshape(value, shape);
    if (!value)
      return failure();
    elements.push_back(std::make_shared<Binding>(node.bind(value, node.elementType(0))));
    start += part;
  }
  return bindSequence(node, std::move(elements), node.elementType(0));
}

static LogicalResult importConcatFromSequence(NodeReader &node) {
  Composition c(node);
  const Elements *elements = elementsOf(node, 0);
  if (!elements)
    return failure();
  if (elements->empty())
    return node.wrong("expects a sequence of at least one tensor");
  SmallVector<Value> values;
  for (const std::shared_ptr<const Binding> &element : *elements) {
    values.push_back(c.value(*element));
    if (!values.back())
      return failure();
    if (c.rankOf(values.back()) != c.rankOf(values.front()))
      return node.wrong("expects tensors of one rank");
  }
  if (!node.hasAttribute("axis"))
    return node.wrong("requires attribute 'axis'");
  bool isNew = node.integer("new_axis", 0);
  std::optional<int64_t> axis = c.axis(node.integer("axis", 0), c.rankOf(values.front()) + isNew);
  if (!axis)
    return failure();
  ElementType type = elements->front()->type;
  if (isNew)
    return c.result(c.stack(values, *axis), 0, type);
  return c.result(values.size() == 1 ? values.front() : c.concat(values, *axis), 0, type);
}

/// The body for each element of the first sequence, of which all others have as many; tensors are the same each time.
static LogicalResult importSequenceMap(NodeReader &node) {
  const Graph *body = node.graphAttribute("body");
  const Elements *first = body ? elementsOf(node, 0) : nullptr;
  if (!first)
    return failure();
  std::vector<Binding> given;
  for (size_t input = 0; input < node.numInputs(); ++input) {
    given.push_back(node.capture(input));
    if (given.back().kind == Binding::Kind::Sequence && given.back().elements->size() != first->size())
      return node.wrong("expects sequences of one length, got " + Twine(first->size()) + " and " + Twine(given.back().elements->size()));
  }
  std::vector<Elements> results(body->outputs.size());
  for (size_t index = 0; index < first->size(); ++index) {
    std::vector<Binding> inputs;
    for (const Binding &input : given)
      inputs.push_back(input.kind == Binding::Kind::Sequence ? *(*input.elements)[index] : input);
    FailureOr<std::vector<Binding>> outputs = node.importBody("body", inputs, std::to_string(index));
    if (failed(outputs))
      return failure();
    for (auto [elements, output] : llvm::zip_equal(results, *outputs))
      if (failed(insert(node, elements, elements.size(), output)))
        return failure();
  }
  for (auto [output, elements] : llvm::enumerate(results)) {
    ElementType type = elements.empty() ? body->outputs[output].type : elements.front()->type;
    if (failed(bindSequence(node, std::move(elements), type, output)))
      return failure();
  }
  return success();
}

/// An optional value is what it holds, or Absent.
static LogicalResult importOptional(NodeReader &node) {
  node.ignore({"type"});
  return node.result(node.capture(0));
}

static LogicalResult importOptionalGetElement(NodeReader &node) { return node.result(node.capture(0)); }

static LogicalResult importOptionalHasElement(NodeReader &node) {
  HostTensor holds = HostTensor::scalar(node.has(0), ElementType::Bool);
  return node.result(holds, holds);
}

ArrayRef<OpRow> tally::onnx::getTensorSequenceRows() {
  constexpr size_t anyNumber = std::numeric_limits<size_t>::max();
  static const OpRow rows[] = {
      {"SequenceEmpty", {11}, importSequenceEmpty, "", 0},
      {"SequenceConstruct", {11}, importSequenceConstruct},
      {"SequenceInsert", {11}, importSequenceInsert, "", 2, 1, /*takesSequences=*/true},
      {"SequenceErase", {11}, importSequenceErase, "", 1, 1, /*takesSequences=*/true},
      {"SequenceAt", {11}, importSequenceAt, "", 2, 1, /*takesSequences=*/true},
      {"SequenceLength", {11}, importSequenceLength, "", 1, 1, /*takesSequences=*/true},
      {"SplitToSequence", {11}, importSplitToSequence},
      {"ConcatFromSequence", {11}, importConcatFromSequence, "", 1, 1, /*takesSequences=*/true},
      {"SequenceMap", {17}, importSequenceMap, "", 1, anyNumber, /*takesSequences=*/true},
      {"Optional", {15}, importOptional, "", 0, 1, /*takesSequences=*/true},
      {"OptionalGetElement", {15}, importOptionalGetElement, "", 1, 1, /*takesSequences=*/true},
      {"OptionalHasElement", {15}, importOptionalHasElement, "", 0, 1, /*takesSequences=*/true},
  };
  return rows;
}

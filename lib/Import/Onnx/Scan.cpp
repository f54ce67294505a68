// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports Scan step by step.
#include "ControlFlow.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;
using Sizes = SmallVector<int64_t>;

namespace {
/// One run of a Scan: the dimension along which each input is taken apart and each output put together, and where that goes backwards.
struct ScanForm {
  Sizes inputAxes, inputDirections, outputAxes, outputDirections;
};
} // namespace

/// Element `index` of dimension `axis`, without that dimension.
static Value pick(Composition &c, Value value, int64_t axis, int64_t index) {
  Value part = c.slice(value, axis, index, 1);
  Shape shape = c.shapeOf(part);
  if (!part)
    return {};
  shape.erase(axis);
  return c.reshape(part, shape);
}

/// Final states, then what is put together; `inputs` have at least `steps` elements in their dimensions. `path` tells the runs apart.
static FailureOr<std::vector<Binding>> scan(Composition &c, const Graph &body, std::vector<Binding> states, ArrayRef<std::pair<Value, ElementType>> inputs,
                                            int64_t steps, const ScanForm &form, StringRef path) {
  std::vector<std::vector<Binding>> stacks(form.outputAxes.size());
  for (int64_t step = 0; step < steps; ++step) {
    std::vector<Binding> given = states;
    for (auto [number, input] : llvm::enumerate(inputs)) {
      Value part = pick(c, input.first, form.inputAxes[number], form.inputDirections[number] ? steps - 1 - step : step);
      if (!part)
        return failure();
      given.push_back(c.node.bind(part, input.second));
    }
    FailureOr<std::vector<Binding>> outputs = c.node.importBody("body", given, (path + Twine(step)).str());
    if (failed(outputs))
      return failure();
    std::copy_n(outputs->begin(), states.size(), states.begin());
    for (auto [number, stack] : llvm::enumerate(stacks))
      stack.insert(form.outputDirections[number] ? stack.begin() : stack.end(), (*outputs)[states.size() + number]);
  }
  for (auto [number, parts] : llvm::enumerate(stacks)) {
    FailureOr<Binding> stacked = stack(c, parts, form.outputAxes[number], body.outputs[states.size() + number]);
    if (failed(stacked))
      return failure();
    states.push_back(std::move(*stacked));
  }
  return states;
}

/// A list of axes or directions, one for each of `number`; zeros where it is absent, nullopt after an error.
static std::optional<Sizes> listOf(NodeReader &node, StringRef name, size_t number) {
  if (!node.hasAttribute(name))
    return Sizes(number, 0);
  Sizes list(node.integers(name));
  if (list.size() == number)
    return list;
  (void)node.wrong("expects " + Twine(number) + " elements of " + name + ", got " + Twine(list.size()));
  return std::nullopt;
}

namespace {
/// What the versions of Scan have in common: inputs are states, then tensors to take apart.
struct ScanInputs {
  const Graph *body = nullptr;
  std::vector<Binding> states;
  SmallVector<std::pair<Value, ElementType>> parts;
};
} // namespace

static FailureOr<ScanInputs> readInputs(Composition &c, size_t first) {
  NodeReader &node = c.node;
  ScanInputs read;
  read.body = node.graphAttribute("body");
  if (!read.body)
    return failure();
  int64_t inputs = static_cast<int64_t>(node.numInputs() - std::min(first, node.numInputs())), parts = node.integer("num_scan_inputs", 0);
  if (parts < 1 || parts > inputs)
    return FailureOr<ScanInputs>(node.wrong("expects num_scan_inputs from 1 to " + Twine(inputs) + ", got " + Twine(parts)));
  for (size_t input = first; input < node.numInputs(); ++input) {
    if (static_cast<int64_t>(input - first) < inputs - parts) {
      read.states.push_back(node.capture(input));
      continue;
    }
    Value value = c.input(input);
    if (!value)
      return failure();
    read.parts.emplace_back(value, node.elementType(input));
  }
  if (read.body->outputs.size() < read.states.size())
    return FailureOr<ScanInputs>(node.wrong("expects at least " + Twine(read.states.size()) + " outputs of the body"));
  return read;
}

/// The common size of dimension `axis` of each; nullopt after an error.
static std::optional<int64_t> commonSize(Composition &c, ArrayRef<std::pair<Value, ElementType>> values, ArrayRef<int64_t> axes, StringRef what) {
  std::optional<int64_t> size;
  for (auto [number, value] : llvm::enumerate(values)) {
    Shape shape = c.shapeOf(value.first);
    int64_t own = shape.here[axes[number]];
    if (size.value_or(own) != own) {
      (void)c.node.wrong("expects inputs of one " + what + ", got " + Twine(*size) + " and " + Twine(own));
      return std::nullopt;
    }
    if (shape.isBatch(axes[number])) {
      (void)c.node.unsupported("the " + what + " of the inputs must not depend on the batch size");
      return std::nullopt;
    }
    size = own;
  }
  return size;
}

static LogicalResult importScan(NodeReader &node) {
  Composition c(node);
  FailureOr<ScanInputs> read = readInputs(c, 0);
  if (failed(read))
    return failure();
  size_t outputs = read->body->outputs.size() - read->states.size();
  std::optional<Sizes> inputAxes = listOf(node, "scan_input_axes", read->parts.size()), outputAxes = listOf(node, "scan_output_axes", outputs);
  std::optional<Sizes> inputDirections = listOf(node, "scan_input_directions", read->parts.size());
  std::optional<Sizes> outputDirections = listOf(node, "scan_output_directions", outputs);
  if (!inputAxes || !outputAxes || !inputDirections || !outputDirections)
    return failure();
  for (auto [axis, part] : llvm::zip_equal(*inputAxes, read->parts)) {
    std::optional<int64_t> normalized = c.axis(axis, c.rankOf(part.first));
    if (!normalized)
      return failure();
    axis = *normalized;
  }
  std::optional<int64_t> steps = commonSize(c, read->parts, *inputAxes, "length");
  if (!steps)
    return failure();
  FailureOr<std::vector<Binding>> results =
      scan(c, *read->body, read->states, read->parts, *steps, {*inputAxes, *inputDirections, *outputAxes, *outputDirections}, "");
  if (failed(results))
    return failure();
  for (auto [output, bound] : llvm::enumerate(*results))
    (void)node.result(bound, output);
  return success();
}

/// Opset 8: dimension 0 of all is the batch, dimension 1 of what is taken apart the sequence, of input 0's length in each sample.
static LogicalResult importScanOfBatches(NodeReader &node) {
  Composition c(node);
  FailureOr<ScanInputs> read = readInputs(c, 1);
  if (failed(read))
    return failure();
  size_t number = read->parts.size(), outputs = read->body->outputs.size() - read->states.size();
  std::optional<Sizes> directions = listOf(node, "directions", number);
  SmallVector<std::pair<Value, ElementType>> batched;
  for (const Binding &state : read->states)
    batched.emplace_back(c.value(state), state.type);
  llvm::append_range(batched, read->parts);
  for (auto [index, value] : llvm::enumerate(batched)) {
    if (!value.first)
      return failure();
    if (c.rankOf(value.first) < (index < read->states.size() ? 1 : 2))
      return node.wrong("expects a batch of states, and of sequences");
  }
  std::optional<int64_t> batch = commonSize(c, batched, Sizes(batched.size(), 0), "batch size");
  std::optional<int64_t> length = commonSize(c, read->parts, Sizes(number, 1), "length");
  FailureOr<std::optional<Sizes>> lengths = node.axesInput(0);
  if (!directions || !batch || !length || failed(lengths))
    return failure();
  bool fits = !*lengths || (static_cast<int64_t>((*lengths)->size()) == *batch && llvm::all_of(**lengths, [&](int64_t own) { return own >= 1 && own <= *length; }));
  if (!fits)
    return node.wrong("expects a length from 1 to " + Twine(*length) + " for each of " + Twine(*batch) + " samples");
  ScanForm form = {Sizes(number, 0), *directions, Sizes(outputs, 0), Sizes(outputs, 0)};
  std::vector<std::vector<Binding>> samples(read->body->outputs.size());
  for (int64_t sample = 0; sample < *batch; ++sample) {
    int64_t steps = *lengths ? (**lengths)[sample] : *length;
    std::vector<Binding> states;
    SmallVector<std::pair<Value, ElementType>> parts;
    for (auto [index, value] : llvm::enumerate(batched)) {
      Value part = pick(c, value.first, 0, sample);
      if (!part)
        return failure();
      if (index < read->states.size())
        states.push_back(node.bind(part, value.second));
      else
        parts.emplace_back(part, value.second);
    }
    std::string path = std::to_string(sample) + ", ";
    FailureOr<std::vector<Binding>> results = scan(c, *read->body, states, parts, steps, form, path);
    if (failed(results))
      return failure();
    for (auto [output, bound] : llvm::enumerate(*results)) {
      if (output >= states.size() && steps < *length) {
        Value padded = c.padWithZeros(c.value(bound), 0, 0, *length - steps);
        if (!padded)
          return failure();
        bound = node.bind(padded, bound.type);
      }
      samples[output].push_back(bound);
    }
  }
  for (auto [output, parts] : llvm::enumerate(samples)) {
    FailureOr<Binding> stacked = stack(c, parts, 0, read->body->outputs[output]);
    if (failed(stacked) || failed(node.result(*stacked, output)))
      return failure();
  }
  return success();
}

ArrayRef<OpRow> tally::onnx::getScanRows() {
  constexpr size_t anyNumber = std::numeric_limits<size_t>::max();
  static const OpRow rows[] = {
      {"Scan", {8, 9}, importScanOfBatches, "", 0, anyNumber},
      {"Scan", {9}, importScan, "", 1, anyNumber},
  };
  return rows;
}

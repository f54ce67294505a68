// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports If and Loop without control flow: of a known condition the branch, of another both; a loop step by step.
#include "ControlFlow.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

/// The one integer or truth value that a binding is known to be, whatever the batch size.
static std::optional<int64_t> knownInteger(const Binding &bound) {
  bool isKnown = bound.kind == Binding::Kind::Host && bound.host == bound.hostAtOtherBatch && bound.host.integers.size() == 1;
  return isKnown ? std::optional(bound.host.integers.front()) : std::nullopt;
}

/// `a` where the condition holds, `b` elsewhere.
static FailureOr<Binding> choose(Composition &c, Value condition, const Binding &a, const Binding &b) {
  using Kind = Binding::Kind;
  auto refused = [&](const Twine &what) {
    return FailureOr<Binding>(c.node.unsupported("the condition is not known at import time, and the branches give " + what));
  };
  if (a.kind == Kind::Sequence && b.kind == Kind::Sequence && a.elements->size() == b.elements->size()) {
    if (failed(c.node.spend(a.elements->size())))
      return failure();
    Elements chosen;
    for (auto [x, y] : llvm::zip_equal(*a.elements, *b.elements)) {
      FailureOr<Binding> element = choose(c, condition, *x, *y);
      if (failed(element))
        return failure();
      chosen.push_back(std::make_shared<Binding>(std::move(*element)));
    }
    Binding sequence = a;
    sequence.elements = std::make_shared<Elements>(std::move(chosen));
    return sequence;
  }
  if (a.kind == Kind::Sequence || b.kind == Kind::Sequence)
    return refused("sequences of different lengths");
  if (a.kind == Kind::Absent && b.kind == Kind::Absent)
    return a;
  if (a.kind == Kind::Absent || b.kind == Kind::Absent)
    return refused("an optional value that only one of them has");
  bool isSame = a.kind == b.kind && a.value == b.value && a.initializer == b.initializer && a.random == b.random && a.host == b.host && a.hostAtOtherBatch == b.hostAtOtherBatch;
  if (isSame)
    return a;
  Value x = c.value(a), y = c.value(b);
  if (!x || !y)
    return failure();
  if (x.getType() != y.getType() || c.shapeOf(x) != c.shapeOf(y))
    return refused("tensors of different types or shapes");
  Value chosen = c.select(condition, x, y);
  if (!chosen)
    return failure();
  return c.node.bind(chosen, a.type);
}

static LogicalResult importIf(NodeReader &node) {
  Composition c(node);
  auto importBranch = [&](StringRef name) -> FailureOr<std::vector<Binding>> {
    FailureOr<std::vector<Binding>> outputs = node.importBody(name, {});
    if (succeeded(outputs) && outputs->size() < node.getNode().outputs.size())
      return FailureOr<std::vector<Binding>>(node.wrong("expects " + Twine(node.getNode().outputs.size()) + " outputs of " + name + ", got " + Twine(outputs->size())));
    return outputs;
  };
  node.ignore({"then_branch", "else_branch"});
  Value condition;
  std::optional<int64_t> known = knownInteger(node.binding(0));
  if (!known) {
    condition = c.input(0);
    if (!condition)
      return failure();
    if (!c.elementOf(condition).isInteger(1) || checkedProduct(c.shapeOf(condition).here) != 1 || checkedProduct(c.shapeOf(condition).there) != 1)
      return node.wrong("expects a condition of one truth value");
    condition = c.reshape(condition, {});
  }
  std::vector<Binding> chosen;
  if (known) {
    FailureOr<std::vector<Binding>> outputs = importBranch(*known ? "then_branch" : "else_branch");
    if (failed(outputs))
      return failure();
    chosen = std::move(*outputs);
  } else {
    FailureOr<std::vector<Binding>> whenTrue = importBranch("then_branch"), otherwise = importBranch("else_branch");
    if (failed(whenTrue) || failed(otherwise))
      return failure();
    for (auto [a, b] : llvm::zip(*whenTrue, *otherwise)) {
      FailureOr<Binding> output = choose(c, condition, a, b);
      if (failed(output))
        return failure();
      chosen.push_back(std::move(*output));
    }
  }
  for (auto [output, bound] : llvm::enumerate(chosen))
    (void)node.result(bound, output);
  return success();
}

FailureOr<Binding> tally::onnx::stack(Composition &c, ArrayRef<Binding> steps, int64_t axis, const ValueInfo &declared) {
  NodeReader &node = c.node;
  if (steps.empty()) {
    bool isKnown = declared.shape && llvm::all_of(*declared.shape, [](int64_t size) { return size >= 0; }) &&
                   typeOf(node.getLoc().getContext(), declared.type, {}) && axis <= static_cast<int64_t>(declared.shape->size());
    if (!isKnown)
      return FailureOr<Binding>(node.unsupported("without a step, '" + declared.name + "' of the body must be declared with a static shape"));
    Binding empty;
    empty.kind = Binding::Kind::Host;
    empty.type = empty.host.type = declared.type;
    empty.host.shape = *declared.shape;
    empty.host.shape.insert(empty.host.shape.begin() + std::max<int64_t>(axis, 0), 0);
    empty.hostAtOtherBatch = empty.host;
    return empty;
  }
  SmallVector<Value> values;
  for (const Binding &step : steps) {
    Value value = c.value(step);
    if (!value)
      return failure();
    if (!values.empty() && value.getType() != values.front().getType())
      return FailureOr<Binding>(node.unsupported("'" + declared.name + "' of the body must have the same shape in each step"));
    values.push_back(value);
  }
  std::optional<int64_t> place = c.axis(axis, c.rankOf(values.front()) + 1);
  Value stacked = place ? c.stack(values, *place) : Value();
  if (!stacked)
    return failure();
  return node.bind(stacked, steps.front().type);
}

static Binding knownBinding(HostTensor host) {
  Binding bound;
  bound.kind = Binding::Kind::Host;
  bound.type = host.type;
  bound.host = bound.hostAtOtherBatch = std::move(host);
  return bound;
}

/// Inputs: the most steps, the first condition, then states. Outputs of the body: the condition of the next step, states, tensors to stack.
static LogicalResult importLoop(NodeReader &node) {
  Composition c(node);
  const Graph *body = node.graphAttribute("body");
  if (!body)
    return failure();
  std::vector<Binding> states;
  for (size_t input = 2; input < node.numInputs(); ++input)
    states.push_back(node.capture(input));
  if (body->outputs.size() < 1 + states.size())
    return node.wrong("expects at least " + Twine(1 + states.size()) + " outputs of the body, got " + Twine(body->outputs.size()));
  std::optional<int64_t> most;
  if (node.has(0) && !(most = knownInteger(node.binding(0))))
    return node.unsupported("the number of steps, input 0, must be known at import time and not depend on the batch size");
  std::optional<int64_t> goesOn = 1;
  if (node.has(1))
    goesOn = knownInteger(node.binding(1));
  std::vector<std::vector<Binding>> stacks(body->outputs.size() - 1 - states.size());
  for (int64_t step = 0; !most || step < *most; ++step) {
    if (!goesOn)
      return node.unsupported("the condition of step " + Twine(step) + " must be known at import time, because the loop is unrolled");
    if (!*goesOn)
      break;
    std::vector<Binding> inputs = {knownBinding(HostTensor::vector(step)), knownBinding(HostTensor::scalar(1, ElementType::Bool))};
    inputs.front().host.shape.clear();
    inputs.front().hostAtOtherBatch.shape.clear();
    llvm::append_range(inputs, states);
    FailureOr<std::vector<Binding>> outputs = node.importBody("body", inputs, std::to_string(step));
    if (failed(outputs))
      return failure();
    goesOn = knownInteger(outputs->front());
    std::copy_n(outputs->begin() + 1, states.size(), states.begin());
    for (auto [number, stack] : llvm::enumerate(stacks))
      stack.push_back((*outputs)[1 + states.size() + number]);
  }
  for (auto [output, state] : llvm::enumerate(states))
    (void)node.result(state, output);
  for (auto [number, steps] : llvm::enumerate(stacks)) {
    size_t output = states.size() + number;
    if (output >= node.getNode().outputs.size() || node.getNode().outputs[output].empty())
      continue;
    FailureOr<Binding> stacked = stack(c, steps, 0, body->outputs[1 + output]);
    if (failed(stacked) || failed(node.result(*stacked, output)))
      return failure();
  }
  return success();
}

ArrayRef<OpRow> tally::onnx::getControlFlowRows() {
  constexpr size_t anyNumber = std::numeric_limits<size_t>::max();
  static const OpRow rows[] = {
      {"If", {7}, importIf, "", 1, anyNumber, /*takesSequences=*/true},
      {"Loop", {7}, importLoop, "", 0, anyNumber, /*takesSequences=*/true},
  };
  return rows;
}

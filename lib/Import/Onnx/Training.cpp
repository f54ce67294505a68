// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports the ops of ai.onnx.preview.training: gradients of the graph, and steps of optimizers.
#include "Composition.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

/// dy/dx for each x of `xs`, where y is a function of `xs` and `zs`.
static LogicalResult importGradient(NodeReader &node) {
  std::string y = node.string("y", "").str();
  FailureOr<SmallVector<Value>> gradients = node.gradients(y, node.strings("xs"), node.strings("zs"));
  if (failed(gradients))
    return failure();
  if (node.getNode().outputs.size() > gradients->size())
    return node.wrong("expects at most one output for each of " + Twine(gradients->size()) + " names in xs");
  for (auto [output, gradient] : llvm::enumerate(*gradients))
    if (failed(node.result(gradient, output, node.elementType(output))))
      return failure();
  return success();
}

namespace {
/// The inputs of an optimizer: the rate R, the number of steps T done before, then all tensors x, all gradients g, and all of each state.
/// The outputs are all x, then all of each state.
class Optimizer {
public:
  using Step = llvm::function_ref<SmallVector<Value>(ArrayRef<Value>)>;
  explicit Optimizer(NodeReader &node) : c(node), node(node), rate(c.input(0)), steps(c.input(1)) {}

  /// Calls `step` with x, the gradient with that of norm_coefficient / 2 * x^2, and the states; it returns x and the states after.
  LogicalResult run(size_t states, Step step) {
    size_t groups = 2 + states, given = node.numInputs() - 2, tensors = given / groups;
    if (given % groups != 0)
      return node.wrong("expects R, T and " + Twine(groups) + " inputs for each tensor, got " + Twine(given) + " behind R and T");
    double decay = node.real("norm_coefficient", 0);
    for (size_t tensor = 0; tensor < tensors; ++tensor) {
      SmallVector<Value> operands;
      for (size_t group = 0; group < groups; ++group)
        operands.push_back(c.input(2 + group * tensors + tensor));
      if (decay != 0)
        operands[1] = c.add(c.mul(operands[0], decay), operands[1]);
      x = operands[0];
      for (auto [group, value] : llvm::enumerate(step(operands)))
        if (failed(c.result(value, group * tensors + tensor, node.elementType(2 + tensor))))
          return failure();
    }
    return success();
  }

  /// R and T in the type of x, which they scale.
  Value getRate() { return x ? c.convert(rate, c.elementOf(x)) : Value(); }
  Value getSteps() { return x ? c.convert(steps, c.elementOf(x)) : Value(); }
  /// `later` but in the first step, where T is 0.
  Value afterFirst(Value later, Value first) {
    Value zero = c.number(0, steps);
    return c.select(c.compare(nn::Relation::Greater, steps, zero), later, first);
  }

  Composition c;
  NodeReader &node;

private:
  Value rate, steps, x;
};
} // namespace

/// h' = h + g^2; x' = x - R / (1 + T * decay_factor) * g / (sqrt(h') + epsilon).
static LogicalResult importAdagrad(NodeReader &node) {
  Optimizer o(node);
  Composition &c = o.c;
  double decay = node.real("decay_factor", 0), epsilon = node.real("epsilon", 1e-6f);
  return o.run(1, [&](ArrayRef<Value> in) -> SmallVector<Value> {
    Value x = in[0], g = in[1], h = c.add(in[2], c.mul(in[1], in[1])), rate = o.getRate();
    if (decay != 0)
      rate = c.div(rate, c.add(c.mul(o.getSteps(), decay), 1));
    Value root = c.add(c.op("sqrt", h), epsilon), step = c.div(c.mul(rate, g), root);
    return {c.sub(x, step), h};
  });
}

/// v' = alpha * v + (1 - alpha) * g; h' = beta * h + (1 - beta) * g^2; x' = x - r * v' / (sqrt(h') + epsilon), with
/// r = R * sqrt(1 - beta^T) / (1 - alpha^T), R in the first step; times 1 - norm_coefficient_post.
static LogicalResult importAdam(NodeReader &node) {
  Optimizer o(node);
  Composition &c = o.c;
  double alpha = node.real("alpha", 0.9f), beta = node.real("beta", 0.999f), epsilon = node.real("epsilon", 1e-6f);
  double decay = node.real("norm_coefficient_post", 0);
  return o.run(2, [&](ArrayRef<Value> in) -> SmallVector<Value> {
    Value x = in[0], g = in[1], oldV = c.mul(in[2], alpha), oldH = c.mul(in[3], beta), square = c.mul(g, g);
    Value v = c.add(oldV, c.mul(g, 1 - alpha)), h = c.add(oldH, c.mul(square, 1 - beta));
    Value rate = o.getRate(), steps = o.getSteps(), base = c.number(beta, x), betaPower = c.op("pow", {base, steps});
    base = c.number(alpha, x);
    Value alphaPower = c.op("pow", {base, steps}), root = c.op("sqrt", c.sub(1, betaPower));
    root = c.mul(rate, root);
    Value corrected = c.div(root, c.sub(1, alphaPower)), direction = c.div(v, c.add(c.op("sqrt", h), epsilon));
    rate = o.afterFirst(corrected, rate);
    x = c.sub(x, c.mul(rate, direction));
    return {decay != 0 ? c.mul(x, 1 - decay) : x, v, h};
  });
}

/// v' = alpha * v + beta * g, with beta 1 in the first step; x' = x - R * v', of Nesterov x - R * (g + alpha * v').
static LogicalResult importMomentum(NodeReader &node) {
  Optimizer o(node);
  Composition &c = o.c;
  double alpha = node.real("alpha", 0), beta = node.real("beta", 0);
  StringRef mode = node.string("mode", "");
  if (mode != "standard" && mode != "nesterov")
    return node.wrong("expects 'standard' or 'nesterov' as mode, got '" + mode + "'");
  return o.run(1, [&](ArrayRef<Value> in) -> SmallVector<Value> {
    Value x = in[0], g = in[1], later = c.number(beta, x), first = c.number(1, x);
    Value scale = o.afterFirst(later, first), old = c.mul(in[2], alpha), v = c.add(old, c.mul(scale, g));
    Value step = mode == "nesterov" ? c.add(g, c.mul(v, alpha)) : v;
    step = c.mul(o.getRate(), step);
    return {c.sub(x, step), v};
  });
}

ArrayRef<OpRow> tally::onnx::getTrainingRows() {
  static constexpr size_t any = std::numeric_limits<size_t>::max();
  static const OpRow rows[] = {
      {"ai.onnx.preview.training.Gradient", {1}, importGradient, "", 1, any},
      {"ai.onnx.preview.training.Adagrad", {1}, importAdagrad, "", 5, any},
      {"ai.onnx.preview.training.Adam", {1}, importAdam, "", 6, any},
      {"ai.onnx.preview.training.Momentum", {1}, importMomentum, "", 5, any},
  };
  return rows;
}

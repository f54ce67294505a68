// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports what is within a node: the function that it calls, or the body in one of its attributes. Both are inlined.
#include "GraphImporter.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;
using llvm::Twine;

/// What importing a graph takes, in nodes of few names.
static size_t countNodes(const Graph &graph) {
  size_t count = 1 + (graph.inputs.size() + graph.outputs.size() + graph.initializers.size()) / 4;
  for (const Node &node : graph.nodes)
    count += 1 + (node.inputs.size() + node.outputs.size() + node.attributes.size()) / 8;
  return count;
}

LogicalResult GraphImporter::spend(const Scope &scope, const Node &node, size_t nodes) {
  if (spent > maximalNodes) // which was said
    return failure();
  spent += std::min(nodes, maximalNodes + 1);
  if (spent <= maximalNodes)
    return success();
  problem(true, scope, node, "the functions, bodies and sequences of the model become more than " + Twine(maximalNodes) + " nodes");
  return failure();
}

Binding GraphImporter::captureInput(const Scope &scope, const Node &node, size_t position) {
  Binding bound;
  bound.kind = Binding::Kind::Absent;
  if (position >= node.inputs.size() || node.inputs[position].empty())
    return bound;
  bound = *scope.find(node.inputs[position]);
  if (!bound.place.node)
    bound.place = {&node, position};
  return bound;
}

FailureOr<std::vector<Binding>> GraphImporter::importBody(Scope &scope, ArrayRef<Binding> inputs, const Scope &around, const Node &node) {
  auto refused = [&](bool unsupported, const Twine &what) {
    problem(unsupported, around, node, what);
    return failure();
  };
  const Graph &graph = scope.graph;
  scope.depth = around.depth + 1;
  if (scope.depth > maximalDepth)
    return refused(true, "functions and bodies within each other are supported to a depth of " + Twine(maximalDepth));
  if (failed(spend(around, node, countNodes(graph))))
    return failure();
  if (inputs.size() != graph.inputs.size())
    return refused(false, "expects a body of " + Twine(inputs.size()) + " inputs, got " + Twine(graph.inputs.size()));
  size_t before = problems;
  bindInitializers(scope);
  for (auto [input, bound] : llvm::zip_equal(graph.inputs, inputs))
    scope.bindings[input.name] = bound;
  importGraph(scope);
  std::vector<Binding> outputs;
  bool poisoned = false;
  for (const ValueInfo &output : graph.outputs) {
    const Binding *bound = scope.find(output.name);
    if (!bound)
      return refused(false, "output '" + output.name + "' is not computed within it");
    poisoned |= bound->kind == Binding::Kind::Poisoned;
    outputs.push_back(*bound);
    // Nodes within may read it, too.
    if (std::shared_ptr<const RandomTensor> &random = outputs.back().random) {
      auto shared = std::make_shared<RandomTensor>(*random);
      shared->isShared = true;
      random = shared;
    }
  }
  if (poisoned || problems != before)
    return failure();
  return outputs;
}

LogicalResult GraphImporter::importCall(Scope &scope, const Node &node, const Function &function) {
  auto wrong = [&](const Twine &what) {
    problem(false, scope, node, what);
    return failure();
  };
  const Graph &body = function.body;
  if (scope.isWithin(function))
    return wrong("the function calls itself");
  if (node.inputs.size() > body.inputs.size() || node.outputs.size() > body.outputs.size())
    return wrong("expects at most " + Twine(body.inputs.size()) + " inputs and " + Twine(body.outputs.size()) + " outputs of the function, got " +
                 Twine(node.inputs.size()) + " and " + Twine(node.outputs.size()));
  for (const NodeAttribute &attribute : node.attributes) {
    auto isIt = [&](const NodeAttribute &other) { return other.name == attribute.name; };
    if (!llvm::is_contained(function.required, attribute.name) && llvm::none_of(function.defaults, isIt))
      return wrong("the function has no attribute '" + attribute.name + "'");
  }
  Scope within(body, function.opsets);
  within.call = {&function, &node, &scope};
  within.path = scope.path + node.name + "/";
  within.layer = scope.layer + node.layer + "/";
  if (!checkOpset(within, scope.path + node.name))
    return failure();
  std::vector<Binding> inputs;
  for (size_t position = 0; position < body.inputs.size(); ++position)
    inputs.push_back(captureInput(scope, node, position));
  FailureOr<std::vector<Binding>> outputs = importBody(within, inputs, scope, node);
  if (failed(outputs))
    return failure();
  for (auto [name, bound] : llvm::zip(node.outputs, *outputs))
    if (!name.empty())
      scope.bindings[name] = bound;
  return success();
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Builds the model file that trained weights are written into.
#include "OnnxSource.h"
#include "mlir/IR/Diagnostics.h"
#include "tally/Import/OnnxImporter.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace tally;

/// Why the weight of a slot cannot be written into the model; empty if it can. The model's graph is where it is written.
static std::string findObstacle(const onnx::Graph &graph, const OnnxSource::Slot &slot) {
  auto isIt = [&](const onnx::Tensor &tensor) {
    return tensor.name == slot.initializer->name && tensor.bytes.data() == slot.initializer->bytes.data();
  };
  auto holds = [&](const onnx::NodeAttribute &attribute) { return attribute.tensor && isIt(*attribute.tensor); };
  bool isOfGraph = llvm::any_of(graph.initializers, isIt) ||
                   llvm::any_of(graph.nodes, [&](const onnx::Node &node) { return llvm::any_of(node.attributes, holds); });
  if (!isOfGraph)
    return "its initializer '" + slot.initializer->name + "' lies in a function or in the body of a node: make it one of the model's graph";
  if (!slot.place.node && slot.weight != slot.initializer->name)
    return "initializer '" + slot.initializer->name + "', which it is split from, is an output of the body of a node: give it a node of type Identity there";
  return {};
}

/// A function gives its running statistics to its calls: it has no inference form.
static bool givesStatistics(const onnx::Function &function, const onnx::Node &node) {
  return llvm::any_of(function.body.outputs, [&](const onnx::ValueInfo &output) {
    return llvm::is_contained(ArrayRef(node.outputs).drop_front(std::min<size_t>(1, node.outputs.size())), output.name);
  });
}

LogicalResult tally::rewriteWeights(const OnnxSource &source, onnx::Rewrite &rewrite, MLIRContext *context) {
  llvm::StringSet<> added;
  for (const OnnxSource::Slot &slot : source.slots) {
    if (std::string obstacle = findObstacle(source.model->graph, slot); !obstacle.empty())
      return emitError(UnknownLoc::get(context)) << "weight '" << slot.weight << "' cannot be exported: " << obstacle;
    // The name of the weight is the initializer's, unless import split it: then this slot gets its own.
    if (slot.place.node)
      rewrite.inputs.push_back({slot.place.node, slot.place.position, slot.weight});
    if (added.insert(slot.weight).second)
      rewrite.tensors.emplace_back(slot.weight, slot.initializer);
  }
  return success();
}

FailureOr<OnnxTemplate> tally::buildOnnxTemplate(const OnnxImport &import, bool asDouble) {
  const OnnxSource &source = *import.source;
  const onnx::Model &model = *source.model;
  MLIRContext *context = import.module.get()->getContext();
  onnx::Rewrite rewrite;
  rewrite.asDouble = asDouble;
  auto refuse = [&](const Twine &what) { return emitError(UnknownLoc::get(context)) << what; };
  if (failed(rewriteWeights(source, rewrite, context)))
    return failure();
  auto toInference = [&](const onnx::Node &node) {
    if (node.hasTrainingForm())
      rewrite.inferenceForm.push_back(&node);
  };
  forEachNode(model.graph, toInference);
  for (const onnx::Function &function : model.functions) {
    size_t first = rewrite.inferenceForm.size();
    forEachNode(function.body, toInference);
    for (const onnx::Node *node : ArrayRef(rewrite.inferenceForm).drop_front(first))
      if (givesStatistics(function, *node))
        return refuse("node '" + node->name + "' of function '" + function.name + "' cannot be exported: its running statistics are outputs of the function");
  }
  llvm::DenseSet<const onnx::Node *> nodes;
  forEachNode(model.graph, [&](const onnx::Node &node) { nodes.insert(&node); });
  for (const onnx::RandomUse &use : source.randomUses) {
    if (!nodes.contains(use.place.node))
      return refuse("node '" + use.place.node->name + "' of a function cannot be exported: it is random");
    rewrite.numbers.push_back({use.place.node, use.place.position, use.mean, use.type});
  }
  std::optional<onnx::Rewritten> written = onnx::rewriteModel(model, rewrite);
  if (!written)
    return refuse("the exported model would be larger than 2 GiB");
  OnnxTemplate result;
  result.bytes = std::move(written->bytes);
  for (const onnx::Rewritten::Place &place : written->places)
    result.slots.push_back({place.name, place.offset, place.bytes});
  return result;
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Puts BatchNormalization back behind the convolutions into which an exporter has folded it.
#include "Exporter.h"
#include "onnx-ml.pb.h"
#include "llvm/ADT/StringSet.h"

using namespace tally::onnx;

/// The epsilon of BatchNormalization, in ONNX and in PyTorch.
static constexpr double epsilon = 1e-5;

/// A vector of the type of `like`; the model owns its bytes.
static void addVector(Model &model, const std::string &name, const Tensor &like, double value) {
  bool single = like.type == ElementType::Float;
  auto bytes = std::make_shared<std::vector<char>>(like.shape[0] * elementBytes(like.type));
  if (single)
    std::fill_n(reinterpret_cast<float *>(bytes->data()), like.shape[0], static_cast<float>(value));
  else
    std::fill_n(reinterpret_cast<double *>(bytes->data()), like.shape[0], value);
  model.graph.initializers.push_back({name, like.type, like.type, {like.shape[0]}, *bytes});
  model.blobs.push_back(bytes);
}

/// y = scale * (conv - mean) / sqrt(variance + epsilon) + folded bias, which is conv + folded bias at first.
static void restoreNorm(Model &model, size_t index, const Tensor &weight, const std::string &name) {
  auto &graph = *static_cast<::onnx::ModelProto *>(model.message.get())->mutable_graph();
  Node conv = model.graph.nodes[index], norm;
  norm.name = norm.layer = name;
  norm.opType = "BatchNormalization";
  norm.outputs = {conv.outputs[0]};
  conv.outputs[0] = norm.name + ".x";
  std::string bias = conv.inputs.size() > 2 && !conv.inputs[2].empty() ? conv.inputs[2] : norm.name + ".bias";
  if (bias == norm.name + ".bias")
    addVector(model, bias, weight, 0);
  norm.inputs = {conv.outputs[0], norm.name + ".weight", bias, norm.name + ".running_mean", norm.name + ".running_var"};
  addVector(model, norm.inputs[1], weight, 1);
  addVector(model, norm.inputs[3], weight, 0);
  addVector(model, norm.inputs[4], weight, 1 - epsilon);
  conv.inputs.resize(2);
  conv.metadata.emplace_back(restoredKey.str(), norm.name);

  ::onnx::NodeProto &changed = *graph.mutable_node(static_cast<int>(index)), &added = *graph.add_node();
  while (changed.input_size() > 2)
    changed.mutable_input()->RemoveLast();
  changed.set_output(0, conv.outputs[0]);
  added.set_name(norm.name);
  added.set_op_type(norm.opType);
  added.add_output(norm.outputs[0]);
  for (const std::string &input : norm.inputs)
    added.add_input(input);
  for (int place = graph.node_size() - 1; place > static_cast<int>(index) + 1; --place)
    graph.mutable_node()->SwapElements(place, place - 1);
  model.graph.nodes[index] = std::move(conv);
  model.graph.nodes.insert(model.graph.nodes.begin() + static_cast<ptrdiff_t>(index) + 1, std::move(norm));
}

size_t tally::onnx::restoreNorms(Model &model) {
  llvm::StringSet<> taken;
  for (const Node &node : model.graph.nodes)
    taken.insert(node.name);
  size_t restored = 0;
  for (size_t index = 0; index < model.graph.nodes.size(); ++index) {
    if (!holdsFoldedNorm(model.graph.nodes[index]))
      continue;
    auto weight = llvm::find_if(model.graph.initializers, [&](const Tensor &tensor) { return tensor.name == model.graph.nodes[index].inputs[1]; });
    if (weight == model.graph.initializers.end() || weight->shape.empty() || elementBytes(weight->type) < 4)
      continue;
    const std::string &layer = model.graph.nodes[index].layer;
    std::string scope = findScope(model.graph.nodes[index]).value_or(""), base = scope.empty() || scope == layer ? layer + ".norm" : scope, name = base;
    for (int number = 2; !taken.insert(name).second; ++number)
      name = base + "#" + std::to_string(number);
    restoreNorm(model, index, Tensor(*weight), name);
    ++restored;
  }
  return restored;
}

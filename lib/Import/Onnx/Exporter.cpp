// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What PyTorch's exporters have done to a network and training must know.
#include "Exporter.h"
#include "llvm/ADT/StringExtras.h"

using namespace tally::onnx;
using llvm::StringRef;

std::optional<StringRef> tally::onnx::findMetadata(const Node &node, StringRef key) {
  for (const auto &[name, value] : node.metadata)
    if (name == key)
      return StringRef(value);
  return std::nullopt;
}

/// True if a rule whose name contains `rule` of the dynamo exporter's optimizer made the node.
static bool isMadeBy(const Node &node, StringRef rule) {
  return findMetadata(node, "pkg.onnxscript.rewriter.rule_name").value_or("").contains(rule);
}

bool tally::onnx::holdsFoldedNorm(const Node &node) {
  if (findMetadata(node, restoredKey))
    return false;
  if (isMadeBy(node, "FuseBatchNorm"))
    return true;
  StringRef weight = node.opType == "Conv" && node.inputs.size() > 1 ? StringRef(node.inputs[1]) : "";
  return weight.consume_front("onnx::Conv_") && !weight.empty() && llvm::all_of(weight, [](char c) { return llvm::isDigit(c); });
}

bool tally::onnx::isMadeByExporter(const Model &model, StringRef tensor, bool isConstantNode) {
  if (model.producer != "pytorch")
    return false;
  if (isConstantNode || tensor.starts_with("/"))
    return true;
  return tensor.consume_front("val_") && !tensor.empty() && llvm::all_of(tensor, [](char c) { return llvm::isDigit(c); });
}

/// "'a', 'b'": the names of the nodes for which `matches` is true.
static std::string listNodes(const Model &model, llvm::function_ref<bool(const Node &)> matches) {
  std::string names;
  for (const Node &node : model.graph.nodes)
    if (matches(node))
      names += (names.empty() ? "'" : ", '") + node.name + "'";
  return names;
}

/// A convolution without its BatchNormalization cannot be trained as what it was.
std::string tally::onnx::describeFoldedNorms(const Model &model) {
  std::string names = listNodes(model, holdsFoldedNorm);
  if (names.empty())
    return names;
  return "the exporter has folded BatchNormalization into " + names +
         ", which therefore cannot be trained: export with torch.onnx.export(..., dynamo=True, optimize=False), or with "
         "dynamo=False, training=torch.onnx.TrainingMode.TRAINING, do_constant_folding=False, or let the recipe say "
         "'batch_norm: {restore: true}', which puts BatchNormalization back, of scale 1 and with the folded bias";
}

/// The dynamo exporter gives every convolution a bias, and its optimizer takes those of zeros away: also one that shall be trained.
std::string tally::onnx::describeRemovedBiases(const Model &model) {
  std::string names = listNodes(model, [](const Node &node) { return isMadeBy(node, "RemoveOptionalBias"); });
  if (names.empty())
    return names;
  return "the exporter has removed biases of zeros from " + names +
         ": if the network has biases there, export with optimize=False";
}

/// True for what only an export in evaluation mode writes: its BatchNormalization, or a convolution that has taken one in.
static bool isInference(const Node &node) {
  if (std::optional<StringRef> scopes = findMetadata(node, scopesKey))
    return scopes->contains("batch_norm_legit_no_training");
  if (!StringRef(node.name).starts_with("/")) // the other exporter's names
    return false;
  auto trains = [](const NodeAttribute &attribute) { return attribute.name == "training_mode" && attribute.ints == std::vector<int64_t>{1}; };
  return node.opType == "BatchNormalization" ? llvm::none_of(node.attributes, trains)
                                             : holdsFoldedNorm(node) || findMetadata(node, restoredKey);
}

std::string tally::onnx::describeEvaluationMode(const Model &model) {
  if (llvm::none_of(model.graph.nodes, isInference) || llvm::any_of(model.graph.nodes, [](const Node &node) { return node.opType == "Dropout"; }))
    return {};
  return "the network was exported in evaluation mode, which drops Dropout and stochastic depth without a trace: if it has any, call "
         "train() before the export, or use tally.export";
}

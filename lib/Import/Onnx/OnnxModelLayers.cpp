// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Names the layers of a network that PyTorch has exported by its modules, alike for both exporters.
#include "Exporter.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace tally::onnx;
using llvm::StringRef;

/// What the forward function of the network itself computes, outside of its modules.
static constexpr llvm::StringLiteral rootLayer = "model";

std::optional<std::string> tally::onnx::findScope(const Node &node) {
  std::optional<StringRef> scopes = findMetadata(node, scopesKey);
  if (!scopes)
    return std::nullopt;
  llvm::SmallVector<StringRef> parts;
  scopes->split(parts, '\'');
  // "['', 'layer1', 'layer1.0.conv1', 'conv2d_1']": every second part is a name, the last that of the operation.
  return parts.size() < 5 ? "" : parts[parts.size() - 4].str();
}

namespace {
/// Reads paths in the names of nodes: "/layer1/layer1.0/conv1/Conv" is layer1.0.conv1; a module that is called again gets a number there.
class LegacyPaths {
public:
  explicit LegacyPaths(const Model &model) {
    for (const Tensor &tensor : model.graph.initializers)
      for (size_t dot = tensor.name.find('.'); dot != std::string::npos; dot = tensor.name.find('.', dot + 1))
        owners.insert(StringRef(tensor.name).substr(0, dot));
  }

  std::optional<std::string> find(const Node &node) {
    auto [scopes, op] = StringRef(node.name).rsplit('/');
    if (!op.consume_front(node.opType) || !isNumbered(op) || !(scopes.empty() || scopes.consume_front("/")))
      return std::nullopt;
    std::string path;
    StringRef last;
    for (StringRef part : llvm::split(scopes, '/')) {
      bool repeats = !last.empty() && part.starts_with(last.str() + "."); // "layer1/layer1.0"
      path = repeats ? path.substr(0, path.size() - last.size()) : path.empty() ? "" : path + ".";
      path = firstCall(path, part);
      last = part;
    }
    return path;
  }

private:
  /// True for "" and "_12".
  static bool isNumbered(StringRef end) { return end.empty() || (end.consume_front("_") && llvm::all_of(end, llvm::isDigit)); }

  /// `part` without the number of a call, unless a module of that name has weights or no other was called before.
  std::string firstCall(const std::string &path, StringRef part) {
    auto [name, number] = part.rsplit('_');
    std::string written = path + part.str(), first = path + name.str();
    if (!number.empty() && llvm::all_of(number, llvm::isDigit) && !owners.contains(written) && called.contains(first))
      return first;
    called.insert(written);
    return written;
  }

  llvm::StringSet<> owners; ///< modules that own weights, directly or in a module of theirs
  llvm::StringSet<> called;
};
} // namespace

void tally::onnx::nameLayers(Model &model) {
  if (model.producer != "pytorch")
    return;
  LegacyPaths legacy(model);
  for (Node &node : model.graph.nodes) {
    StringRef weight = node.inputs.size() > 1 ? StringRef(node.inputs[1]) : "";
    bool isOwned = weight.consume_back(".weight");
    std::optional<std::string> path = findScope(node);
    if (!path)
      path = legacy.find(node);
    // A convolution has the scope of the normalization that was folded into it.
    if (isOwned && (!path || holdsFoldedNorm(node)))
      path = weight.str();
    if (path)
      node.layer = path->empty() ? rootLayer.str() : *path;
  }
}

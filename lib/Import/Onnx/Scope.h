// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The names that the nodes of one graph see while it is imported: of the model's graph, of a body, or of a function at one of its calls.
#ifndef TALLY_IMPORT_ONNX_SCOPE_H
#define TALLY_IMPORT_ONNX_SCOPE_H

#include "Bindings.h"

namespace tally::onnx {

struct Scope {
  /// A function at a call of it.
  struct Call {
    const Function *function;
    const Node *node;
    const Scope *scope; ///< of the node
  };

  Scope(const Graph &graph, const OpsetImports &opsets) : graph(graph), opsets(opsets) {}

  /// The binding of a name, here or around; null where there is none.
  const Binding *find(llvm::StringRef name) const;
  /// The node that gives a name, here or around; null where none does.
  const std::string *findProducer(llvm::StringRef name) const;
  /// An attribute of a node here and the scope in which it was written; in a function it may be one of the call, or a default value.
  std::pair<const NodeAttribute *, const Scope *> findAttribute(const Node &node, llvm::StringRef name) const;
  /// The version of a set of ops; 0 where it is not imported.
  int64_t opsetOf(llvm::StringRef domain) const;
  /// True within a call of the function.
  bool isWithin(const Function &function) const;

  const Graph &graph;
  const OpsetImports &opsets;
  const Scope *around = nullptr; ///< whose names are seen as well
  std::optional<Call> call;
  std::string path, layer; ///< what stands before the names of its nodes, and before their layers: "call/"
  size_t depth = 0;        ///< calls and bodies around it
  llvm::StringMap<Binding> bindings;
  llvm::StringMap<std::string> producers; ///< output -> node
};

} // namespace tally::onnx

#endif

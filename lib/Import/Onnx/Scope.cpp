// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The names that the nodes of one graph see while it is imported.
#include "Scope.h"

using namespace tally::onnx;
using llvm::StringRef;

const Binding *Scope::find(StringRef name) const {
  for (const Scope *scope = this; scope; scope = scope->around)
    if (auto found = scope->bindings.find(name); found != scope->bindings.end())
      return &found->second;
  return nullptr;
}

const std::string *Scope::findProducer(StringRef name) const {
  for (const Scope *scope = this; scope; scope = scope->around)
    if (auto found = scope->producers.find(name); found != scope->producers.end())
      return &found->second;
  return nullptr;
}

static const NodeAttribute *findIn(llvm::ArrayRef<NodeAttribute> attributes, StringRef name) {
  auto found = llvm::find_if(attributes, [&](const NodeAttribute &attribute) { return attribute.name == name; });
  return found == attributes.end() ? nullptr : found;
}

std::pair<const NodeAttribute *, const Scope *> Scope::findAttribute(const Node &node, StringRef name) const {
  const NodeAttribute *found = findIn(node.attributes, name);
  const Scope *scope = this;
  while (found && !found->reference.empty()) {
    while (scope && !scope->call)
      scope = scope->around;
    if (!scope)
      return {nullptr, this};
    const Call &call = *scope->call;
    const NodeAttribute *given = findIn(call.node->attributes, found->reference);
    if (!given)
      return {findIn(call.function->defaults, found->reference), scope};
    found = given;
    scope = call.scope;
  }
  return {found, scope};
}

int64_t Scope::opsetOf(StringRef domain) const {
  auto found = llvm::find_if(opsets, [&](const auto &opset) { return opset.first == domain; });
  return found == opsets.end() ? 0 : found->second;
}

bool Scope::isWithin(const Function &function) const {
  for (const Scope *scope = this; scope; scope = scope->call ? scope->call->scope : scope->around)
    if (scope->call && scope->call->function == &function)
      return true;
  return false;
}

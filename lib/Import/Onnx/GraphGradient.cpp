// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Differentiates the graph that has been imported so far, at either batch size.
#include "Composition.h"
#include "GraphImporter.h"
#include "mlir/IR/Diagnostics.h"
#include "tally/Autodiff/Differentiate.h"
#include "tally/Import/Rebatch.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;
using llvm::Twine;

/// The ops before the insertion point of `builder` that depend on mapped values, once more, for what those are mapped to.
static LogicalResult evaluateAt(OpBuilder &builder, IRMapping &mapping) {
  SmallVector<Operation *> ops;
  for (Operation &op : llvm::make_range(builder.getBlock()->begin(), builder.getInsertionPoint()))
    ops.push_back(&op);
  for (Operation *op : ops) {
    bool isMapped = llvm::any_of(op->getResults(), [&](Value result) { return mapping.contains(result); });
    if (!isMapped && llvm::any_of(op->getOperands(), [&](Value operand) { return mapping.contains(operand); }) &&
        failed(cloneReinferred(op, builder, mapping)))
      return failure();
  }
  return success();
}

static FailureOr<SmallVector<Value>> differentiate(OpBuilder &builder, Location loc, Value y, ArrayRef<Value> xs) {
  auto type = cast<RankedTensorType>(y.getType());
  Attribute one = builder.getFloatAttr(type.getElementType(), 1);
  Value ones = nn::ConstantOp::create(builder, loc, type, DenseElementsAttr::get(type, one));
  int64_t differentiated = 0;
  return tally::differentiate(builder, {loc, {y}, {ones}, SmallVector<Value>(xs)}, differentiated);
}

FailureOr<SmallVector<Value>> NodeReader::gradients(const std::string &y, ArrayRef<std::string> xs, ArrayRef<std::string> zs) {
  using Result = FailureOr<SmallVector<Value>>;
  auto boundTo = [&](const std::string &name) -> const Binding * {
    const Binding *found = scope.find(name);
    return found && found->kind != Binding::Kind::Poisoned ? found : nullptr;
  };
  const Binding *target = boundTo(y);
  if (!target)
    return Result(wrong("expects a tensor computed before as y, got '" + y + "'"));
  if (target->kind != Binding::Kind::Value || !isFloat(target->type))
    return Result(unsupported("expects a float tensor that depends on inputs as y, got '" + y + "'"));

  // The values behind each name: an initializer has one for each weight that it has become.
  SmallVector<SmallVector<Value>> sources;
  IRMapping here, there;
  SmallVector<std::string> names(xs);
  names.append(zs.begin(), zs.end());
  if (names.size() != numInputs())
    return Result(wrong("expects an input for each of " + Twine(names.size()) + " names in xs and zs, got " + Twine(numInputs())));
  for (auto [input, name] : llvm::enumerate(names)) {
    const Binding *bound = boundTo(name);
    if (!bound || !has(input))
      return Result(wrong("expects a tensor computed before in xs and zs, got '" + name + "'"));
    llvm::SetVector<Value> values;
    if (bound->kind == Binding::Kind::Value)
      values.insert(bound->value);
    for (WeightUse use : importer.weights.getUses())
      if (bound->kind == Binding::Kind::Initializer && use.initializer == bound->initializer)
        values.insert(use.op.getY());
    bool isFed = node.inputs[input] != name && !(bound->kind == Binding::Kind::Value && binding(input).value == bound->value);
    if ((input < xs.size() || isFed) && bound->kind != Binding::Kind::Value && bound->kind != Binding::Kind::Initializer)
      return Result(unsupported("'" + name + "' is a constant"));
    if (isFed) {
      FailureOr<Value> fed = value(input);
      if (failed(fed))
        return failure();
      for (Value source : values) {
        if (source.getType() != fed->getType())
          return Result(wrong("expects an input of the type of '" + name + "' (" + Twine(input) + ")"));
        here.map(source, *fed);
        there.map(importer.otherBatch.lookup(source), importer.otherBatch.lookup(*fed));
      }
    }
    sources.push_back(values.takeVector());
  }

  std::string message = "has no gradient";
  std::optional<ScopedDiagnosticHandler> handler(std::in_place, importer.builder.getContext(), [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
      message = diagnostic.str();
  });
  SmallVector<Value> atHere, atThere;
  for (ArrayRef<Value> values : ArrayRef(sources).take_front(xs.size()))
    for (Value value : values) {
      atHere.push_back(here.lookupOrDefault(value));
      atThere.push_back(there.lookupOrDefault(importer.otherBatch.lookup(value)));
    }
  Result first = failure(), second = failure();
  if (succeeded(evaluateAt(importer.builder, here)) && succeeded(evaluateAt(importer.otherBuilder, there))) {
    first = ::differentiate(importer.builder, getLoc(), here.lookupOrDefault(target->value), atHere);
    second = ::differentiate(importer.otherBuilder, getLoc(), there.lookupOrDefault(importer.otherBatch.lookup(target->value)), atThere);
  }
  handler.reset();
  if (failed(first) || failed(second))
    return Result(unsupported(message));
  for (auto [value, copy] : llvm::zip_equal(*first, *second))
    importer.otherBatch.map(value, copy);

  Composition c(*this);
  SmallVector<Value> result;
  ArrayRef<Value> rest = *first;
  for (auto [input, values] : llvm::enumerate(ArrayRef(sources).take_front(xs.size()))) {
    Value sum = rest.empty() || values.empty() ? Value() : rest.front();
    for (Value gradient : rest.take_front(values.size()).drop_front(values.empty() ? 0 : 1))
      sum = c.add(sum, gradient);
    rest = rest.drop_front(values.size());
    // An initializer that nothing uses.
    auto shape = shapes(input).first;
    result.push_back(sum ? sum : c.broadcast(c.number(0, target->value), {shape, SmallVector<int64_t>(shapes(input).second)}));
    if (!result.back())
      return failure();
  }
  return result;
}

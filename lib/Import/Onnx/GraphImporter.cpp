// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Turns the graph of a model into @main, node by node.
#include "GraphImporter.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;
using llvm::Twine;

GraphImporter::GraphImporter(const Model &model, MLIRContext *context, Resources &resources, int64_t batch, bool anyBatch,
                             bool asWritten, Report report)
    : model(model), builder(context), otherBuilder(context), batch(batch), anyBatch(anyBatch), asWritten(asWritten), report(report), root(model.graph, model.opsets),
      weights(context, resources) {}

void GraphImporter::problem(bool unsupported, const Twine &where, const Twine &what) {
  ++problems;
  report({unsupported, where.str(), what.str()});
}

void GraphImporter::problem(bool unsupported, const Scope &scope, const Node &node, const Twine &what) {
  ++problems;
  int64_t opset = findFunction(node) ? 0 : scope.opsetOf(node.domain);
  std::string version = opset ? (", opset " + Twine(opset)).str() : "";
  report({unsupported, scope.path + node.name, what.str(), node.qualifiedType() + version});
}

bool GraphImporter::checkOpset(const Scope &scope, const Twine &where) {
  bool isNeeded = llvm::any_of(scope.graph.nodes, [&](const Node &node) { return node.domain.empty() && !findFunction(node); });
  int64_t opset = scope.opsetOf("");
  if (!isNeeded || (opset >= oldestOpset && opset <= newestOpset))
    return true;
  if (opset == 0)
    problem(false, where, "imports no opset of ai.onnx");
  else
    problem(true, where, "opset " + Twine(opset) + " of ai.onnx is not supported (" + Twine(oldestOpset) + " to " + Twine(newestOpset) + " are)");
  return false;
}

static std::string keyOf(const std::string &domain, const std::string &name, const std::string &overload) {
  return domain + '\0' + name + '\0' + overload;
}

void GraphImporter::findFunctions() {
  for (const Function &function : model.functions)
    if (!functions.try_emplace(keyOf(function.domain, function.name, function.overload), &function).second)
      problem(false, "", "two functions have the name '" + function.domain + "." + function.name + "'");
}

const Function *GraphImporter::findFunction(const Node &node) const {
  return functions.empty() ? nullptr : functions.lookup(keyOf(node.domain, node.opType, node.overload));
}

void GraphImporter::checkOps(const Scope &scope) {
  for (const Node &node : scope.graph.nodes) {
    ArrayRef<const OpRow *> rows = rowsOf(node.qualifiedType());
    if (findFunction(node))
      continue;
    if (rows.empty() && !node.domain.empty())
      problem(true, scope, node, "domain '" + node.domain + "' is not supported");
    else if (!rows.empty() && scope.opsetOf(node.domain) < rows.front()->opsets.since)
      problem(false, scope, node, "there is no such op in this opset (it came with " + Twine(rows.front()->opsets.since) + ")");
    else if (!rowOf(scope, node))
      problem(true, scope, node, "is not supported");
  }
}

/// Every name is given a value once.
void GraphImporter::checkNames(Scope &scope) {
  for (const Node &node : scope.graph.nodes)
    for (const std::string &output : node.outputs)
      if (!output.empty() && !scope.producers.try_emplace(output, node.name).second)
        problem(false, scope, node, "output '" + output + "' is computed twice");
  for (const Tensor &tensor : scope.graph.initializers)
    if (scope.producers.contains(tensor.name))
      problem(false, scope.path + scope.producers[tensor.name], "output '" + tensor.name + "' is an initializer, too");
  llvm::StringSet<> names;
  for (const ValueInfo &input : scope.graph.inputs) {
    if (scope.producers.contains(input.name))
      problem(false, scope.path + scope.producers[input.name], "output '" + input.name + "' is an input, too");
    if (!names.insert(input.name).second)
      problem(false, scope.path + input.name, "two inputs have this name");
  }
}

/// The sizes of an input, -1 where dimension 0 is a symbolic batch; nullopt after saying what is wrong.
std::optional<SmallVector<int64_t>> GraphImporter::readShape(const ValueInfo &input) {
  if (!input.isTensor) {
    problem(true, input.name, "expects a tensor as input: of a sequence, the length is not known");
    return std::nullopt;
  }
  RankedTensorType scalar = typeOf(builder.getContext(), input.type, {});
  if (!scalar) {
    problem(true, input.name, "expects an input of numbers or truth values");
    return std::nullopt;
  }
  if (!input.shape) {
    problem(true, input.name, "expects an input of known shape");
    return std::nullopt;
  }
  SmallVector<int64_t> shape(*input.shape);
  for (auto [dimension, size] : llvm::enumerate(shape))
    if (size < 0 && dimension != 0) {
      problem(true, input.name, "expects a fixed size in dimension " + Twine(dimension) + " of the input");
      return std::nullopt;
    }
  return shape;
}

static SmallVector<int64_t> atBatch(SmallVector<int64_t> shape, int64_t batch) {
  if (!shape.empty() && shape[0] < 0)
    shape[0] = batch;
  return shape;
}

bool GraphImporter::createFunctions() {
  std::vector<SmallVector<int64_t>> shapes;
  for (const ValueInfo &input : model.graph.inputs) {
    std::optional<SmallVector<int64_t>> shape = readShape(input);
    if (!shape)
      return false;
    shapes.push_back(std::move(*shape));
  }
  // The batch is dimension 0 of the first input that has one, also when it is static, and of each input where that is as large.
  auto leading = llvm::find_if(shapes, [](ArrayRef<int64_t> shape) { return !shape.empty() && shape.front() != 0; });
  bool isStatic = leading != shapes.end() && leading->front() > 0;
  if (isStatic)
    batch = leading->front();
  for (auto [input, shape] : llvm::zip_equal(model.graph.inputs, shapes)) {
    if (!shape.empty() && (shape[0] < 0 || (isStatic && shape[0] == batch)))
      shape[0] = -1;
    SmallVector<int64_t> sizes = atBatch(shape, batch);
    if (!checkedProduct(sizes) || *checkedProduct(sizes) > int64_t(1) << 40) {
      problem(false, input.name, "the input has too many elements");
      return false;
    }
  }
  auto create = [&](OwningOpRef<ModuleOp> &owner, OpBuilder &builder, int64_t size) {
    SmallVector<Type> types;
    SmallVector<Location> locations;
    for (auto [input, shape] : llvm::zip_equal(model.graph.inputs, shapes)) {
      types.push_back(typeOf(builder.getContext(), input.type, atBatch(shape, size)));
      locations.push_back(NameLoc::get(builder.getStringAttr(input.name)));
    }
    owner = ModuleOp::create(builder.getUnknownLoc());
    builder.setInsertionPointToEnd(owner->getBody());
    Location loc = locations.empty() ? builder.getUnknownLoc() : locations.front();
    auto function = func::FuncOp::create(builder, loc, "main", builder.getFunctionType(types, {}));
    builder.setInsertionPointToStart(function.addEntryBlock());
    for (auto [argument, location] : llvm::zip_equal(function.getArguments(), locations))
      argument.setLoc(location);
    return function;
  };
  main = create(module, builder, batch);
  otherBatch.map(main.getArguments(), create(otherModule, otherBuilder, batch + anyBatch).getArguments());
  for (auto [input, argument] : llvm::zip_equal(model.graph.inputs, main.getArguments())) {
    Binding &bound = root.bindings[input.name];
    bound.kind = Binding::Kind::Value;
    bound.type = input.type;
    bound.value = argument;
  }
  return true;
}

void GraphImporter::bindInitializers(Scope &scope) {
  for (const Tensor &tensor : scope.graph.initializers) {
    Binding &bound = scope.bindings[tensor.name];
    bound.kind = Binding::Kind::Initializer;
    bound.initializer = &tensor;
    bound.names = {tensor.name};
    bound.type = tensor.declared;
    if (isFloat(tensor.type))
      continue;
    std::optional<HostTensor> host = HostTensor::from(tensor);
    if (!host) {
      problem(true, scope.path + tensor.name, "an initializer of " + Twine(tensor.bytes.size()) + " bytes that are no floats is not supported");
      continue;
    }
    bound.kind = Binding::Kind::Host;
    bound.host = bound.hostAtOtherBatch = *host;
  }
}

bool GraphImporter::checkInputs(const Scope &scope, const Node &node) {
  bool fine = true;
  for (const std::string &input : node.inputs) {
    if (input.empty())
      continue;
    const Binding *bound = scope.find(input);
    const std::string *producer = scope.findProducer(input);
    if (!bound) {
      if (!producer)
        problem(false, scope, node, "input '" + input + "' is neither an initializer nor computed by a node");
      else
        problem(false, scope, node, "input '" + input + "' is computed by node '" + *producer +
                                      "', which does not come before: the graph is cyclic or not sorted");
      fine = false;
    } else if (bound->kind == Binding::Kind::Unsupported) {
      problem(true, scope, node, "output '" + input + "' of node '" + (producer ? *producer : "") + "' is not supported");
      fine = false;
    } else if (bound->kind == Binding::Kind::Poisoned) {
      fine = false;
    }
  }
  return fine;
}

void GraphImporter::bindOutputs(Scope &scope, const Node &node, bool imported) {
  for (const std::string &output : node.outputs)
    if (!output.empty() && !scope.bindings.contains(output))
      scope.bindings[output].kind = imported ? Binding::Kind::Unsupported : Binding::Kind::Poisoned;
}

Value GraphImporter::createConstant(Location loc, DenseElementsAttr here, DenseElementsAttr there) {
  Value value = nn::ConstantOp::create(builder, loc, here.getType(), here);
  Value copy = nn::ConstantOp::create(otherBuilder, loc, there.getType(), there);
  otherBatch.map(value, copy);
  return value;
}

Binding GraphImporter::bind(Value value, ElementType type) {
  Binding bound;
  bound.kind = Binding::Kind::Value;
  bound.type = type;
  bound.value = value;
  auto here = value.getDefiningOp<nn::ConstantOp>();
  Value copy = otherBatch.lookupOrNull(value);
  auto there = copy ? copy.getDefiningOp<nn::ConstantOp>() : nn::ConstantOp();
  if (!here || !there || here.getType().getNumElements() > HostTensor::maximalElements)
    return bound;
  bound.kind = Binding::Kind::Host;
  bound.host = hostOf(cast<DenseElementsAttr>(here.getValue()), type);
  bound.hostAtOtherBatch = hostOf(cast<DenseElementsAttr>(there.getValue()), type);
  return bound;
}

/// False, after saying so, for what the schema of the op does not allow.
bool GraphImporter::checkSchema(const Scope &scope, const Node &node, const OpRow &row) {
  bool fine = true;
  llvm::StringSet<> names;
  auto wrong = [&](const Twine &what) {
    problem(false, scope, node, what);
    fine = false;
  };
  for (const NodeAttribute &attribute : node.attributes)
    if (!names.insert(attribute.name).second)
      wrong("attribute '" + attribute.name + "' is given twice");
  if (node.outputs.size() > row.outputs)
    wrong("has " + Twine(node.outputs.size()) + " outputs, expects at most " + Twine(row.outputs));
  if (row.takesSequences)
    return fine;
  for (auto [position, input] : llvm::enumerate(node.inputs))
    if (const Binding *bound = scope.find(input); bound && bound->kind == Binding::Kind::Sequence)
      wrong("expects a tensor as input " + Twine(position) + ", got a sequence");
  return fine;
}

void GraphImporter::importNode(Scope &scope, const Node &node) {
  const Function *function = findFunction(node);
  const OpRow *row = function ? nullptr : rowOf(scope, node);
  bool known = checkInputs(scope, node);
  size_t index = imported++;
  bool isFine = function && known && succeeded(importCall(scope, node, *function));
  if (row && checkSchema(scope, node, *row) && known) {
    NodeReader reader(*this, scope, node, index, *row);
    bool complete = true;
    for (size_t input = 0; input < row->required; ++input)
      if (!reader.has(input)) {
        complete = false;
        (void)reader.wrong("requires input " + Twine(input));
      }
    if (llvm::all_of(node.outputs, [](const std::string &output) { return output.empty(); }))
      (void)reader.wrong("requires an output");
    else if (complete) {
      std::optional<LogicalResult> ofRandom = importOfRandom(reader);
      isFine = succeeded(ofRandom ? *ofRandom : row->import(reader)) && succeeded(reader.finish());
    }
  }
  bindOutputs(scope, node, isFine);
}

void GraphImporter::importGraph(Scope &scope) {
  checkNames(scope);
  checkOps(scope);
  for (const Node &node : scope.graph.nodes)
    importNode(scope, node);
}

void GraphImporter::appendOutput(StringRef name, const Binding &bound, SmallVectorImpl<Value> &outputs) {
  switch (bound.kind) {
  case Binding::Kind::Value:
    outputs.push_back(bound.value);
    break;
  case Binding::Kind::Poisoned:
    if (!problems)
      problem(false, name, "the output is not computed by any node");
    break;
  case Binding::Kind::Unsupported:
    problem(true, name, "output '" + name + "' of node '" + root.producers[name] + "' is not supported");
    break;
  case Binding::Kind::Host:
    outputs.push_back(createConstant(main.getLoc(), denseOf(builder.getContext(), bound.host), denseOf(builder.getContext(), bound.hostAtOtherBatch)));
    break;
  case Binding::Kind::Sequence:
    for (const std::shared_ptr<const Binding> &element : *bound.elements)
      appendOutput(name, *element, outputs);
    break;
  case Binding::Kind::Absent:
    problem(true, name, "an output that is not there is not supported");
    break;
  case Binding::Kind::Initializer:
    problem(true, name, "the output does not depend on an input");
    break;
  case Binding::Kind::Random:
    problem(true, name, "a random tensor as an output is not supported");
    break;
  }
}

bool GraphImporter::finishFunction() {
  SmallVector<Value> outputs;
  for (const ValueInfo &output : model.graph.outputs) {
    const Binding *bound = root.find(output.name);
    appendOutput(output.name, bound ? *bound : Binding(), outputs);
  }
  if (model.graph.outputs.empty())
    problem(false, "", "the graph has no output");
  if (problems)
    return false;
  func::ReturnOp::create(builder, main.getLoc(), outputs);
  main.setFunctionType(builder.getFunctionType(main.getArgumentTypes(), ValueRange(outputs).getTypes()));
  if (!asWritten) {
    recomposed = recomposeOps(main);
    weights.nameNorms(main);
  }
  weights.tieModules();
  // What the outputs do not need goes: a weight behind it would be counted as a parameter.
  SmallVector<Operation *> ops;
  for (Operation &op : main.getBody().front().without_terminator())
    ops.push_back(&op);
  for (Operation *op : llvm::reverse(ops))
    if (op->use_empty() && !isa<nn::WeightOp>(op))
      op->erase();
  weights.dropUnused();
  return true;
}

OwningOpRef<ModuleOp> GraphImporter::run() {
  if (model.irVersion < 3)
    problem(true, "", "IR version " + Twine(model.irVersion) + " is not supported (3 is the oldest)");
  findFunctions();
  if (!checkOpset(root, "") || problems || !createFunctions())
    return {};
  bindInitializers(root);
  importGraph(root);
  if (!finishFunction())
    return {};
  weights.finalize(model);
  if (mlir::failed(mlir::verify(*module))) {
    problem(false, "", "the imported graph is not valid");
    return {};
  }
  return std::move(module);
}

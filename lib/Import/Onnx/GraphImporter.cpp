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
    : model(model), builder(context), otherBuilder(context), batch(batch), anyBatch(anyBatch), asWritten(asWritten), report(report),
      weights(context, resources) {}

void GraphImporter::problem(bool unsupported, const Twine &where, const Twine &what) {
  failed = true;
  report({unsupported, where.str(), what.str()});
}

void GraphImporter::problem(bool unsupported, const Node &node, const Twine &what) {
  failed = true;
  std::string version = opsetOf(node) ? (", opset " + Twine(opsetOf(node))).str() : "";
  report({unsupported, node.name, what.str(), node.qualifiedType() + version});
}

int64_t GraphImporter::opsetOf(const Node &node) const {
  for (const auto &[domain, version] : model.opsets)
    if (domain == node.domain)
      return version;
  return 0;
}

bool GraphImporter::checkVersions() {
  if (model.irVersion < 3)
    problem(true, "", "IR version " + Twine(model.irVersion) + " is not supported (3 is the oldest)");
  for (const auto &[domain, version] : model.opsets)
    if (domain.empty())
      opset = version;
  bool isNeeded = llvm::any_of(model.nodes, [](const Node &node) { return node.domain.empty(); });
  if (opset == 0 && isNeeded)
    problem(false, "", "imports no opset of ai.onnx");
  else if (isNeeded && (opset < oldestOpset || opset > newestOpset))
    problem(true, "", "opset " + Twine(opset) + " of ai.onnx is not supported (" + Twine(oldestOpset) + " to " +
                          Twine(newestOpset) + " are)");
  return !failed;
}

void GraphImporter::checkOps() {
  for (const Node &node : model.nodes) {
    ArrayRef<const OpRow *> rows = rowsOf(node.qualifiedType());
    if (rows.empty() && !node.domain.empty())
      problem(true, node, "domain '" + node.domain + "' is not supported");
    else if (!rows.empty() && opsetOf(node) < rows.front()->opsets.since)
      problem(false, node, "there is no such op in this opset (it came with " + Twine(rows.front()->opsets.since) + ")");
    else if (!rowOf(node))
      problem(true, node, "is not supported");
  }
}

/// Every name is given a value once.
void GraphImporter::checkNames() {
  for (const Node &node : model.nodes)
    for (const std::string &output : node.outputs)
      if (!output.empty() && !producers.try_emplace(output, node.name).second)
        problem(false, node, "output '" + output + "' is computed twice");
  for (const Tensor &tensor : model.initializers)
    if (producers.contains(tensor.name))
      problem(false, producers[tensor.name], "output '" + tensor.name + "' is an initializer, too");
  llvm::StringSet<> names;
  for (const ValueInfo &input : model.inputs) {
    if (producers.contains(input.name))
      problem(false, producers[input.name], "output '" + input.name + "' is an input, too");
    if (!names.insert(input.name).second)
      problem(false, input.name, "two inputs have this name");
  }
}

/// The sizes of an input, -1 where dimension 0 is a symbolic batch; nullopt after saying what is wrong.
std::optional<SmallVector<int64_t>> GraphImporter::readShape(const ValueInfo &input) {
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
  for (const ValueInfo &input : model.inputs) {
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
  for (auto [input, shape] : llvm::zip_equal(model.inputs, shapes)) {
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
    for (auto [input, shape] : llvm::zip_equal(model.inputs, shapes)) {
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
  for (auto [input, argument] : llvm::zip_equal(model.inputs, main.getArguments())) {
    Binding &bound = bindings[input.name];
    bound.kind = Binding::Kind::Value;
    bound.type = input.type;
    bound.value = argument;
  }
  return true;
}

void GraphImporter::bindInitializers() {
  for (const Tensor &tensor : model.initializers) {
    Binding &bound = bindings[tensor.name];
    bound.kind = Binding::Kind::Initializer;
    bound.initializer = &tensor;
    bound.names = {tensor.name};
    bound.type = tensor.declared;
    if (isFloat(tensor.type))
      continue;
    std::optional<HostTensor> host = HostTensor::from(tensor);
    if (!host) {
      problem(true, tensor.name, "an initializer of " + Twine(tensor.bytes.size()) + " bytes that are no floats is not supported");
      continue;
    }
    bound.kind = Binding::Kind::Host;
    bound.host = bound.hostAtOtherBatch = *host;
  }
}

bool GraphImporter::checkInputs(const Node &node) {
  bool fine = true;
  for (const std::string &input : node.inputs) {
    if (input.empty())
      continue;
    auto bound = bindings.find(input);
    auto producer = producers.find(input);
    if (bound == bindings.end()) {
      if (producer == producers.end())
        problem(false, node, "input '" + input + "' is neither an initializer nor computed by a node");
      else
        problem(false, node, "input '" + input + "' is computed by node '" + producer->second +
                                      "', which does not come before: the graph is cyclic or not sorted");
      fine = false;
    } else if (bound->second.kind == Binding::Kind::Unsupported) {
      problem(true, node, "output '" + input + "' of node '" + producer->second + "' is not supported");
      fine = false;
    } else if (bound->second.kind == Binding::Kind::Poisoned) {
      fine = false;
    }
  }
  return fine;
}

void GraphImporter::bindOutputs(const Node &node) {
  for (auto [position, output] : llvm::enumerate(node.outputs))
    if (!output.empty() && !bindings.contains(output))
      bindings[output].kind = position ? Binding::Kind::Unsupported : Binding::Kind::Poisoned;
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
bool GraphImporter::checkSchema(const Node &node, const OpRow &row) {
  bool fine = true;
  llvm::StringSet<> names;
  for (const NodeAttribute &attribute : node.attributes)
    if (!names.insert(attribute.name).second) {
      problem(false, node, "attribute '" + attribute.name + "' is given twice");
      fine = false;
    }
  if (node.outputs.size() > row.outputs) {
    problem(false, node, "has " + Twine(node.outputs.size()) + " outputs, expects at most " + Twine(row.outputs));
    fine = false;
  }
  return fine;
}

void GraphImporter::importNode(const Node &node, size_t index) {
  const OpRow *row = rowOf(node);
  bool known = checkInputs(node);
  if (row && checkSchema(node, *row) && known) {
    NodeReader reader(*this, node, index, *row);
    bool complete = true;
    for (size_t input = 0; input < row->required; ++input)
      if (!reader.has(input)) {
        complete = false;
        (void)reader.wrong("requires input " + Twine(input));
      }
    if (node.outputs.empty() || (node.outputs.front().empty() && row->outputs == 1))
      (void)reader.wrong("requires an output");
    else if (complete) {
      std::optional<LogicalResult> imported = importOfRandom(reader);
      if (succeeded(imported ? *imported : row->import(reader)))
        (void)reader.finish();
    }
  }
  bindOutputs(node);
}

Value GraphImporter::findOutput(const ValueInfo &output) {
  auto bound = bindings.find(output.name);
  Binding::Kind kind = bound == bindings.end() ? Binding::Kind::Poisoned : bound->second.kind;
  switch (kind) {
  case Binding::Kind::Value:
    return bound->second.value;
  case Binding::Kind::Poisoned:
    if (!failed)
      problem(false, output.name, "the output is not computed by any node");
    break;
  case Binding::Kind::Unsupported:
    problem(true, output.name, "output '" + output.name + "' of node '" + producers[output.name] + "' is not supported");
    break;
  case Binding::Kind::Host:
    return createConstant(main.getLoc(), denseOf(builder.getContext(), bound->second.host),
                          denseOf(builder.getContext(), bound->second.hostAtOtherBatch));
  case Binding::Kind::Initializer:
    problem(true, output.name, "the output does not depend on an input");
    break;
  case Binding::Kind::Random:
    problem(true, output.name, "a random tensor as an output is not supported");
    break;
  }
  return {};
}

bool GraphImporter::finishFunction() {
  SmallVector<Value> outputs;
  for (const ValueInfo &output : model.outputs)
    if (Value value = findOutput(output))
      outputs.push_back(value);
  if (model.outputs.empty())
    problem(false, "", "the graph has no output");
  if (failed)
    return false;
  func::ReturnOp::create(builder, main.getLoc(), outputs);
  main.setFunctionType(builder.getFunctionType(main.getArgumentTypes(), ValueRange(outputs).getTypes()));
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
  if (!checkVersions())
    return {};
  checkNames();
  checkOps();
  if (!createFunctions())
    return {};
  bindInitializers();
  for (auto [index, node] : llvm::enumerate(model.nodes))
    importNode(node, index);
  if (!finishFunction())
    return {};
  weights.finalize(model);
  if (mlir::failed(mlir::verify(*module))) {
    problem(false, "", "the imported graph is not valid");
    return {};
  }
  return std::move(module);
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Turns the graph of a model into @main, node by node.
#include "GraphImporter.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;
using llvm::Twine;

GraphImporter::GraphImporter(const Model &model, MLIRContext *context, int64_t batch, Report report)
    : model(model), builder(context), otherBuilder(context), batch(batch), report(report), weights(context) {}

void GraphImporter::problem(bool unsupported, const Twine &where, const Twine &what) {
  failed = true;
  report({unsupported, where.str(), what.str()});
}

bool GraphImporter::checkVersions() {
  if (model.irVersion < 3)
    problem(true, "", "IR version " + Twine(model.irVersion) + " is not supported (3 is the oldest)");
  for (const auto &[domain, version] : model.opsets)
    if (domain.empty())
      opset = version;
  if (opset == 0)
    problem(false, "", "imports no opset of ai.onnx");
  else if (opset < oldestOpset || opset > newestOpset)
    problem(true, "", "opset " + Twine(opset) + " of ai.onnx is not supported (" + Twine(oldestOpset) + " to " +
                          Twine(newestOpset) + " are)");
  return !failed;
}

/// True if a rule whose name contains `rule` of the dynamo exporter's optimizer made the node.
static bool isMadeBy(const Node &node, StringRef rule) {
  return llvm::any_of(node.metadata, [&](const auto &entry) {
    return entry.first == "pkg.onnxscript.rewriter.rule_name" && StringRef(entry.second).contains(rule);
  });
}

/// A convolution into which the exporter has folded a BatchNormalization cannot be trained as what it was.
static bool holdsFoldedNorm(const Node &node) {
  if (isMadeBy(node, "FuseBatchNorm"))
    return true;
  StringRef weight = node.opType == "Conv" && node.inputs.size() > 1 ? StringRef(node.inputs[1]) : "";
  return weight.consume_front("onnx::Conv_") && !weight.empty() && llvm::all_of(weight, [](char c) { return llvm::isDigit(c); });
}

/// "'a', 'b'": the names of the nodes for which `matches` is true.
static std::string listNodes(const Model &model, llvm::function_ref<bool(const Node &)> matches) {
  std::string names;
  for (const Node &node : model.nodes)
    if (matches(node))
      names += (names.empty() ? "'" : ", '") + node.name + "'";
  return names;
}

bool GraphImporter::checkFoldedNorms() {
  std::string names = listNodes(model, holdsFoldedNorm);
  if (names.empty())
    return true;
  problem(true, "",
          "the exporter has folded BatchNormalization into " + names +
              ", which therefore cannot be trained: export with torch.onnx.export(..., dynamo=True, optimize=False), or with "
              "dynamo=False, training=torch.onnx.TrainingMode.TRAINING, do_constant_folding=False "
              "(batch_norm: {restore: true} is not supported yet)");
  return false;
}

/// The dynamo exporter gives every convolution a bias, and its optimizer takes those of zeros away: also one that shall be trained.
void GraphImporter::noteRemovedBiases() {
  std::string names = listNodes(model, [](const Node &node) { return isMadeBy(node, "RemoveOptionalBias"); });
  if (!names.empty())
    emitRemark(main.getLoc()) << "the exporter has removed biases of zeros from " << names
                              << ": if the network has biases there, export with optimize=False";
}

void GraphImporter::checkOps() {
  for (const Node &node : model.nodes) {
    ArrayRef<const OpRow *> rows = rowsOf(node.opType);
    if (!node.domain.empty())
      problem(true, node.name, node.opType + " node: domain '" + node.domain + "' is not supported");
    else if (!rows.empty() && opset < rows.front()->opsets.since)
      problem(false, node.name,
              node.opType + " node: opset " + Twine(opset) + " has no such op (it came with " + Twine(rows.front()->opsets.since) + ")");
    else if (!findRow(node.opType, opset))
      problem(true, node.name, node.opType + " node (opset " + Twine(opset) + ") is not supported");
  }
}

bool GraphImporter::createFunctions() {
  if (model.inputs.size() != 1 || model.outputs.size() != 1) {
    problem(true, "", "expects one input and one output, got " + Twine(model.inputs.size()) + " and " +
                          Twine(model.outputs.size()));
    return false;
  }
  const ValueInfo &input = model.inputs.front();
  Type element = typeOf(builder.getContext(), input.type, {}) ? typeOf(builder.getContext(), input.type, {}).getElementType()
                                                              : Type();
  if (!isa_and_nonnull<FloatType>(element)) {
    problem(true, input.name, "expects an input of float or double");
    return false;
  }
  if (!input.shape || input.shape->empty()) {
    problem(false, input.name, "expects an input with a batch dimension");
    return false;
  }
  SmallVector<int64_t> shape(*input.shape);
  if (shape.front() > 0)
    batch = shape.front();
  shape.front() = batch;
  for (auto [dimension, size] : llvm::enumerate(shape))
    if (size <= 0) {
      problem(size < 0, input.name, "expects a fixed size in dimension " + Twine(dimension) + " of the input");
      return false;
    }
  if (!checkedProduct(shape) || *checkedProduct(shape) > int64_t(1) << 40) {
    problem(false, input.name, "the input has too many elements");
    return false;
  }
  auto create = [&](OwningOpRef<ModuleOp> &owner, OpBuilder &builder, int64_t batch) {
    owner = ModuleOp::create(builder.getUnknownLoc());
    shape.front() = batch;
    auto type = RankedTensorType::get(shape, element);
    builder.setInsertionPointToEnd(owner->getBody());
    auto function = func::FuncOp::create(builder, NameLoc::get(builder.getStringAttr(input.name)), "main",
                                         builder.getFunctionType({type}, {}));
    builder.setInsertionPointToStart(function.addEntryBlock());
    return function;
  };
  main = create(module, builder, batch);
  otherBatch.map(main.getArgument(0), create(otherModule, otherBuilder, batch + 1).getArgument(0));
  Binding &bound = bindings[input.name];
  bound.kind = Binding::Kind::Value;
  bound.value = main.getArgument(0);
  return true;
}

void GraphImporter::bindInitializers() {
  for (const Tensor &tensor : model.initializers) {
    Binding &bound = bindings[tensor.name];
    bound.kind = Binding::Kind::Initializer;
    bound.initializer = &tensor;
    bound.names = {tensor.name};
    bool isFloat = tensor.type == ElementType::Float || tensor.type == ElementType::Double;
    if (isFloat)
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
        problem(false, node.name, node.opType + " node: input '" + input + "' is neither an initializer nor computed by a node");
      else
        problem(false, node.name, node.opType + " node: input '" + input + "' is computed by node '" + producer->second +
                                      "', which does not come before: the graph is cyclic or not sorted");
      fine = false;
    } else if (bound->second.kind == Binding::Kind::Unsupported) {
      problem(true, node.name, node.opType + " node: output '" + input + "' of node '" + producer->second + "' is not supported");
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

void GraphImporter::importNode(const Node &node, size_t index) {
  const OpRow *row = node.domain.empty() ? findRow(node.opType, opset) : nullptr;
  if (checkInputs(node) && row) {
    NodeReader reader(*this, node, index, *row);
    bool complete = true;
    for (size_t input = 0; input < row->required; ++input)
      if (!reader.has(input)) {
        complete = false;
        (void)reader.wrong("requires input " + Twine(input));
      }
    if (node.outputs.empty() || node.outputs.front().empty())
      (void)reader.wrong("requires an output");
    else if (complete && succeeded(row->import(reader)))
      (void)reader.finish();
  }
  bindOutputs(node);
}

LogicalResult GraphImporter::finishFunction() {
  const ValueInfo &output = model.outputs.front();
  auto bound = bindings.find(output.name);
  if (bound == bindings.end() || bound->second.kind == Binding::Kind::Poisoned) {
    if (!failed)
      problem(false, output.name, "the output is not computed by any node");
    return failure();
  }
  if (bound->second.kind != Binding::Kind::Value) {
    problem(true, output.name, "the output does not depend on the input");
    return failure();
  }
  auto type = cast<RankedTensorType>(bound->second.value.getType());
  auto other = cast<RankedTensorType>(otherBatch.lookup(bound->second.value).getType());
  if (type.getRank() != 2 || type.getDimSize(0) != batch || other.getDimSize(0) != batch + 1 ||
      type.getDimSize(1) != other.getDimSize(1)) {
    std::string found;
    llvm::raw_string_ostream(found) << type;
    problem(true, output.name, "expects logits of shape [batch, classes] as output, got " + found);
    return failure();
  }
  func::ReturnOp::create(builder, main.getLoc(), bound->second.value);
  main.setFunctionType(builder.getFunctionType(main.getArgumentTypes(), type));
  // What the output does not need goes: a weight behind it would be counted as a parameter.
  SmallVector<Operation *> ops;
  for (Operation &op : main.getBody().front().without_terminator())
    ops.push_back(&op);
  for (Operation *op : llvm::reverse(ops))
    if (op->use_empty() && !isa<nn::WeightOp>(op))
      op->erase();
  weights.dropUnused();
  return success();
}

OwningOpRef<ModuleOp> GraphImporter::run() {
  if (!checkVersions())
    return {};
  for (const Node &node : model.nodes)
    for (const std::string &output : node.outputs)
      if (!output.empty() && !producers.try_emplace(output, node.name).second)
        problem(false, node.name, node.opType + " node: output '" + output + "' is computed twice");
  for (const Tensor &tensor : model.initializers)
    if (producers.contains(tensor.name))
      problem(false, producers[tensor.name], "output '" + tensor.name + "' is an initializer, too");
  checkOps();
  checkFoldedNorms();
  if (!createFunctions())
    return {};
  bindInitializers();
  if (producers.contains(model.inputs.front().name)) {
    problem(false, producers[model.inputs.front().name], "output '" + model.inputs.front().name + "' is an input, too");
    return {};
  }
  for (auto [index, node] : llvm::enumerate(model.nodes))
    importNode(node, index);
  if (mlir::failed(finishFunction()) || failed)
    return {};
  weights.finalize(model);
  noteRemovedBiases();
  if (mlir::failed(mlir::verify(*module))) {
    problem(false, "", "the imported graph is not valid");
    return {};
  }
  return std::move(module);
}

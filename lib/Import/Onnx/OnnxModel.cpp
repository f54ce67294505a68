// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Parses the protobuf of an ONNX file.
#include "OnnxModelTensors.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include <limits>

using namespace tally;
using namespace tally::onnx;
using llvm::Twine;

void tally::onnx::forEachNode(const Graph &graph, llvm::function_ref<void(const Node &)> visit) {
  for (const Node &node : graph.nodes) {
    visit(node);
    for (const NodeAttribute &attribute : node.attributes)
      if (attribute.graph)
        forEachNode(*attribute.graph, visit);
  }
}

namespace {
/// Turns messages into plain data.
class Reader {
public:
  Reader(llvm::StringRef path, Report report) : report(report), tensors(path, *model, digest, report) {}

  std::unique_ptr<Model> read(llvm::StringRef path, bool training);

private:
  void wrong(const Twine &where, const Twine &what) { problem(false, where, what); }
  void unsupported(const Twine &where, const Twine &what) { problem(true, where, what); }
  void problem(bool unsupported, const Twine &where, const Twine &what) {
    failed = true;
    report({unsupported, where.str(), what.str()});
  }

  std::optional<Tensor> readTensor(const ::onnx::TensorProto &proto, llvm::StringRef name) {
    std::optional<Tensor> tensor = tensors.read(proto, name);
    failed |= !tensor;
    return tensor;
  }
  NodeAttribute readAttribute(const ::onnx::AttributeProto &attribute, llvm::StringRef node);
  ValueInfo readValueInfo(const ::onnx::ValueInfoProto &info);
  Node readNode(const ::onnx::NodeProto &proto, std::string name);
  template <typename Nodes> void readNodes(const Nodes &protos, std::vector<Node> &nodes);
  void readGraph(const ::onnx::GraphProto &proto, Graph &graph);
  Function readFunction(const ::onnx::FunctionProto &proto);
  void readTrainingInfo(const ::onnx::ModelProto &message);

  Report report;
  std::unique_ptr<Model> model = std::make_unique<Model>();
  llvm::SHA256 digest;
  TensorReader tensors;
  bool failed = false;
};
} // namespace

static std::string domainOf(const std::string &name) { return name == "ai.onnx" ? "" : name; }

template <typename Protos> static OpsetImports readOpsets(const Protos &protos) {
  OpsetImports opsets;
  for (const ::onnx::OperatorSetIdProto &opset : protos)
    opsets.emplace_back(domainOf(opset.domain()), opset.version());
  return opsets;
}

NodeAttribute Reader::readAttribute(const ::onnx::AttributeProto &proto, llvm::StringRef node) {
  using Proto = ::onnx::AttributeProto;
  NodeAttribute attribute;
  attribute.name = proto.name();
  attribute.reference = proto.ref_attr_name();
  switch (proto.type()) {
  case Proto::INT:
    attribute.kind = NodeAttribute::Kind::Int;
    attribute.ints = {proto.i()};
    break;
  case Proto::FLOAT:
    attribute.kind = NodeAttribute::Kind::Float;
    attribute.floats = {proto.f()};
    break;
  case Proto::STRING:
    attribute.kind = NodeAttribute::Kind::String;
    attribute.strings = {proto.s()};
    break;
  case Proto::INTS:
    attribute.kind = NodeAttribute::Kind::Ints;
    attribute.ints.assign(proto.ints().begin(), proto.ints().end());
    break;
  case Proto::FLOATS:
    attribute.kind = NodeAttribute::Kind::Floats;
    attribute.floats.assign(proto.floats().begin(), proto.floats().end());
    break;
  case Proto::STRINGS:
    attribute.kind = NodeAttribute::Kind::Strings;
    attribute.strings.assign(proto.strings().begin(), proto.strings().end());
    break;
  case Proto::TENSOR:
    attribute.kind = NodeAttribute::Kind::Tensor;
    attribute.tensor = readTensor(proto.t(), node);
    break;
  case Proto::GRAPH:
    attribute.kind = NodeAttribute::Kind::Graph;
    attribute.graph = std::make_shared<Graph>();
    readGraph(proto.g(), *attribute.graph);
    break;
  default:
    break;
  }
  return attribute;
}

ValueInfo Reader::readValueInfo(const ::onnx::ValueInfoProto &info) {
  ValueInfo value;
  value.name = info.name();
  value.isTensor = info.type().has_tensor_type() || !info.has_type();
  if (!info.type().has_tensor_type())
    return value;
  value.type = static_cast<ElementType>(info.type().tensor_type().elem_type());
  if (!info.type().tensor_type().has_shape())
    return value;
  value.shape.emplace();
  for (const ::onnx::TensorShapeProto::Dimension &dimension : info.type().tensor_type().shape().dim())
    value.shape->push_back(dimension.has_dim_value() ? dimension.dim_value() : -1);
  return value;
}

Node Reader::readNode(const ::onnx::NodeProto &proto, std::string name) {
  Node node;
  node.name = node.layer = std::move(name);
  node.opType = proto.op_type();
  node.domain = domainOf(proto.domain());
  node.overload = proto.overload();
  node.inputs.assign(proto.input().begin(), proto.input().end());
  node.outputs.assign(proto.output().begin(), proto.output().end());
  for (const ::onnx::AttributeProto &attribute : proto.attribute())
    node.attributes.push_back(readAttribute(attribute, node.name));
  // What a Constant node gives has the name of its output, as an initializer has.
  if (node.opType == "Constant" && !node.outputs.empty())
    for (NodeAttribute &attribute : node.attributes)
      if (attribute.tensor) {
        attribute.tensor->name = node.outputs.front();
        attribute.tensor->isOfNode = true;
      }
  for (const ::onnx::StringStringEntryProto &entry : proto.metadata_props())
    node.metadata.emplace_back(entry.key(), entry.value());
  return node;
}

/// Adds nodes, which are told apart by name: a missing name is made, a taken one is numbered.
template <typename Nodes> void Reader::readNodes(const Nodes &protos, std::vector<Node> &nodes) {
  llvm::StringSet<> names;
  for (const Node &node : nodes)
    names.insert(node.name);
  for (const ::onnx::NodeProto &proto : protos) {
    std::string base = proto.name().empty() ? (Twine(proto.op_type()) + "_" + Twine(nodes.size())).str() : proto.name(), name = base;
    for (size_t number = 2; !names.insert(name).second; ++number)
      name = (Twine(base) + "#" + Twine(number)).str();
    nodes.push_back(readNode(proto, name));
  }
}

/// Adds what a graph holds.
void Reader::readGraph(const ::onnx::GraphProto &proto, Graph &graph) {
  llvm::StringSet<> initializers;
  for (const Tensor &tensor : graph.initializers)
    initializers.insert(tensor.name);
  for (const ::onnx::TensorProto &tensor : proto.initializer()) {
    if (!initializers.insert(tensor.name()).second)
      wrong(tensor.name(), "two initializers have this name");
    if (std::optional<Tensor> read = readTensor(tensor, tensor.name()))
      graph.initializers.push_back(std::move(*read));
  }
  for (const ::onnx::SparseTensorProto &tensor : proto.sparse_initializer())
    unsupported(tensor.values().name(), "sparse tensors are not supported");
  readNodes(proto.node(), graph.nodes);
  for (const ::onnx::ValueInfoProto &input : proto.input())
    if (!initializers.contains(input.name()))
      graph.inputs.push_back(readValueInfo(input));
  for (const ::onnx::ValueInfoProto &output : proto.output())
    graph.outputs.push_back(readValueInfo(output));
}

Function Reader::readFunction(const ::onnx::FunctionProto &proto) {
  Function function;
  function.domain = domainOf(proto.domain());
  function.name = proto.name();
  function.overload = proto.overload();
  function.opsets = readOpsets(proto.opset_import());
  function.required.assign(proto.attribute().begin(), proto.attribute().end());
  for (const ::onnx::AttributeProto &attribute : proto.attribute_proto())
    function.defaults.push_back(readAttribute(attribute, function.name));
  readNodes(proto.node(), function.body.nodes);
  for (const std::string &input : proto.input())
    function.body.inputs.emplace_back().name = input;
  for (const std::string &output : proto.output())
    function.body.outputs.emplace_back().name = output;
  return function;
}

/// Checks the tensors that steps of training update, and says what steps there are.
void Reader::readTrainingInfo(const ::onnx::ModelProto &message) {
  llvm::StringSet<> updated, tensors, outputs;
  auto collect = [&](const ::onnx::GraphProto &graph) {
    for (const ::onnx::TensorProto &tensor : graph.initializer())
      tensors.insert(tensor.name());
    for (const ::onnx::ValueInfoProto &output : graph.output())
      outputs.insert(output.name());
  };
  collect(message.graph());
  std::string names;
  int nodes = 0, initial = 0;
  for (const ::onnx::TrainingInfoProto &info : message.training_info()) {
    collect(info.algorithm());
    nodes += info.algorithm().node_size();
    initial += info.initialization().node_size();
    for (const ::onnx::StringStringEntryProto &binding : info.update_binding()) {
      if (!updated.insert(binding.key()).second)
        wrong(binding.key(), "is updated twice in training_info");
      if (!tensors.contains(binding.key()) || !outputs.contains(binding.value()))
        wrong(binding.key(), "expects an initializer that the output '" + binding.value() + "' updates in training_info");
      if (updated.size() <= 4)
        names += (names.empty() ? "'" : ", '") + binding.key() + "'";
    }
  }
  if (updated.size() > 4)
    names += ", ... (" + std::to_string(updated.size()) + " tensors)";
  if (message.training_info_size())
    model->trainingInfo = (Twine(nodes) + (nodes == 1 ? " node" : " nodes") + " that update " + (names.empty() ? "nothing" : names) +
                           ", " + Twine(initial) + " for initial values")
                              .str();
}

std::unique_ptr<Model> Reader::read(llvm::StringRef path, bool training) {
  std::string why;
  std::shared_ptr<LoadedFile> file = LoadedFile::open(path, std::numeric_limits<int32_t>::max(), why);
  if (!file) {
    wrong("", why);
    return nullptr;
  }
  auto message = std::make_shared<::onnx::ModelProto>();
  bool parsed = message->ParseFromArray(file->bytes().data(), static_cast<int>(file->bytes().size()));
  if (!parsed || !message->has_graph() || message->graph().node_size() == 0) {
    bool isModule = path.ends_with(".mlir") || path.ends_with(".mlirbc");
    wrong("", isModule ? "is a module of MLIR, expected an ONNX model" : parsed ? "holds no graph" : "is not an ONNX model, or is truncated");
    return nullptr;
  }
  digest.update(llvm::ArrayRef(reinterpret_cast<const uint8_t *>(file->bytes().data()), file->bytes().size()));
  model->message = message;
  model->irVersion = message->ir_version();
  model->producer = message->producer_name();
  model->opsets = readOpsets(message->opset_import());
  readGraph(message->graph(), model->graph);
  for (const ::onnx::FunctionProto &function : message->functions())
    model->functions.push_back(readFunction(function));
  readTrainingInfo(*message);
  if (training && message->training_info_size() > 1)
    unsupported("", Twine(message->training_info_size()) + " steps of training_info one after the other are not supported, one is");
  else if (training && message->training_info_size())
    readGraph(message->training_info(0).algorithm(), model->graph);
  model->sha256 = llvm::toHex(digest.final(), /*LowerCase=*/true);
  return failed ? nullptr : std::move(model);
}

std::unique_ptr<Model> tally::onnx::readModel(llvm::StringRef path, Report report, bool training) {
  return Reader(path, report).read(path, training);
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Nodes, tensors and new names of a graph that is written.
#include "GraphWriter.h"

using namespace tally::onnx;
using llvm::ArrayRef;
using llvm::StringRef;
using llvm::Twine;

static NodeAttribute ofKind(StringRef name, NodeAttribute::Kind kind) {
  NodeAttribute attribute;
  attribute.name = name.str();
  attribute.kind = kind;
  return attribute;
}

NodeAttribute tally::onnx::makeAttribute(StringRef name, int64_t value) {
  NodeAttribute attribute = ofKind(name, NodeAttribute::Kind::Int);
  attribute.ints = {value};
  return attribute;
}

NodeAttribute tally::onnx::makeAttribute(StringRef name, double value) {
  NodeAttribute attribute = ofKind(name, NodeAttribute::Kind::Float);
  attribute.floats = {static_cast<float>(value)};
  return attribute;
}

NodeAttribute tally::onnx::makeAttribute(StringRef name, StringRef value) {
  NodeAttribute attribute = ofKind(name, NodeAttribute::Kind::String);
  attribute.strings = {value.str()};
  return attribute;
}

NodeAttribute tally::onnx::makeAttribute(StringRef name, ArrayRef<int64_t> values) {
  NodeAttribute attribute = ofKind(name, NodeAttribute::Kind::Ints);
  attribute.ints = values;
  return attribute;
}

NodeAttribute tally::onnx::makeAttribute(StringRef name, std::vector<std::string> values) {
  NodeAttribute attribute = ofKind(name, NodeAttribute::Kind::Strings);
  attribute.strings = std::move(values);
  return attribute;
}

NodeAttribute tally::onnx::makeAttribute(StringRef name, Tensor value) {
  NodeAttribute attribute = ofKind(name, NodeAttribute::Kind::Tensor);
  attribute.tensor = std::move(value);
  return attribute;
}

FreshNames::FreshNames(const Model &model) {
  auto takeAll = [&](const auto &named) {
    for (const auto &each : named)
      taken.insert(each.name);
  };
  auto take = [&](const Graph &graph) {
    takeAll(graph.inputs);
    takeAll(graph.outputs);
    takeAll(graph.initializers);
  };
  take(model.graph);
  forEachNode(model.graph, [&](const Node &node) {
    taken.insert(node.name);
    taken.insert(node.outputs.begin(), node.outputs.end());
    for (const NodeAttribute &attribute : node.attributes)
      if (attribute.graph)
        take(*attribute.graph);
  });
}

std::string FreshNames::make(const Twine &base) {
  std::string name = base.str();
  for (size_t number = 2; !taken.insert(name).second; ++number)
    name = (base + "#" + Twine(number)).str();
  return name;
}

Node &GraphWriter::addNode(StringRef op, Names inputs, Names outputs, std::vector<NodeAttribute> attributes) {
  Node &node = graph.nodes.emplace_back();
  node.name = node.layer = outputs.front();
  node.opType = op.str();
  node.inputs = inputs;
  node.outputs = outputs;
  node.attributes = std::move(attributes);
  return node;
}

std::string GraphWriter::add(StringRef op, Names inputs, const Twine &name, std::vector<NodeAttribute> attributes) {
  std::string output = names.make(name);
  addNode(op, inputs, output, std::move(attributes));
  return output;
}

Tensor GraphWriter::own(ElementType elementType, ArrayRef<int64_t> shape, std::vector<char> bytes) {
  blobs.push_back(std::make_shared<std::vector<char>>(std::move(bytes)));
  Tensor tensor;
  tensor.type = tensor.declared = elementType;
  tensor.shape.assign(shape.begin(), shape.end());
  tensor.bytes = *blobs.back();
  return tensor;
}

template <typename Element, typename Number> static std::vector<char> bytesOf(ArrayRef<Number> values) {
  std::vector<char> bytes(values.size() * sizeof(Element));
  for (size_t index = 0; index < values.size(); ++index) {
    auto element = static_cast<Element>(values[index]);
    std::memcpy(bytes.data() + index * sizeof(Element), &element, sizeof(Element));
  }
  return bytes;
}

Tensor GraphWriter::makeFloats(ArrayRef<int64_t> shape, ArrayRef<double> values, ElementType elementType) {
  bool isDouble = elementType == ElementType::Double;
  return own(elementType, shape, isDouble ? bytesOf<double>(values) : bytesOf<float>(values));
}

std::string GraphWriter::addInitializer(const Twine &name, Tensor tensor) {
  tensor.name = names.make(name);
  graph.initializers.push_back(std::move(tensor));
  return graph.initializers.back().name;
}

std::string GraphWriter::addFloats(const Twine &name, ArrayRef<int64_t> shape, ArrayRef<double> values) {
  return addInitializer(name, makeFloats(shape, values, type));
}

std::string GraphWriter::addZeros(const Twine &name, ArrayRef<int64_t> shape) {
  return addInitializer(name, own(type, shape, std::vector<char>(*checkedProduct(shape) * elementBytes(type))));
}

std::string GraphWriter::addIntegers(const Twine &name, ArrayRef<int64_t> shape, ArrayRef<int64_t> values) {
  return addInitializer(name, own(ElementType::Int64, shape, bytesOf<int64_t>(values)));
}

std::string GraphWriter::number(double value, ElementType numberType) {
  ElementType of = numberType == ElementType::Undefined ? type : numberType;
  Tensor tensor = of == ElementType::Int64 ? own(of, {}, bytesOf<int64_t>(ArrayRef(value))) : makeFloats({}, value, of);
  std::string key = std::to_string(static_cast<int>(of)) + std::string(tensor.bytes.begin(), tensor.bytes.end());
  std::string &name = numbers[key];
  if (name.empty())
    name = addInitializer("number", std::move(tensor));
  return name;
}

ValueInfo GraphWriter::makeInfo(StringRef name, ElementType elementType, ArrayRef<int64_t> shape) {
  ValueInfo info;
  info.name = name.str();
  info.type = elementType;
  info.shape = llvm::SmallVector<int64_t>(shape);
  return info;
}

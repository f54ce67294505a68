// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes an ONNX file again with other weights, in inference form or with a step of training, self-contained; finds where each tensor's
// bytes lie.
#include "OnnxModelTraining.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

using namespace tally::onnx;

namespace {
/// Walks the wire format of a message: varint keys, then varints or length-delimited fields (the only kinds that lead to a tensor).
class Wire {
public:
  explicit Wire(llvm::StringRef bytes, uint64_t offset = 0) : bytes(bytes), offset(offset) {}

  /// The next length-delimited field `number`, as its bytes and their offset in the file; fields of other numbers are skipped.
  std::optional<Wire> next(uint64_t number) {
    while (position < bytes.size()) {
      uint64_t key = varint(), length = 0;
      switch (key & 7) {
      case 0:
        varint();
        continue;
      case 1:
        position += 8;
        continue;
      case 2:
        length = varint();
        position += length;
        if (key >> 3 == number)
          return Wire(bytes.substr(position - length, length), offset + position - length);
        continue;
      case 5:
        position += 4;
        continue;
      default:
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

  llvm::StringRef bytes;
  uint64_t offset; ///< of bytes in the file

private:
  uint64_t varint() {
    uint64_t value = 0;
    for (unsigned shift = 0; position < bytes.size(); shift += 7) {
      auto byte = static_cast<uint8_t>(bytes[position++]);
      value |= uint64_t(byte & 0x7f) << shift;
      if (!(byte & 0x80))
        break;
    }
    return value;
  }

  size_t position = 0;
};
} // namespace

static void setRaw(::onnx::TensorProto &tensor, ElementType type, llvm::StringRef bytes) {
  tensor.clear_float_data();
  tensor.clear_double_data();
  tensor.clear_int32_data();
  tensor.clear_int64_data();
  tensor.clear_external_data();
  tensor.clear_data_location();
  tensor.set_data_type(static_cast<int32_t>(type));
  tensor.set_raw_data(bytes.data(), bytes.size());
}

/// Float bytes as double bytes.
static std::string widened(llvm::ArrayRef<char> bytes) {
  std::string result(bytes.size() * 2, '\0');
  for (size_t index = 0; index < bytes.size() / sizeof(float); ++index) {
    float single;
    std::memcpy(&single, bytes.data() + index * sizeof(float), sizeof(float));
    auto wide = static_cast<double>(single);
    std::memcpy(result.data() + index * sizeof(double), &wide, sizeof(double));
  }
  return result;
}

/// What a type of the file becomes: floats of less than 32 bits were trained as float, and with `asDouble` all floats are double.
static int32_t written(int32_t type, bool asDouble) {
  if (!isFloat(static_cast<ElementType>(type)))
    return type;
  return static_cast<int32_t>(asDouble ? ElementType::Double : type == static_cast<int32_t>(ElementType::Double) ? ElementType::Double : ElementType::Float);
}

/// Pulls a tensor of the file in, as double if it is float and that is asked for.
static void inlineTensor(::onnx::TensorProto &proto, const Tensor &tensor, bool asDouble) {
  if (asDouble && tensor.type == ElementType::Float)
    setRaw(proto, ElementType::Double, widened(tensor.bytes));
  else
    setRaw(proto, tensor.type, llvm::StringRef(tensor.bytes.data(), tensor.bytes.size()));
}

static void widenType(::onnx::ValueInfoProto &info, bool asDouble) {
  if (!info.type().has_tensor_type())
    return;
  auto &type = *info.mutable_type()->mutable_tensor_type();
  type.set_elem_type(written(type.elem_type(), asDouble));
}

/// Attributes that name a type, and with `asDouble` float attributes that give a tensor, which become double.
static void widenAttribute(::onnx::NodeProto &node, ::onnx::AttributeProto &attribute, bool asDouble) {
  if ((attribute.name() == "to" && node.op_type() == "Cast") || attribute.name() == "dtype")
    attribute.set_i(written(static_cast<int32_t>(attribute.i()), asDouble));
  if (!asDouble)
    return;
  bool list = attribute.name() == "value_floats";
  if (node.op_type() != "Constant" || (!list && attribute.name() != "value_float"))
    return;
  ::onnx::TensorProto tensor;
  tensor.set_data_type(::onnx::TensorProto::DOUBLE);
  if (list)
    tensor.add_dims(attribute.floats_size());
  else
    tensor.add_double_data(attribute.f());
  for (float value : attribute.floats())
    tensor.add_double_data(value);
  attribute.Clear();
  attribute.set_name("value");
  attribute.set_type(::onnx::AttributeProto::TENSOR);
  *attribute.mutable_t() = tensor;
}

static void toInferenceForm(::onnx::NodeProto &node) {
  if (node.output_size() > 1)
    node.mutable_output()->DeleteSubrange(1, node.output_size() - 1);
  if (node.op_type() == "Dropout" && node.input_size() > 2)
    node.mutable_input()->DeleteSubrange(2, node.input_size() - 2);
  auto *attributes = node.mutable_attribute();
  for (int index = attributes->size(); index-- > 0;)
    if (attributes->Get(index).name() == "training_mode")
      attributes->DeleteSubrange(index, 1);
}

static void addReadNames(const ::onnx::GraphProto &graph, llvm::StringSet<> &names);

/// Adds the names that a node reads, its bodies among it: they see what is around them.
static void addReadNames(const ::onnx::NodeProto &node, llvm::StringSet<> &names) {
  names.insert(node.input().begin(), node.input().end());
  for (const ::onnx::AttributeProto &attribute : node.attribute()) {
    if (attribute.has_g())
      addReadNames(attribute.g(), names);
    for (const ::onnx::GraphProto &body : attribute.graphs())
      addReadNames(body, names);
  }
}

static void addReadNames(const ::onnx::GraphProto &graph, llvm::StringSet<> &names) {
  for (const ::onnx::NodeProto &node : graph.node())
    addReadNames(node, names);
  for (const ::onnx::ValueInfoProto &output : graph.output())
    names.insert(output.name());
}

/// Adds the initializers that the nodes still use, and the new ones.
static void writeInitializers(::onnx::GraphProto &graph, const Model &model, const Rewrite &rewrite) {
  llvm::StringSet<> used, replaced;
  addReadNames(graph, used);
  for (const auto &[name, values] : rewrite.tensors)
    replaced.insert(name);
  auto add = [&](const std::string &name, const Tensor &tensor) {
    ::onnx::TensorProto &proto = *graph.add_initializer();
    proto.set_name(name);
    for (int64_t size : tensor.shape)
      proto.add_dims(size);
    inlineTensor(proto, tensor, rewrite.asDouble);
    if (tensor.copies == 1)
      return;
    proto.set_dims(0, tensor.shape[0] * tensor.copies);
    std::string one = proto.raw_data();
    for (int64_t copy = 1; copy < tensor.copies; ++copy)
      proto.mutable_raw_data()->append(one);
  };
  for (const Tensor &tensor : model.graph.initializers)
    if (used.contains(tensor.name) && !replaced.contains(tensor.name))
      add(tensor.name, tensor);
  for (const auto &[name, values] : rewrite.tensors)
    add(name, *values);
}

/// Calls `visit` for the nodes of a graph or function, and of the bodies in their attributes, as they were read and as they are written.
template <typename Proto>
static void forEachNode(const Graph &graph, Proto &proto, llvm::function_ref<void(const Node &, ::onnx::NodeProto &)> visit) {
  for (auto [node, written] : llvm::zip(graph.nodes, *proto.mutable_node())) {
    for (auto [read, attribute] : llvm::zip(node.attributes, *written.mutable_attribute()))
      if (read.graph)
        forEachNode(*read.graph, *attribute.mutable_g(), visit);
    visit(node, written);
  }
}

/// Gives inputs of nodes a number each.
static void writeNumbers(::onnx::GraphProto &graph, const Model &model, const Rewrite &rewrite) {
  llvm::DenseMap<const Node *, std::vector<Rewrite::Number>> numbers;
  for (const Rewrite::Number &number : rewrite.numbers)
    numbers[number.node].push_back(number);
  forEachNode(model.graph, graph, [&](const Node &read, ::onnx::NodeProto &node) {
    for (const Rewrite::Number &number : numbers.lookup(&read)) {
      int position = static_cast<int>(number.position);
      std::string name = node.output(0) + ".mean" + std::to_string(position);
      if (node.input(position) == name)
        continue;
      node.set_input(position, name);
      ::onnx::TensorProto &tensor = *graph.add_initializer();
      tensor.set_name(name);
      bool isDouble = rewrite.asDouble || number.type == ElementType::Double;
      tensor.set_data_type(isDouble ? ::onnx::TensorProto::DOUBLE : ::onnx::TensorProto::FLOAT);
      if (isDouble)
        tensor.add_double_data(number.value);
      else
        tensor.add_float_data(static_cast<float>(number.value));
    }
  });
}

/// Of each node, whether an output needs it.
static std::vector<bool> findNeeded(const ::onnx::GraphProto &graph) {
  llvm::StringSet<> read;
  for (const ::onnx::ValueInfoProto &output : graph.output())
    read.insert(output.name());
  std::vector<bool> needed(graph.node_size());
  for (int index = graph.node_size(); index-- > 0;) {
    needed[index] = llvm::any_of(graph.node(index).output(), [&](const std::string &name) { return read.contains(name); });
    if (needed[index])
      addReadNames(graph.node(index), read);
  }
  return needed;
}

/// Takes away the Constant nodes that tensors replace, and those that nothing reads anymore.
static void dropConstants(::onnx::GraphProto &graph, const Rewrite &rewrite) {
  llvm::StringSet<> needed, replaced;
  addReadNames(graph, needed);
  for (const auto &[name, values] : rewrite.tensors)
    replaced.insert(name);
  auto *nodes = graph.mutable_node();
  for (int index = nodes->size(); index-- > 0;) {
    const ::onnx::NodeProto &node = nodes->Get(index);
    if (node.op_type() == "Constant" && node.output_size() == 1 &&
        (replaced.contains(node.output(0)) || !needed.contains(node.output(0))))
      nodes->DeleteSubrange(index, 1);
  }
}

/// Steps of training stay if all that they read is still there by its name.
static void keepTrainingInfo(::onnx::ModelProto &message) {
  llvm::StringSet<> defined, read;
  auto define = [&](const ::onnx::GraphProto &graph) {
    for (const auto *infos : {&graph.input(), &graph.output()})
      for (const ::onnx::ValueInfoProto &info : *infos)
        defined.insert(info.name());
    for (const ::onnx::TensorProto &tensor : graph.initializer())
      defined.insert(tensor.name());
    for (const ::onnx::NodeProto &node : graph.node())
      defined.insert(node.output().begin(), node.output().end());
  };
  define(message.graph());
  for (const ::onnx::TrainingInfoProto &info : message.training_info()) {
    define(info.algorithm());
    for (const ::onnx::NodeProto &node : info.algorithm().node())
      addReadNames(node, read);
    for (const auto *bindings : {&info.initialization_binding(), &info.update_binding()})
      for (const ::onnx::StringStringEntryProto &binding : *bindings)
        read.insert(binding.key());
  }
  read.erase("");
  if (!llvm::all_of(read.keys(), [&](llvm::StringRef name) { return defined.contains(name); }))
    message.clear_training_info();
}

static void rewriteTypes(::onnx::GraphProto &proto, const Rewrite &rewrite) {
  proto.clear_value_info();
  for (auto *values : {proto.mutable_input(), proto.mutable_output()})
    for (::onnx::ValueInfoProto &info : *values)
      widenType(info, rewrite.asDouble);
}

/// Renames inputs, pulls in the tensors of attributes and brings nodes into inference form.
static void rewriteNodes(::onnx::ModelProto &message, const Model &model, const Rewrite &rewrite) {
  llvm::DenseMap<const Node *, std::vector<Rewrite::Input>> inputs;
  for (const Rewrite::Input &input : rewrite.inputs)
    inputs[input.node].push_back(input);
  llvm::DenseSet<const Node *> inferenceForm(rewrite.inferenceForm.begin(), rewrite.inferenceForm.end());
  auto rewriteNode = [&](const Node &node, ::onnx::NodeProto &proto) {
    for (const Rewrite::Input &input : inputs.lookup(&node)) {
      while (proto.input_size() <= static_cast<int>(input.position))
        proto.add_input();
      proto.set_input(static_cast<int>(input.position), input.name);
    }
    for (auto [read, attribute] : llvm::zip(node.attributes, *proto.mutable_attribute())) {
      if (read.tensor)
        inlineTensor(*attribute.mutable_t(), *read.tensor, rewrite.asDouble);
      if (read.graph) {
        rewriteTypes(*attribute.mutable_g(), rewrite);
        for (auto [tensor, initializer] : llvm::zip(read.graph->initializers, *attribute.mutable_g()->mutable_initializer()))
          inlineTensor(initializer, tensor, rewrite.asDouble);
      }
      if (read.reference.empty())
        widenAttribute(proto, attribute, rewrite.asDouble);
    }
    if (inferenceForm.contains(&node))
      toInferenceForm(proto);
    for (const Rewrite::Form &form : rewrite.forms)
      if (form.node == &node)
        setForm(proto, form);
  };
  forEachNode(model.graph, *message.mutable_graph(), rewriteNode);
  for (auto [function, proto] : llvm::zip(model.functions, *message.mutable_functions()))
    forEachNode(function.body, proto, rewriteNode);
}

std::optional<Rewritten> tally::onnx::rewriteModel(const Model &model, const Rewrite &rewrite) {
  ::onnx::ModelProto message = *static_cast<const ::onnx::ModelProto *>(model.message.get());
  // Before version 4 every initializer had to be an input, too.
  message.set_ir_version(std::max<int64_t>(message.ir_version(), 4));
  ::onnx::GraphProto &graph = *message.mutable_graph();
  rewriteNodes(message, model, rewrite);
  rewriteTypes(graph, rewrite);
  std::vector<bool> wasNeeded = findNeeded(graph);
  graph.clear_initializer();
  writeNumbers(graph, model, rewrite);
  std::vector<bool> isNeeded = findNeeded(graph);
  for (int index = graph.node_size(); index-- > 0;)
    if (wasNeeded[index] && !isNeeded[index])
      graph.mutable_node()->DeleteSubrange(index, 1);
  dropConstants(graph, rewrite);
  writeInitializers(graph, model, rewrite);
  auto *inputs = graph.mutable_input();
  for (int index = inputs->size(); index-- > 0;)
    if (llvm::none_of(model.graph.inputs, [&](const ValueInfo &input) { return input.name == inputs->Get(index).name(); }))
      inputs->DeleteSubrange(index, 1);
  if (rewrite.step)
    setTrainingStep(message, *rewrite.step);
  else
    keepTrainingInfo(message);

  Rewritten result;
  if (message.ByteSizeLong() > static_cast<size_t>(std::numeric_limits<int32_t>::max()) ||
      !message.SerializeToString(&result.bytes))
    return std::nullopt;
  llvm::StringMap<Wire> places;
  std::optional<Wire> body = Wire(result.bytes).next(::onnx::ModelProto::kGraphFieldNumber);
  while (std::optional<Wire> tensor = body ? body->next(::onnx::GraphProto::kInitializerFieldNumber) : std::nullopt) {
    Wire named = *tensor;
    std::optional<Wire> name = named.next(::onnx::TensorProto::kNameFieldNumber);
    std::optional<Wire> raw = tensor->next(::onnx::TensorProto::kRawDataFieldNumber);
    if (name && raw)
      places.try_emplace(name->bytes, *raw);
  }
  for (const auto &[name, values] : rewrite.tensors) {
    auto place = places.find(name);
    if (place == places.end())
      return std::nullopt;
    uint64_t bytes = place->second.bytes.size() / values->copies;
    for (int64_t copy = 0; copy < values->copies; ++copy)
      result.places.push_back({name, place->second.offset + copy * bytes, bytes});
  }
  return result;
}

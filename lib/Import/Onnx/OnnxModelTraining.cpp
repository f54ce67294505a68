// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes graphs of plain data as messages: TrainingInfoProto.
#include "OnnxModelTraining.h"
#include "llvm/ADT/STLExtras.h"

using namespace tally::onnx;

static void writeTensor(const Tensor &tensor, ::onnx::TensorProto &proto) {
  proto.set_name(tensor.name);
  proto.set_data_type(static_cast<int32_t>(tensor.type));
  for (int64_t size : tensor.shape)
    proto.add_dims(size);
  proto.set_raw_data(tensor.bytes.data(), tensor.bytes.size());
}

static void writeAttribute(const NodeAttribute &attribute, ::onnx::AttributeProto &proto) {
  using Kind = NodeAttribute::Kind;
  proto.Clear();
  proto.set_name(attribute.name);
  switch (attribute.kind) {
  case Kind::Int:
    proto.set_type(::onnx::AttributeProto::INT);
    proto.set_i(attribute.ints.front());
    break;
  case Kind::Float:
    proto.set_type(::onnx::AttributeProto::FLOAT);
    proto.set_f(attribute.floats.front());
    break;
  case Kind::String:
    proto.set_type(::onnx::AttributeProto::STRING);
    proto.set_s(attribute.strings.front());
    break;
  case Kind::Ints:
    proto.set_type(::onnx::AttributeProto::INTS);
    proto.mutable_ints()->Add(attribute.ints.begin(), attribute.ints.end());
    break;
  case Kind::Strings:
    proto.set_type(::onnx::AttributeProto::STRINGS);
    proto.mutable_strings()->Add(attribute.strings.begin(), attribute.strings.end());
    break;
  case Kind::Tensor:
    proto.set_type(::onnx::AttributeProto::TENSOR);
    writeTensor(*attribute.tensor, *proto.mutable_t());
    break;
  case Kind::Floats:
  case Kind::Graph:
  case Kind::Other:
    llvm_unreachable("steps of training have no such attributes");
  }
}

static void writeNode(const Node &node, ::onnx::NodeProto &proto) {
  proto.set_name(node.name);
  proto.set_op_type(node.opType);
  proto.set_domain(node.domain);
  proto.mutable_input()->Add(node.inputs.begin(), node.inputs.end());
  proto.mutable_output()->Add(node.outputs.begin(), node.outputs.end());
  for (const NodeAttribute &attribute : node.attributes)
    writeAttribute(attribute, *proto.add_attribute());
}

/// A size of -1 is the batch of the model's first input.
static void writeValueInfo(const ValueInfo &info, const ::onnx::GraphProto &model, ::onnx::ValueInfoProto &proto) {
  proto.set_name(info.name);
  auto &type = *proto.mutable_type()->mutable_tensor_type();
  type.set_elem_type(static_cast<int32_t>(info.type));
  auto &shape = *type.mutable_shape();
  for (int64_t size : *info.shape) {
    if (size < 0)
      *shape.add_dim() = model.input(0).type().tensor_type().shape().dim(0);
    else
      shape.add_dim()->set_dim_value(size);
  }
}

static void writeGraph(const Graph &graph, const ::onnx::GraphProto &model, ::onnx::GraphProto &proto) {
  for (const Node &node : graph.nodes)
    writeNode(node, *proto.add_node());
  for (const Tensor &tensor : graph.initializers)
    writeTensor(tensor, *proto.add_initializer());
  for (const ValueInfo &info : graph.inputs)
    writeValueInfo(info, model, *proto.add_input());
  for (const ValueInfo &info : graph.outputs)
    writeValueInfo(info, model, *proto.add_output());
}

void tally::onnx::setForm(::onnx::NodeProto &node, const Rewrite::Form &form) {
  node.mutable_output()->Assign(form.outputs.begin(), form.outputs.end());
  for (const NodeAttribute &attribute : form.attributes) {
    auto found = llvm::find_if(*node.mutable_attribute(), [&](const ::onnx::AttributeProto &proto) { return proto.name() == attribute.name; });
    writeAttribute(attribute, found == node.mutable_attribute()->end() ? *node.add_attribute() : *found);
  }
}

void tally::onnx::setTrainingStep(::onnx::ModelProto &message, const TrainingStep &step) {
  // Version 7 brought training_info.
  message.set_ir_version(std::max<int64_t>(message.ir_version(), 7));
  for (const Node &node : step.algorithm.nodes)
    if (!node.domain.empty() &&
        llvm::none_of(message.opset_import(), [&](const ::onnx::OperatorSetIdProto &opset) { return opset.domain() == node.domain; })) {
      ::onnx::OperatorSetIdProto &opset = *message.add_opset_import();
      opset.set_domain(node.domain);
      opset.set_version(1);
    }
  message.clear_training_info();
  ::onnx::TrainingInfoProto &info = *message.add_training_info();
  info.mutable_algorithm()->set_name("step");
  info.mutable_algorithm()->set_doc_string(step.description);
  writeGraph(step.algorithm, message.graph(), *info.mutable_algorithm());
  auto bind = [](const TrainingStep::Bindings &bindings, auto &protos) {
    for (const auto &[initializer, output] : bindings) {
      ::onnx::StringStringEntryProto &binding = *protos.Add();
      binding.set_key(initializer);
      binding.set_value(output);
    }
  };
  bind(step.updates, *info.mutable_update_binding());
  if (step.initialization.nodes.empty())
    return;
  info.mutable_initialization()->set_name("initialization");
  writeGraph(step.initialization, message.graph(), *info.mutable_initialization());
  bind(step.initialValues, *info.mutable_initialization_binding());
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The attributes and inputs of one node.
#include "Exporter.h"
#include "GraphImporter.h"
#include "tally/Import/Rebatch.h"
#include "tally/Support/Attribution.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;
using llvm::Twine;

Location NodeReader::getLoc() const { return locationOf(importer.builder.getContext(), scope.path + node.name, scope.layer + node.layer); }

Builder &NodeReader::getBuilder() { return importer.builder; }

LogicalResult NodeReader::unsupported(const Twine &what) {
  importer.problem(true, scope, node, what);
  return failure();
}

LogicalResult NodeReader::wrong(const Twine &what) {
  importer.problem(false, scope, node, what);
  return failure();
}

const NodeAttribute *NodeReader::attribute(StringRef name) {
  readNames.push_back(name);
  return scope.findAttribute(node, name).first;
}

const NodeAttribute *NodeReader::typed(StringRef name, NodeAttribute::Kind kind) {
  const NodeAttribute *found = attribute(name);
  if (found && found->kind != kind) {
    wrongKinds.push_back(name.str());
    return nullptr;
  }
  return found;
}

bool NodeReader::hasAttribute(StringRef name) {
  return scope.findAttribute(node, name).first;
}

int64_t NodeReader::integer(StringRef name, int64_t otherwise) {
  const NodeAttribute *found = typed(name, NodeAttribute::Kind::Int);
  return found ? found->ints.front() : otherwise;
}

double NodeReader::real(StringRef name, double otherwise) {
  const NodeAttribute *found = typed(name, NodeAttribute::Kind::Float);
  return found ? found->floats.front() : otherwise;
}

StringRef NodeReader::string(StringRef name, StringRef otherwise) {
  const NodeAttribute *found = typed(name, NodeAttribute::Kind::String);
  return found ? StringRef(found->strings.front()) : otherwise;
}

ArrayRef<int64_t> NodeReader::integers(StringRef name) {
  const NodeAttribute *found = typed(name, NodeAttribute::Kind::Ints);
  return found ? ArrayRef(found->ints) : ArrayRef<int64_t>();
}

const Tensor *NodeReader::tensorAttribute(StringRef name) {
  const NodeAttribute *found = typed(name, NodeAttribute::Kind::Tensor);
  return found && found->tensor ? &*found->tensor : nullptr;
}

ArrayRef<std::string> NodeReader::strings(StringRef name) {
  const NodeAttribute *found = typed(name, NodeAttribute::Kind::Strings);
  return found ? ArrayRef(found->strings) : ArrayRef<std::string>();
}

void NodeReader::ignore(std::initializer_list<StringRef> names) { readNames.append(names.begin(), names.end()); }

bool NodeReader::has(size_t input) {
  if (input >= node.inputs.size() || node.inputs[input].empty())
    return false;
  readInputs.set(input);
  return binding(input).kind != Binding::Kind::Absent;
}

const Binding &NodeReader::peek(size_t input) const { return *scope.find(node.inputs[input]); }

const Binding &NodeReader::binding(size_t input) {
  readInputs.set(input);
  return peek(input);
}

/// What is known of a binding at import time, at either batch size.
static std::optional<std::pair<HostTensor, HostTensor>> constantsOf(const Binding &bound) {
  if (bound.kind == Binding::Kind::Host)
    return std::pair(bound.host, bound.hostAtOtherBatch);
  if (bound.kind == Binding::Kind::Initializer)
    if (std::optional<HostTensor> host = HostTensor::from(*bound.initializer))
      return std::pair(*host, *host);
  return std::nullopt;
}

/// A float initializer of one element, unless it stands in a weight slot or is wanted as a weight, is a constant.
static bool isConstant(const Binding &binding) {
  return binding.kind == Binding::Kind::Initializer && !binding.initializer->isTrainable && *checkedProduct(binding.initializer->shape) == 1;
}

FailureOr<Value> NodeReader::value(size_t input, StringRef slot) {
  if (!has(input))
    return FailureOr<Value>(wrong("requires input " + Twine(input)));
  return valueOf(binding(input), input, slot);
}

FailureOr<Value> NodeReader::valueOf(const Binding &bound, size_t input, StringRef slot) {
  if (bound.kind == Binding::Kind::Random)
    return input < node.inputs.size() ? valueOfRandom(*this, input) : FailureOr<Value>(unsupported("a random tensor of a body or a sequence is not supported"));
  if (isConstant(bound) || bound.kind == Binding::Kind::Host) {
    auto known = constantsOf(bound);
    return emitConstant(known->first, known->second);
  }
  if (bound.kind == Binding::Kind::Initializer && bound.initializer->isOfNode)
    return FailureOr<Value>(unsupported("a Constant node of more than " + Twine(HostTensor::maximalElements) +
                                        " elements as input " + Twine(input) + " is not supported: make it an initializer"));
  return weightOf(bound, input, "other", slot, /*statistics=*/false, "");
}

FailureOr<Value> NodeReader::weight(size_t input, StringRef kind, StringRef slot, bool statistics, StringRef module) {
  if (!has(input))
    return FailureOr<Value>(wrong("requires input " + Twine(input)));
  const Binding &bound = binding(input);
  if (bound.kind == Binding::Kind::Random || (bound.kind == Binding::Kind::Host && !(bound.initializer && isFloat(bound.type))))
    return value(input);
  return weightOf(bound, input, kind, slot, statistics, module);
}

FailureOr<Value> NodeReader::weightOf(const Binding &bound, size_t input, StringRef kind, StringRef slot, bool statistics, StringRef module) {
  if (bound.kind == Binding::Kind::Value) {
    setKind(bound.value, kind);
    return bound.value;
  }
  if (!bound.initializer)
    return FailureOr<Value>(wrong("expects a tensor as input " + Twine(input)));
  Place here = input < node.inputs.size() ? Place{&node, input} : Place();
  std::string name = scope.path + node.name;
  WeightUse use = {{}, bound.initializer,         bound.place.node ? bound.place : here, name,
                   scope.layer + node.layer, slot.str(), bound.names, statistics, module.empty() ? name : module.str()};
  nn::WeightOp op = importer.weights.use(importer.builder, getLoc(), bound, use, kind);
  if (!importer.otherBatch.contains(op.getY()))
    (void)cloneReinferred(op, importer.otherBuilder, importer.otherBatch);
  setKind(op, kind);
  return op.getY();
}

void NodeReader::keepOneSample(size_t input) {
  if (!has(input) || binding(input).kind != Binding::Kind::Initializer)
    return;
  const Tensor &tensor = *binding(input).initializer;
  int64_t samples = tensor.shape.empty() ? 0 : tensor.shape[0];
  if (samples < 2 || samples != importer.batch)
    return;
  size_t bytes = tensor.bytes.size() / samples;
  for (int64_t sample = 1; sample < samples; ++sample)
    if (tensor.bytes.slice(sample * bytes, bytes) != tensor.bytes.take_front(bytes))
      return;
  Binding bound = binding(input);
  auto isIt = [&](const std::unique_ptr<Tensor> &other) { return other->name == tensor.name && other->bytes.data() == tensor.bytes.data(); };
  auto derived = llvm::find_if(importer.model.derived, isIt);
  if (derived == importer.model.derived.end()) {
    Tensor one = tensor;
    one.shape[0] = 1;
    one.bytes = tensor.bytes.take_front(bytes);
    one.copies = samples;
    derived = importer.model.derived.insert(derived, std::make_unique<Tensor>(one));
  }
  bound.initializer = derived->get();
  scope.bindings[node.inputs[input]] = bound;
}

/// The weight that Transpose, Reshape and the like have moved: they do not make another of it.
static nn::WeightOp findWeight(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (auto weight = dyn_cast<nn::WeightOp>(op))
      return weight;
    if (op->getNumOperands() != 1 || !op->hasTrait<ZeroCost>())
      return {};
    value = op->getOperand(0);
  }
  return {};
}

bool NodeReader::isWeight(Value value) { return static_cast<bool>(findWeight(value)); }

void NodeReader::setKind(Value value, StringRef kind) {
  if (nn::WeightOp weight = findWeight(value); weight && weight.getKind() == "other")
    weight.setKind(kind);
}

std::optional<std::pair<HostTensor, HostTensor>> NodeReader::constants(size_t input) {
  return has(input) ? constantsOf(binding(input)) : std::nullopt;
}

std::optional<HostTensor> NodeReader::known(Value value) const {
  auto constant = value.getDefiningOp<nn::ConstantOp>();
  if (!constant || constant.getValue() != importer.otherBatch.lookup(value).getDefiningOp<nn::ConstantOp>().getValue())
    return std::nullopt;
  return hostOf(cast<DenseElementsAttr>(constant.getValue()), constantType(constant.getType().getElementType()));
}

FailureOr<HostTensor> NodeReader::constant(size_t input) {
  auto known = constants(input);
  if (!known)
    return FailureOr<HostTensor>(unsupported("input " + Twine(input) + " must be known at import time"));
  if (!(known->first == known->second))
    return FailureOr<HostTensor>(unsupported("input " + Twine(input) + " must not depend on the batch size"));
  return known->first;
}

LogicalResult NodeReader::fold(llvm::function_ref<FailureOr<HostTensor>(ArrayRef<HostTensor>)> compute) {
  SmallVector<HostTensor> atBatch(numInputs()), atOther(numInputs());
  for (size_t input = 0; input < numInputs(); ++input) {
    if (!has(input))
      continue;
    auto known = constants(input);
    if (!known)
      return unsupported("input " + Twine(input) + " must be known at import time");
    std::tie(atBatch[input], atOther[input]) = *known;
  }
  FailureOr<HostTensor> first = compute(atBatch);
  if (failed(first))
    return failure();
  FailureOr<HostTensor> second = compute(atOther);
  if (failed(second))
    return failure();
  return result(std::move(*first), std::move(*second));
}

std::pair<SmallVector<int64_t>, SmallVector<int64_t>> NodeReader::shapes(size_t input) {
  const Binding &bound = binding(input);
  if (bound.kind == Binding::Kind::Host)
    return {bound.host.shape, bound.hostAtOtherBatch.shape};
  if (bound.kind == Binding::Kind::Initializer)
    return {bound.initializer->shape, bound.initializer->shape};
  if (bound.kind == Binding::Kind::Random)
    return {bound.random->shape, bound.random->shapeAtOtherBatch};
  return {SmallVector<int64_t>(cast<RankedTensorType>(bound.value.getType()).getShape()),
          SmallVector<int64_t>(shapeAtOtherBatch(bound.value))};
}

int64_t NodeReader::getBatch() const { return importer.batch; }

bool NodeReader::isAsWritten() const { return importer.asWritten; }

bool NodeReader::isOnlyReader(size_t input) const {
  const std::string &name = node.inputs[input];
  int64_t readers = 0;
  forEachNode(scope.graph, [&](const Node &other) {
    if (other.opType != "Shape" && other.opType != "Size")
      readers += llvm::count(ArrayRef(other.inputs).take_front(other.opType == "CastLike" ? 1 : other.inputs.size()), name);
  });
  // What a function or body is given may have other readers outside.
  auto isIt = [&](const ValueInfo &value) { return value.name == name; };
  return readers == 1 && scope.producers.contains(name) && llvm::none_of(scope.graph.outputs, isIt);
}

void NodeReader::recordRandomUse(size_t input, double mean) {
  importer.randomUses.push_back({{&node, input}, mean, binding(input).type});
}

Value NodeReader::getBatchedInput() const {
  for (Value argument : importer.main.getArguments())
    if (argument.getType() != importer.otherBatch.lookup(argument).getType())
      return argument;
  return {};
}

bool NodeReader::isConstantEqual(size_t input, double value) {
  if (!has(input))
    return false;
  const Tensor *tensor = binding(input).initializer;
  if (tensor && !isMadeByExporter(importer.model, tensor->name, scope.producers.contains(tensor->name)))
    return false;
  auto known = constants(input);
  return known && known->first == known->second && known->first.isFloat() &&
         llvm::all_of(known->first.reals, [&](double element) { return element == value; });
}

ArrayRef<int64_t> NodeReader::shapeAtOtherBatch(Value value) {
  return cast<RankedTensorType>(importer.otherBatch.lookup(value).getType()).getShape();
}

FailureOr<int64_t> NodeReader::normalizedAxis(int64_t axis, int64_t rank) {
  if (axis < -rank || axis >= rank)
    return FailureOr<int64_t>(wrong("requires an axis within " + Twine(rank) + " dimensions, got " + Twine(axis)));
  return axis < 0 ? axis + rank : axis;
}

FailureOr<std::optional<SmallVector<int64_t>>> NodeReader::axesAttribute() {
  using Result = std::optional<SmallVector<int64_t>>;
  return hasAttribute("axes") ? Result(SmallVector<int64_t>(integers("axes"))) : Result();
}

FailureOr<std::optional<SmallVector<int64_t>>> NodeReader::axesInput(size_t input) {
  using Result = std::optional<SmallVector<int64_t>>;
  if (!has(input))
    return Result();
  FailureOr<HostTensor> tensor = constant(input);
  if (failed(tensor))
    return failure();
  if (tensor->isFloat())
    return FailureOr<Result>(wrong("requires integers as input " + Twine(input)));
  return Result(SmallVector<int64_t>(ArrayRef<int64_t>(tensor->integers)));
}

LogicalResult NodeReader::spend(size_t nodes) { return importer.spend(scope, node, nodes); }

Binding NodeReader::capture(size_t input) {
  (void)has(input);
  return importer.captureInput(scope, node, input);
}

const Graph *NodeReader::graphAttribute(StringRef name) {
  const NodeAttribute *found = typed(name, NodeAttribute::Kind::Graph);
  if (!found)
    (void)wrong("requires a graph as attribute '" + name + "'");
  return found ? found->graph.get() : nullptr;
}

FailureOr<std::vector<Binding>> NodeReader::importBody(StringRef name, ArrayRef<Binding> inputs, StringRef step) {
  const Graph *graph = graphAttribute(name);
  if (!graph)
    return failure();
  const Scope *writtenIn = scope.findAttribute(node, name).second;
  Scope body(*graph, writtenIn->opsets);
  body.around = writtenIn;
  // All steps are one layer.
  std::string part = step.empty() ? ("/" + name + "/").str() : "/";
  body.path = scope.path + node.name + (step.empty() ? "" : ("[" + step + "]").str()) + part;
  body.layer = scope.layer + node.layer + part;
  FailureOr<std::vector<Binding>> outputs = importer.importBody(body, inputs, scope, node);
  if (failed(outputs))
    return failure();
  for (auto [output, bound] : llvm::zip_equal(graph->outputs, *outputs))
    if (bound.kind == Binding::Kind::Unsupported)
      return FailureOr<std::vector<Binding>>(unsupported("output '" + output.name + "' of the body is not supported"));
  return outputs;
}

LogicalResult NodeReader::finish() {
  for (const std::string &name : wrongKinds)
    return wrong("attribute '" + name + "' has the wrong type");
  for (const NodeAttribute &attribute : node.attributes)
    if (!llvm::is_contained(readNames, attribute.name))
      return unsupported("attribute '" + attribute.name + "' is not supported");
  for (auto [input, name] : llvm::enumerate(node.inputs))
    if (!name.empty() && !readInputs.test(input) && binding(input).kind != Binding::Kind::Absent)
      return unsupported("input " + Twine(input) + " is not supported");
  return success();
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One node with typed attributes and inputs, and the means to build its results.
#include "Exporter.h"
#include "GraphImporter.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
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

/// The types of nn.<op>; failure, after a diagnostic, where they cannot be inferred.
static FailureOr<SmallVector<Type>> inferTypes(Location loc, OperationName name, ValueRange operands, NamedAttrList &attributes) {
  MLIRContext *context = loc.getContext();
  SmallVector<Type> types;
  OpaqueProperties properties = nullptr;
  std::unique_ptr<char[]> storage;
  if (int size = name.getOpPropertyByteSize()) {
    storage = std::make_unique<char[]>(size + alignof(std::max_align_t));
    properties = OpaqueProperties(storage.get());
    name.initOpProperties(properties, nullptr);
  }
  DictionaryAttr dictionary = attributes.getDictionary(context);
  LogicalResult inferred = success();
  if (properties)
    inferred = name.setOpPropertiesFromAttribute(name, properties, dictionary, [&] { return emitError(loc); });
  if (succeeded(inferred))
    inferred = name.getInterface<InferTypeOpInterface>()->inferReturnTypes(context, loc, operands, dictionary, properties, {}, types);
  if (properties)
    name.destroyOpProperties(properties);
  if (failed(inferred) || types.empty())
    return failure();
  return types;
}

/// nn.<op> in @main and in its copy; null after the node's error.
Operation *NodeReader::create(StringRef op, ValueRange operands, const Attributes &attributes) {
  MLIRContext *context = importer.builder.getContext();
  OperationName name(("nn." + op).str(), context);
  if (!name.isRegistered() || !name.hasInterface<InferTypeOpInterface>()) {
    (void)unsupported("is not supported yet");
    return nullptr;
  }
  // The message of a failed inference becomes the node's error.
  std::string message = "shapes and attributes do not fit";
  std::optional<ScopedDiagnosticHandler> handler(std::in_place, context, [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
      message = diagnostic.str();
  });
  auto refused = [&](bool supported, const Twine &what) -> Operation * {
    handler.reset();
    (void)(supported ? wrong(what) : unsupported(what));
    return nullptr;
  };
  OperationState state(getLoc(), name);
  state.addOperands(operands);
  state.addAttributes(attributes);
  FailureOr<SmallVector<Type>> types = inferTypes(getLoc(), name, operands, state.attributes);
  if (failed(types))
    return refused(true, message);
  for (Type result : *types) {
    auto type = dyn_cast<RankedTensorType>(result);
    if (!type || !checkedProduct(type.getShape()) || *checkedProduct(type.getShape()) > int64_t(1) << 40)
      return refused(true, "the result has too many elements");
  }
  state.addTypes(*types);
  Operation *created = importer.builder.create(state);
  if (failed(mlir::verify(created)))
    return refused(true, message);
  if (failed(cloneReinferred(created, importer.otherBuilder, importer.otherBatch)))
    return refused(false, "does not work for another batch size than " + Twine(importer.batch) + ": " + message);
  return created;
}

/// The value of `op` if all its operands are constants and it folds, or if it has no elements; null otherwise.
static DenseElementsAttr foldToConstant(Operation *op) {
  if (auto type = cast<RankedTensorType>(op->getResult(0).getType()); op->getNumResults() == 1 && type.getNumElements() == 0)
    return DenseElementsAttr::get(type, ArrayRef<Attribute>());
  SmallVector<Attribute> operands;
  for (Value operand : op->getOperands()) {
    auto constant = operand.getDefiningOp<nn::ConstantOp>();
    if (!constant)
      return {};
    operands.push_back(constant.getValue());
  }
  SmallVector<OpFoldResult> folded;
  if (operands.empty() || op->getNumResults() != 1 || failed(op->fold(operands, folded)) || folded.size() != 1)
    return {};
  if (auto operand = dyn_cast<Value>(folded.front())) {
    auto constant = operand.getDefiningOp<nn::ConstantOp>();
    return constant ? dyn_cast<DenseElementsAttr>(constant.getValue()) : DenseElementsAttr();
  }
  return dyn_cast_or_null<DenseElementsAttr>(cast<Attribute>(folded.front()));
}

/// The constant, at either batch size, that `created` is; null if it is none. It and its copy are erased then.
Value NodeReader::foldConstants(Operation *created) {
  Value copy = importer.otherBatch.lookup(created->getResult(0));
  DenseElementsAttr here = foldToConstant(created), there = foldToConstant(copy.getDefiningOp());
  if (!here || !there || here.getType() != created->getResult(0).getType() || failed(spendElements(here.getNumElements())))
    return {};
  importer.otherBatch.erase(created->getResult(0));
  copy.getDefiningOp()->erase();
  created->erase();
  return importer.createConstant(getLoc(), here, there);
}

/// A constant that is another one at the other batch size as a tensor for each sample; the node's error if samples differ.
FailureOr<Value> NodeReader::repeatForEachSample(Value value) {
  auto constant = value.getDefiningOp<nn::ConstantOp>();
  auto other = constant ? importer.otherBatch.lookup(value).getDefiningOp<nn::ConstantOp>() : nn::ConstantOp();
  if (!constant || constant.getValue() == other.getValue() || constant.getType().getNumElements() == 0)
    return value;
  auto type = cast<RankedTensorType>(value.getType());
  Value like = getBatchedInput();
  HostTensor host = hostOf(cast<DenseElementsAttr>(constant.getValue()), ElementType::Double);
  int64_t samples = type.getRank() ? type.getDimSize(0) : 0, inner = samples ? type.getNumElements() / samples : 0;
  auto isSame = [&](const auto &elements) {
    for (size_t index = inner; index < elements.size(); ++index)
      if (elements[index] != elements[index - inner])
        return false;
    return true;
  };
  if (!like || samples != importer.batch || !isSame(host.reals) || !isSame(host.integers))
    return FailureOr<Value>(unsupported("an operand must not depend on the batch size"));
  host.shape[0] = 1;
  host.reals.resize(std::min<size_t>(host.reals.size(), inner));
  host.integers.resize(std::min<size_t>(host.integers.size(), inner));
  host.type = constantType(type.getElementType());
  return emit("expand_batch", {emitConstant(host), like});
}

FailureOr<Value> NodeReader::emit(StringRef op, ValueRange operands, const Attributes &attributes) {
  Operation *created = create(op, operands, attributes);
  if (!created)
    return failure();
  if (Value constant = foldConstants(created))
    return constant;
  SmallVector<Value> repeated;
  for (Value operand : operands) {
    FailureOr<Value> same = repeatForEachSample(operand);
    if (failed(same))
      return failure();
    repeated.push_back(*same);
  }
  if (llvm::equal(operands, repeated))
    return created->getResult(0);
  return emit(op, repeated, attributes);
}

Value NodeReader::emitConstant(const HostTensor &tensor, const HostTensor &atOtherBatch) {
  MLIRContext *context = importer.builder.getContext();
  return importer.createConstant(getLoc(), denseOf(context, tensor), denseOf(context, atOtherBatch));
}

Value NodeReader::emitPositions(ArrayRef<int64_t> positions, ArrayRef<int64_t> shape) {
  auto values = DenseElementsAttr::get(RankedTensorType::get(shape, importer.builder.getIndexType()), positions);
  return importer.createConstant(getLoc(), values, values);
}

FailureOr<Value> NodeReader::emitReshape(Value x, ArrayRef<int64_t> shape, ArrayRef<int64_t> otherShape) {
  SmallVector<int64_t> open(shape);
  if (shape.size() != otherShape.size())
    return FailureOr<Value>(unsupported("the number of dimensions must not depend on the batch size"));
  for (size_t dimension = 0; dimension < shape.size(); ++dimension)
    if (shape[dimension] != otherShape[dimension])
      open[dimension] = -1;
  if (llvm::count(open, -1) > 1)
    return FailureOr<Value>(unsupported("at most one dimension of the result may depend on the batch size"));
  return emit("reshape", x, {attr("shape", open)});
}

LogicalResult NodeReader::result(FailureOr<Value> value, size_t output, ElementType type) {
  if (failed(value))
    return failure();
  if (output >= node.outputs.size() || node.outputs[output].empty())
    return success();
  Type element = cast<RankedTensorType>(value->getType()).getElementType();
  auto fits = [&](ElementType candidate) {
    RankedTensorType tensor = typeOf(element.getContext(), candidate, {});
    return tensor && tensor.getElementType() == element;
  };
  for (const std::string &input : node.inputs)
    if (type == ElementType::Undefined && !input.empty() && fits(scope.find(input)->type))
      type = scope.find(input)->type;
  for (ElementType usual : {ElementType::Float, ElementType::Double, ElementType::Bool, ElementType::Int64})
    if (type == ElementType::Undefined && fits(usual))
      type = usual;
  scope.bindings[node.outputs[output]] = importer.bind(*value, type);
  return success();
}

LogicalResult NodeReader::result(HostTensor tensor, HostTensor atOtherBatch) {
  if (failed(spendElements(tensor.size())))
    return failure();
  Binding &bound = scope.bindings[node.outputs.front()];
  bound.kind = Binding::Kind::Host;
  bound.type = tensor.type;
  bound.host = std::move(tensor);
  bound.hostAtOtherBatch = std::move(atOtherBatch);
  return success();
}

LogicalResult NodeReader::result(const Binding &alias, size_t output) {
  if (output >= node.outputs.size() || node.outputs[output].empty())
    return success();
  Binding copy = alias;
  if (copy.initializer && scope.depth == 0)
    copy.names.push_back(node.outputs[output]);
  scope.bindings[node.outputs[output]] = copy;
  return success();
}

Binding NodeReader::bind(Value value, ElementType type) { return importer.bind(value, type); }

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

NamedAttribute NodeReader::attr(StringRef name, ArrayRef<int64_t> values) {
  return importer.builder.getNamedAttr(name, importer.builder.getDenseI64ArrayAttr(values));
}

NamedAttribute NodeReader::attr(StringRef name, mlir::Attribute value) { return importer.builder.getNamedAttr(name, value); }

NamedAttribute NodeReader::attr(StringRef name, double value) {
  return importer.builder.getNamedAttr(name, importer.builder.getF64FloatAttr(value));
}

NamedAttribute NodeReader::integerAttr(StringRef name, int64_t value) {
  return importer.builder.getNamedAttr(name, importer.builder.getI64IntegerAttr(value));
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

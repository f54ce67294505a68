// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a node builds: ops of @main and of its copy at another batch size, constants folded, and the results bound to its outputs.
#include "GraphImporter.h"
#include "NodeReader.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "tally/Import/Rebatch.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;
using llvm::Twine;

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

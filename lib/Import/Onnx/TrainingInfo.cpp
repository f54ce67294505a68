// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes a model with one step of training as a recipe says it (TrainingInfoProto).
#include "tally/Import/TrainingInfo.h"
#include "OnnxSource.h"
#include "StepWriter.h"
#include <cmath>

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

namespace {
class InfoWriter {
public:
  InfoWriter(const OnnxImport &import, const ResolvedRecipe &resolved);

  FailureOr<std::string> write();

private:
  LogicalResult checkRecipe() const;
  LogicalResult checkModel() const;
  LogicalResult writeForms();
  void writeNorm(const Node &node);
  void writeDropout(const Node &node);
  void writeInitialValues();
  std::string describe() const;

  /// The tensor that feeds an input of a node.
  const ResolvedTensor *tensorAt(const Node &node, size_t position) const;
  Location locate(const Node &node) const { return NameLoc::get(StringAttr::get(context, node.name)); }
  int64_t opset() const { return Scope(model.graph, model.opsets).opsetOf(""); }

  const OnnxSource &source;
  const Model &model;
  const ResolvedRecipe &resolved;
  MLIRContext *context;
  ElementType type;
  FreshNames names;
  StepWriter step;
  GraphWriter initialization;
  Rewrite rewrite;
  Tensor isTraining; ///< of Dropout
  TrainingStep::Bindings initialValues;
  std::string unsaid; ///< tensors whose initial values ONNX cannot say
};
} // namespace

/// All of a program is of one type.
static ElementType typeOf(const ResolvedRecipe &resolved) {
  return getElementTypeOrSelf(resolved.tensors.front().weight.getType()).isF64() ? ElementType::Double : ElementType::Float;
}

/// Weights that import has split have names that the file does not know.
static FreshNames namesBeside(const Model &model, const ResolvedRecipe &resolved) {
  FreshNames names(model);
  for (const ResolvedTensor &tensor : resolved.tensors)
    names.take(tensor.name);
  return names;
}

InfoWriter::InfoWriter(const OnnxImport &import, const ResolvedRecipe &resolved)
    : source(*import.source), model(*source.model), resolved(resolved), context(import.module.get()->getContext()), type(::typeOf(resolved)),
      names(namesBeside(model, resolved)), step(model, resolved, names, type), initialization(names, type) {}

const ResolvedTensor *InfoWriter::tensorAt(const Node &node, size_t position) const {
  for (const OnnxSource::Slot &slot : source.slots)
    if (slot.place == Place{&node, position})
      for (const ResolvedTensor &tensor : resolved.tensors)
        if (tensor.name == slot.weight)
          return &tensor;
  return nullptr;
}

LogicalResult InfoWriter::checkRecipe() const {
  const Recipe &recipe = resolved.recipe;
  if (recipe.accumulate > 1)
    return emitError(recipe.placeOf("accumulate")) << "expects accumulate 1 in a step of ONNX, got " << recipe.accumulate;
  if (recipe.averaging.kind != AveragingSpec::Kind::None)
    return emitError(recipe.placeOf("averaging")) << "expects no averaging in a step of ONNX, got " << stringify(recipe.averaging.kind);
  bool narrows = type == ElementType::Float && llvm::any_of(source.slots, [](const OnnxSource::Slot &slot) {
                   return slot.initializer->type == ElementType::Double;
                 });
  if (recipe.precision == Precision::BF16 || narrows)
    return emitError(recipe.placeOf("precision")) << "expects precision " << (narrows ? "" : "f32, ") << "f64 or model in a step of ONNX, got "
                                                  << stringify(recipe.precision);
  return success();
}

LogicalResult InfoWriter::checkModel() const {
  // Losses came with opset 12, and the input of Dropout that says that it trains.
  constexpr int64_t least = 12;
  if (opset() < least)
    return emitError(UnknownLoc::get(context)) << "expects a model of opset " << least << " or later for a step of ONNX, got " << opset()
                                               << " (onnx.version_converter makes another of it)";
  for (const OnnxSource::Slot &slot : source.slots)
    if (slot.initializer->copies != 1)
      return emitError(UnknownLoc::get(context)) << "weight '" << slot.weight << "' has no step of ONNX: the file repeats it for each sample";
  return success();
}

/// Brings nodes into training form. Those of bodies and functions cannot give their statistics.
LogicalResult InfoWriter::writeForms() {
  LogicalResult result = success();
  auto refuse = [&](const Node &node) {
    bool isOutside = llvm::any_of(model.graph.nodes, [&](const Node &other) { return &other == &node; });
    if (node.hasTrainingForm() && !isOutside)
      result = emitError(locate(node)) << node.opType << " has no step of ONNX within a function or a body: put it into the graph itself";
  };
  forEachNode(model.graph, refuse);
  for (const Function &function : model.functions)
    forEachNode(function.body, refuse);
  if (failed(result))
    return failure();
  for (const Node &node : model.graph.nodes)
    if (node.hasTrainingForm())
      node.opType == "Dropout" ? writeDropout(node) : writeNorm(node);
  return success();
}

void InfoWriter::writeDropout(const Node &node) {
  static constexpr char yes = 1;
  if (isTraining.name.empty()) {
    isTraining.name = names.make("is_training");
    isTraining.type = isTraining.declared = ElementType::Bool;
    isTraining.bytes = yes;
    rewrite.tensors.emplace_back(isTraining.name, &isTraining);
  }
  rewrite.inputs.push_back({&node, 2, isTraining.name});
}

/// The running statistics that the node gives are those of the population.
void InfoWriter::writeNorm(const Node &node) {
  const BatchNormSpec &spec = resolved.recipe.batchNorm;
  Rewrite::Form form{&node, node.outputs, {}};
  form.outputs.resize(3);
  if (opset() >= 14)
    form.attributes.push_back(makeAttribute("training_mode", int64_t(1)));
  if (spec.eps)
    form.attributes.push_back(makeAttribute("epsilon", spec.eps->toDouble()));
  if (spec.keep)
    form.attributes.push_back(makeAttribute("momentum", spec.keep->toDouble()));
  double keep = 0.9f;
  for (const NodeAttribute &attribute : node.attributes)
    if (attribute.name == "momentum" && !attribute.floats.empty())
      keep = attribute.floats.front();
  keep = spec.keep ? spec.keep->toDouble() : keep;
  for (size_t output : {1, 2}) {
    std::string &name = form.outputs[output];
    if (name.empty())
      name = names.make(node.outputs[0] + (output == 1 ? ".mean" : ".variance"));
    const ResolvedTensor *tensor = tensorAt(node, output + 2);
    if (!tensor || tensor->freezeStep == 0)
      continue;
    if (output == 1 || !spec.sampleVariance) {
      step.updateWhileTrained(*tensor, step.add("Identity", name, tensor->name + ".new"));
      continue;
    }
    // keep*old + (1 - keep)*v * n/(n - 1), for n numbers in each channel.
    auto channels = static_cast<double>(tensor->shape().front());
    auto op = [&](StringRef op, ArrayRef<std::string> inputs) { return step.add(op, inputs, tensor->name + "." + op.lower()); };
    std::string elements = step.add("Cast", op("Size", node.inputs[0]), tensor->name + ".elements", {makeAttribute("to", static_cast<int64_t>(type))});
    std::string n = op("Div", {elements, step.number(channels)}), ratio = op("Div", {n, op("Sub", {n, step.number(1)})});
    std::string kept = op("Mul", {tensor->name, step.number(keep)}), now = op("Mul", {op("Sub", {name, kept}), ratio});
    step.updateWhileTrained(*tensor, step.add("Add", {kept, now}, tensor->name + ".new"));
  }
  rewrite.forms.push_back(std::move(form));
}

/// Zeros, ones, and the numbers that one node draws.
void InfoWriter::writeInitialValues() {
  using Kind = InitSpec::Kind;
  for (const ResolvedTensor &tensor : resolved.tensors) {
    const InitSpec &init = tensor.init;
    if (tensor.statistic || init.kind == Kind::Keep)
      continue;
    ArrayRef<int64_t> shape = tensor.shape();
    bool isDrawn = init.kind == Kind::UniformFanIn || init.kind == Kind::KaimingNormal;
    bool isNumber = init.kind == Kind::Zeros || init.kind == Kind::Ones;
    auto inputs = static_cast<double>(isDrawn ? fanIn(tensor.weight) : 0);
    if (init.unitStd || !(isNumber || inputs > 0)) {
      unsaid += (unsaid.empty() ? "" : ", ") + ("'" + tensor.name + "' (") + stringify(init.kind).str() + (init.unitStd ? ", scale_to: unit_std)" : ")");
      continue;
    }
    std::string value;
    std::vector<NodeAttribute> drawn = {makeAttribute("dtype", static_cast<int64_t>(type)), makeAttribute("shape", shape)};
    if (isNumber) {
      std::string sizes = initialization.addIntegers(tensor.name + ".shape", static_cast<int64_t>(shape.size()), shape);
      Tensor number = initialization.makeFloats(1, init.kind == Kind::Ones ? 1.0 : 0.0, type);
      value = initialization.add("ConstantOfShape", sizes, tensor.name + ".initial", {makeAttribute("value", number)});
    } else if (init.kind == Kind::UniformFanIn) {
      drawn.push_back(makeAttribute("low", -1 / std::sqrt(inputs)));
      drawn.push_back(makeAttribute("high", 1 / std::sqrt(inputs)));
      value = initialization.add("RandomUniform", {}, tensor.name + ".initial", drawn);
    } else {
      drawn.push_back(makeAttribute("scale", std::sqrt(2 / inputs)));
      value = initialization.add("RandomNormal", {}, tensor.name + ".initial", drawn);
    }
    initialization.addOutput(value, type, shape);
    initialValues.emplace_back(tensor.name, value);
  }
}

/// What the caller of the step has to know.
std::string InfoWriter::describe() const {
  std::string text = "One step of training, as the recipe below says it. '" + model.graph.inputs.front().name +
                     "' are images that the caller normalizes and augments" +
                     (step.labels.empty() ? std::string() : ", '" + step.labels + "' their labels") +
                     ". Order and size of batches, augmentation and evaluation are the caller's, and so is the schedule: learning rates are "
                     "those of the first step.\n" +
                     step.rates;
  if (!unsaid.empty())
    text += "Initial values of " + unsaid + " are those of the file: none of ONNX's nodes gives them.\n";
  return text + "\n" + printResolvedRecipe(resolved);
}

FailureOr<std::string> InfoWriter::write() {
  if (failed(checkRecipe()) || failed(checkModel()) || failed(rewriteWeights(source, rewrite, context)))
    return failure();
  FailureOr<std::string> loss = step.writeLoss();
  if (failed(loss))
    return failure();
  SmallVector<const ResolvedTensor *> trained;
  for (const ResolvedTensor &tensor : resolved.tensors)
    if (tensor.freezeStep > 0 && !tensor.statistic)
      trained.push_back(&tensor);
  std::vector<std::string> gradients = step.writeGradients(*loss, trained);
  for (auto [tensor, gradient] : llvm::zip_equal(trained, gradients))
    step.writeUpdate(*tensor, gradient);
  if (failed(writeForms()))
    return failure();
  step.writeCounter();
  writeInitialValues();
  TrainingStep written{std::move(step.graph), std::move(initialization.graph), std::move(step.updates), std::move(initialValues), describe()};
  rewrite.step = &written;
  rewrite.asDouble = type == ElementType::Double;
  std::optional<Rewritten> result = rewriteModel(model, rewrite);
  if (!result)
    return emitError(UnknownLoc::get(context)) << "the model with its step would be larger than 2 GiB", failure();
  return std::move(result->bytes);
}

FailureOr<std::string> tally::writeTrainingInfo(const OnnxImport &import, const ResolvedRecipe &resolved) {
  return InfoWriter(import, resolved).write();
}

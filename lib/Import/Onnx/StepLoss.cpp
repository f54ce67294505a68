// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes the loss of a step of training, and its gradients.
#include "StepWriter.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

/// The mean of all numbers, or their sum.
static std::string reduce(GraphWriter &writer, const std::string &x, bool sum, StringRef name) {
  return writer.add(sum ? "ReduceSum" : "ReduceMean", x, name, {makeAttribute("keepdims", int64_t(0))});
}

/// (1 - e) times the loss at the labels, and e times the mean of -log p over the classes.
std::string StepWriter::writeCrossEntropy(const std::string &logits) {
  const LossSpec &loss = resolved.recipe.loss;
  double smoothing = loss.labelSmoothing.toDouble();
  std::vector<std::string> inputs = {logits, labels}, outputs = {names.make("loss")};
  if (!loss.classWeights.empty()) {
    SmallVector<double> weights;
    for (const Decimal &weight : loss.classWeights)
      weights.push_back(weight.toDouble());
    inputs.push_back(addFloats("class_weights", resolved.classes, weights));
  }
  std::vector<NodeAttribute> attributes = {makeAttribute("reduction", StringRef(loss.sum ? "sum" : "mean"))};
  if (loss.ignoreIndex)
    attributes.push_back(makeAttribute("ignore_index", *loss.ignoreIndex));
  if (smoothing != 0)
    outputs.push_back(names.make("log_probability"));
  addNode("SoftmaxCrossEntropyLoss", inputs, outputs, std::move(attributes));
  if (smoothing == 0)
    return outputs[0];
  double share = smoothing / (loss.sum ? static_cast<double>(resolved.classes) : 1);
  std::string atLabels = add("Mul", {outputs[0], number(1 - smoothing)}, "loss.at_labels");
  std::string everywhere = add("Mul", {reduce(*this, outputs[1], loss.sum, "loss.log_probability"), number(share)}, "loss.everywhere");
  return add("Sub", {atLabels, everywhere}, "loss.smoothed");
}

std::string StepWriter::writeTargets() {
  std::string values = addFloats("off_on", {2}, {0, 1});
  return add("OneHot", {labels, number(static_cast<double>(resolved.classes), ElementType::Int64), values}, "targets");
}

FailureOr<std::string> StepWriter::writeLoss() {
  const LossSpec &loss = resolved.recipe.loss;
  const TrainingSignature &signature = resolved.signature;
  if (loss.kind == LossSpec::Kind::Model)
    return model.graph.outputs[*signature.loss].name;
  if (!loss.labelSmoothing.isZero() && (loss.ignoreIndex || !loss.classWeights.empty()))
    return emitError(loss.ignoreIndex ? loss.ignoreLoc : loss.classWeightsLoc)
           << "expects no label_smoothing beside " << (loss.ignoreIndex ? "ignore_index" : "class_weights") << " in a step of ONNX, got "
           << loss.labelSmoothing.str();
  labels = names.make("labels");
  addInput(labels, ElementType::Int64, {-1});
  std::string logits = model.graph.outputs[*signature.logits].name, value;
  switch (loss.kind) {
  case LossSpec::Kind::CrossEntropy:
    value = writeCrossEntropy(logits);
    break;
  case LossSpec::Kind::MeanSquaredError: {
    std::string difference = add("Sub", {logits, writeTargets()}, "difference");
    value = reduce(*this, add("Mul", {difference, difference}, "squares"), loss.sum, "loss");
    break;
  }
  case LossSpec::Kind::BinaryCrossEntropy: { // log(1 + exp z) - z * t
    std::string at = add("Mul", {logits, writeTargets()}, "at_targets");
    value = reduce(*this, add("Sub", {add("Softplus", logits, "softplus"), at}, "losses"), loss.sum, "loss");
    break;
  }
  case LossSpec::Kind::Model:
    llvm_unreachable("handled above");
  }
  addOutput(value, type, {});
  return value;
}

/// g * min(1, limit / (norm + 1e-6)) with the 2-norm of all gradients as one vector.
static void clipNorm(StepWriter &writer, MutableArrayRef<std::string> gradients, double limit) {
  std::vector<std::string> squares;
  for (const std::string &gradient : gradients)
    squares.push_back(writer.add("ReduceSumSquare", gradient, gradient + ".squares", {makeAttribute("keepdims", int64_t(0))}));
  std::string norm = writer.add("Sqrt", writer.add("Sum", squares, "clip.squares"), "clip.norm");
  std::string divisor = writer.add("Add", {norm, writer.number(1e-6)}, "clip.divisor");
  std::string ratio = writer.add("Div", {writer.number(limit), divisor}, "clip.ratio");
  std::string factor = writer.add("Min", {ratio, writer.number(1)}, "clip.factor");
  for (std::string &gradient : gradients)
    gradient = writer.add("Mul", {gradient, factor}, gradient + ".clipped");
}

std::vector<std::string> StepWriter::writeGradients(const std::string &loss, ArrayRef<const ResolvedTensor *> tensors) {
  std::vector<std::string> xs, zs, gradients;
  for (const ResolvedTensor *tensor : tensors) {
    xs.push_back(tensor->name);
    gradients.push_back(names.make(tensor->name + ".gradient"));
  }
  for (const ValueInfo &input : model.graph.inputs)
    zs.push_back(input.name);
  if (!labels.empty())
    zs.push_back(labels);
  std::vector<std::string> inputs = xs;
  llvm::append_range(inputs, zs);
  addNode("Gradient", inputs, gradients, {makeAttribute("xs", xs), makeAttribute("zs", zs), makeAttribute("y", StringRef(loss))}).domain =
      trainingDomain;
  const ClipSpec &clip = resolved.recipe.clip;
  double limit = clip.limit.toDouble();
  if (clip.kind == ClipSpec::Kind::Norm) {
    for (auto [tensor, gradient] : llvm::zip_equal(tensors, gradients))
      gradient = whileTrained(*tensor, gradient, number(0));
    clipNorm(*this, gradients, limit);
  }
  if (clip.kind == ClipSpec::Kind::Value)
    for (std::string &gradient : gradients)
      gradient = add("Clip", {gradient, number(-limit), number(limit)}, gradient + ".clipped");
  return gradients;
}

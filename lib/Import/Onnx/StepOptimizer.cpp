// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes what a step of training does to weights: optimizers, and when they stop.
#include "StepWriter.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

StepWriter::StepWriter(const Model &model, const ResolvedRecipe &resolved, FreshNames &names, ElementType type)
    : GraphWriter(names, type), model(model), resolved(resolved) {
  step = addIntegers("step", {}, 0);
  nextStep = add("Add", {step, number(1, ElementType::Int64)}, "step.new");
}

void StepWriter::update(const std::string &initializer, const std::string &value, ElementType elementType, ArrayRef<int64_t> shape) {
  addOutput(value, elementType, shape);
  updates.emplace_back(initializer, value);
}

void StepWriter::writeCounter() { update(step, nextStep, ElementType::Int64, {}); }

std::string StepWriter::whileTrained(const ResolvedTensor &tensor, const std::string &value, const std::string &otherwise) {
  if (tensor.freezeStep >= resolved.totalSteps)
    return value;
  std::string limit = number(static_cast<double>(tensor.freezeStep), ElementType::Int64);
  return addFor(tensor, "Where", {addFor(tensor, "Less", {step, limit}), value, otherwise});
}

void StepWriter::updateWhileTrained(const ResolvedTensor &tensor, const std::string &value) {
  update(tensor.name, whileTrained(tensor, value, tensor.name), type, tensor.shape());
}

/// The learning rate of a tensor, of the first step: tensors of the same rate and schedule share one.
std::string StepWriter::rateOf(const ResolvedTensor &tensor) {
  double lr = tensor.learningRate();
  std::string schedule = stringify(tensor.schedule);
  std::string &name = knownRates[std::to_string(llvm::bit_cast<uint64_t>(lr)) + schedule];
  if (!name.empty())
    return name;
  const Recipe &recipe = resolved.recipe;
  bool isDefault = lr == recipe.optimizer.lr.toDouble() && schedule == stringify(recipe.schedule);
  double first = lr * scheduleFactors(tensor.schedule, resolved.totalSteps, resolved.stepsPerEpoch).front();
  name = addFloats(isDefault ? "learning_rate" : tensor.name + ".learning_rate", {}, first);
  llvm::raw_string_ostream(rates) << "'" << name << "' is " << llvm::format("%g", lr) << " times a factor of " << schedule << "\n";
  return name;
}

/// v = m*v + g; p -= lr*v, with Nesterov lr*(g + m*v).
std::string StepWriter::writeSgd(const ResolvedTensor &tensor, const std::string &p, std::string g, double decay) {
  const OptimizerSpec &spec = tensor.optimizer;
  ArrayRef<int64_t> shape = tensor.shape();
  std::string rate = rateOf(tensor), velocity, next;
  double momentum = spec.momentum.toDouble();
  if (momentum != 0) {
    velocity = addZeros(tensor.name + ".momentum", shape);
    next = names.make(velocity + ".new");
    update(velocity, next, type, shape);
  }
  // Attributes are f32: too coarse for doubles.
  if (momentum != 0 && type == ElementType::Float) {
    std::string result = names.make(tensor.name + ".new");
    addNode("Momentum", {rate, step, p, g, velocity}, {result, next},
            {makeAttribute("alpha", momentum), makeAttribute("beta", 1.0), makeAttribute("norm_coefficient", decay),
             makeAttribute("mode", StringRef(spec.nesterov ? "nesterov" : "standard"))})
        .domain = trainingDomain;
    return result;
  }
  if (decay != 0)
    g = addFor(tensor, "Add", {g, addFor(tensor, "Mul", {p, number(decay)})});
  std::string direction = g;
  if (momentum != 0) {
    addNode("Add", {addFor(tensor, "Mul", {velocity, number(momentum)}), g}, next);
    direction = spec.nesterov ? addFor(tensor, "Add", {g, addFor(tensor, "Mul", {next, number(momentum)})}) : next;
  }
  return add("Sub", {p, addFor(tensor, "Mul", {direction, rate})}, tensor.name + ".new");
}

std::string StepWriter::writeCorrection(const Decimal &beta) {
  std::string &name = knownCorrections[beta.str()];
  if (!name.empty())
    return name;
  std::string steps = add("Cast", nextStep, "steps", {makeAttribute("to", static_cast<int64_t>(ElementType::Double))});
  std::string power = add("Pow", {number(beta.toDouble(), ElementType::Double), steps}, "power");
  return name = add("Sub", {number(1, ElementType::Double), power}, "correction");
}

/// m = b1*m + (1-b1)*g; v = b2*v + (1-b2)*g*g; p -= lr/(1 - b1^t) * m / (sqrt(v)/sqrt(1 - b2^t) + eps): unlike ONNX's Adam, as PyTorch's,
/// epsilon is added after the correction.
std::string StepWriter::writeAdam(const ResolvedTensor &tensor, const std::string &p, std::string g, double decay) {
  const OptimizerSpec &spec = tensor.optimizer;
  ArrayRef<int64_t> shape = tensor.shape();
  auto op = [&](StringRef name, Names inputs) { return addFor(tensor, name, inputs); };
  auto cast = [&](const std::string &x, ElementType to) {
    return add("Cast", x, tensor.name + ".cast", {makeAttribute("to", static_cast<int64_t>(to))});
  };
  auto average = [&](StringRef state, const Decimal &beta, const std::string &fresh) {
    std::string old = addZeros(tensor.name + state, shape);
    std::string kept = op("Mul", {old, number(beta.toDouble())});
    std::string added = op("Mul", {fresh, number(1 - beta.toDouble())});
    std::string next = add("Add", {kept, added}, old + ".new");
    update(old, next, type, shape);
    return next;
  };
  if (decay != 0)
    g = op("Add", {g, op("Mul", {p, number(decay)})});
  std::string first = average(".first_moment", spec.beta1, g), second = average(".second_moment", spec.beta2, op("Mul", {g, g}));
  // Near 1 in f32 the corrections would be coarse.
  std::string scale = cast(op("Sqrt", writeCorrection(spec.beta2)), type);
  std::string root = op("Add", {op("Div", {op("Sqrt", second), scale}), number(spec.eps.toDouble())});
  std::string rate = op("Div", {cast(rateOf(tensor), ElementType::Double), writeCorrection(spec.beta1)});
  std::string change = op("Mul", {op("Div", {first, root}), cast(rate, type)});
  return add("Sub", {p, change}, tensor.name + ".new");
}

void StepWriter::writeUpdate(const ResolvedTensor &tensor, const std::string &gradient) {
  const OptimizerSpec &spec = tensor.optimizer;
  double decay = spec.weightDecay.toDouble();
  std::string p = tensor.name;
  if (decay != 0 && spec.decoupled) { // p *= 1 - lr*wd
    std::string factor = addFor(tensor, "Sub", {number(1), addFor(tensor, "Mul", {rateOf(tensor), number(decay)})});
    p = addFor(tensor, "Mul", {p, factor});
    decay = 0;
  }
  bool isSgd = spec.kind == OptimizerSpec::Kind::Sgd;
  updateWhileTrained(tensor, isSgd ? writeSgd(tensor, p, gradient, decay) : writeAdam(tensor, p, gradient, decay));
}

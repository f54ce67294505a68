// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Optimizers as arithmetic on tensors.
#include "ProgramBuilder.h"
#include <cmath>

using namespace mlir;
using namespace tally;

/// A table of numbers that depend on the tensor's learning rates: f(lr of the step, step) for each step.
static std::string rateTable(ProgramBuilder &program, StringRef name, const ResolvedTensor &tensor, const Twine &form,
                             llvm::function_ref<double(double, int64_t)> f) {
  double lr = tensor.learningRate();
  std::string key = (form + " of " + exactly(lr) + " " + stringify(tensor.schedule)).str();
  return program.addTable(name, key, [&] {
    const ResolvedRecipe &resolved = program.resolved;
    std::vector<double> values = scheduleFactors(tensor.schedule, resolved.totalSteps, resolved.stepsPerEpoch);
    for (auto [step, value] : llvm::enumerate(values))
      value = f(value * lr, step);
    return values;
  });
}

static std::string momentumState(const ResolvedTensor &tensor) { return tensor.name + ".momentum"; }

static SmallVector<std::string> sgdStates(const ResolvedTensor &tensor) {
  if (tensor.optimizer.momentum.isZero())
    return {};
  return {momentumState(tensor)};
}

/// v = m*v + g; the direction is v, with Nesterov g + m*v.
static Value buildMomentum(BodyBuilder &body, const ResolvedTensor &tensor, Value g, Value) {
  if (tensor.optimizer.momentum.isZero())
    return g;
  Value m = body.constant(tensor.optimizer.momentum.toDouble());
  Value v = body.create<nn::AddOp>(body.create<nn::MulOp>(body.read(momentumState(tensor)), m), g);
  body.write(momentumState(tensor), v);
  return tensor.optimizer.nesterov ? body.create<nn::AddOp>(g, body.create<nn::MulOp>(v, m)).getResult() : v;
}

static std::string sgdRates(ProgramBuilder &program, const ResolvedTensor &tensor) {
  return program.addRates(tensor.learningRate(), tensor.schedule);
}

static SmallVector<std::string> adamStates(const ResolvedTensor &tensor) {
  return {tensor.name + ".first_moment", tensor.name + ".second_moment"};
}

/// m = b1*m + (1-b1)*g; v = b2*v + (1-b2)*g*g; m / (sqrt(v)*c1 + eps), c1 = 1/sqrt(1 - b2^t).
static Value buildAdam(BodyBuilder &body, const ResolvedTensor &tensor, Value g, Value step) {
  const OptimizerSpec &spec = tensor.optimizer;
  double beta1 = spec.beta1.toDouble(), beta2 = spec.beta2.toDouble();
  SmallVector<std::string> states = adamStates(tensor);
  auto average = [&](StringRef state, double keep, Value fresh) {
    Value kept = body.create<nn::MulOp>(body.read(state), body.constant(keep));
    Value result = body.create<nn::AddOp>(kept, fresh);
    body.write(state, result);
    return result;
  };
  Value first = average(states[0], beta1, body.create<nn::MulOp>(g, body.constant(1 - beta1)));
  Value scaled = body.create<nn::MulOp>(g, body.constant(1 - beta2));
  Value second = average(states[1], beta2, body.create<nn::MulOp>(scaled, g));
  std::string corrections = body.program.addTable("table.second_moment", "1/sqrt(1 - b^t), b = " + spec.beta2.str(), [&] {
    std::vector<double> values(body.program.resolved.totalSteps);
    for (auto [index, value] : llvm::enumerate(values))
      value = 1 / std::sqrt(1 - std::pow(beta2, index + 1.0));
    return values;
  });
  Value c1 = body.lookup(corrections, step);
  Value root = body.create<nn::MulOp>(body.create<nn::SqrtOp>(second), c1);
  return body.create<nn::DivOp>(first, body.create<nn::AddOp>(root, body.constant(spec.eps.toDouble())));
}

/// c2 = lr / (1 - b1^t)
static std::string adamRates(ProgramBuilder &program, const ResolvedTensor &tensor) {
  const Decimal &decimal = tensor.optimizer.beta1;
  double beta1 = decimal.toDouble();
  return rateTable(program, "table.lr", tensor, "lr/(1 - " + decimal.str() + "^t)",
                   [&](double lr, int64_t index) { return lr / (1 - std::pow(beta1, index + 1.0)); });
}

namespace {
/// How an optimizer changes a tensor: p -= rate * direction.
struct OptimizerRow {
  OptimizerSpec::Kind kind;
  /// What it keeps for the tensor from step to step.
  SmallVector<std::string> (*states)(const ResolvedTensor &tensor);
  Value (*direction)(BodyBuilder &body, const ResolvedTensor &tensor, Value g, Value step);
  /// The table of the rate of each step.
  std::string (*rates)(ProgramBuilder &program, const ResolvedTensor &tensor);
};
} // namespace

static constexpr OptimizerRow rows[] = {{OptimizerSpec::Kind::Sgd, sgdStates, buildMomentum, sgdRates},
                                        {OptimizerSpec::Kind::Adam, adamStates, buildAdam, adamRates},
                                        {OptimizerSpec::Kind::AdamW, adamStates, buildAdam, adamRates}};

static const OptimizerRow *findRow(OptimizerSpec::Kind kind) {
  const auto *row = llvm::find_if(rows, [&](const OptimizerRow &row) { return row.kind == kind; });
  return row == std::end(rows) ? nullptr : row;
}

SmallVector<std::string> tally::optimizerStates(const ResolvedTensor &tensor) {
  const OptimizerRow *row = findRow(tensor.optimizer.kind);
  return row ? row->states(tensor) : SmallVector<std::string>();
}

LogicalResult tally::buildUpdate(BodyBuilder &body, const ResolvedTensor &tensor, Value g, Value step) {
  const OptimizerSpec &spec = tensor.optimizer;
  const OptimizerRow *row = findRow(spec.kind);
  if (!row)
    return emitError(body.program.resolved.recipe.loc) << "optimizer '" << stringify(spec.kind) << "' is not supported yet";
  body.enter(Phase::Optimizer, tensor.weight.getLoc());
  Value p = body.read(tensor.name);
  double decay = spec.weightDecay.toDouble();
  if (decay != 0 && spec.decoupled) { // p *= 1 - lr*wd
    std::string table = rateTable(body.program, "table.decay", tensor, "1 - lr*" + spec.weightDecay.str(),
                                  [&](double lr, int64_t) { return 1 - lr * decay; });
    p = body.create<nn::MulOp>(p, body.lookup(table, step));
  } else if (decay != 0) { // g += wd*p
    g = body.create<nn::AddOp>(g, body.create<nn::MulOp>(p, body.constant(decay)));
  }
  Value direction = row->direction(body, tensor, g, step);
  Value rate = body.lookup(row->rates(body.program, tensor), step);
  body.write(tensor.name, body.create<nn::SubOp>(p, body.create<nn::MulOp>(direction, rate)));
  return success();
}

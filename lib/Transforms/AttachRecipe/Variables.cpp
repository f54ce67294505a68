// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The variables of a program: parameters, statistics, optimizer state, averages, counters, metrics.
#include "ProgramBuilder.h"

using namespace mlir;
using namespace tally;

std::string tally::averageOf(StringRef name) { return (name + ".average").str(); }

std::string tally::gradientSum(const ResolvedTensor &tensor) { return tensor.name + ".gradient"; }

/// What is never trained is never averaged: it stays what it is.
bool tally::isAveraged(const ResolvedRecipe &resolved, const ResolvedTensor &tensor) {
  const AveragingSpec &averaging = resolved.recipe.averaging;
  return averaging.kind != AveragingSpec::Kind::None && tensor.freezeStep > 0 && !tensor.fixedValue &&
         (averaging.statistics || !tensor.statistic);
}

/// The initial values that need no computation; null where they are zero or initialize writes them.
static ElementsAttr initialValue(const ProgramBuilder &program, const ResolvedTensor &tensor) {
  nn::WeightOp weight = tensor.weight;
  if (tensor.statistic || tensor.init.kind == InitSpec::Kind::Keep)
    return weight.getValue();
  if (tensor.init.kind == InitSpec::Kind::Ones)
    return program.floats(cast<RankedTensorType>(weight.getType()).getShape(), 1.0);
  return {};
}

static bool draws(const ResolvedRecipe &resolved, ArrayRef<AugmentSpec::Kind> kinds) {
  return llvm::any_of(resolved.recipe.data.augment,
                      [&](const AugmentSpec &augment) { return llvm::is_contained(kinds, augment.kind); });
}

void tally::declareVariables(ProgramBuilder &program) {
  using Kind = AugmentSpec::Kind;
  const ResolvedRecipe &resolved = program.resolved;
  auto integer = RankedTensorType::get({}, program.builder.getI64Type());
  program.addState("seed", integer, train::Role::Counter);
  program.addState("step", program.positions({}), train::Role::Counter);
  program.addState("permutation", program.positions({resolved.images}), train::Role::Counter);
  if (draws(resolved, {Kind::AlternatingFlip}))
    program.addState("flips", program.positions({resolved.images}), train::Role::Counter);
  for (const ResolvedTensor &tensor : resolved.tensors) {
    auto type = cast<RankedTensorType>(tensor.weight.getType());
    ElementsAttr value = initialValue(program, tensor);
    if (tensor.statistic)
      program.addState(tensor.name, type, train::Role::Statistics, value);
    else if (!tensor.fixedValue)
      program.addParameter(tensor, value);
    if (tensor.freezeStep > 0 && !tensor.statistic && resolved.recipe.accumulate > 1)
      program.addState(gradientSum(tensor), type, train::Role::Optimizer);
    if (tensor.freezeStep > 0 && !tensor.statistic)
      for (const std::string &state : optimizerStates(tensor))
        program.addState(state, type, train::Role::Optimizer);
    if (isAveraged(resolved, tensor))
      program.addState(averageOf(tensor.name), type, train::Role::Average, value);
  }
  if (resolved.recipe.accumulate > 1)
    program.addState("batch.drawn", program.positions({}), train::Role::Counter);
  auto batch = program.positions({resolved.recipe.batchSize});
  program.addState("batch.records", batch, train::Role::Batch);
  if (draws(resolved, {Kind::AlternatingFlip, Kind::RandomFlip}))
    program.addState("batch.flip", batch, train::Role::Batch);
  if (draws(resolved, {Kind::Crop}))
    for (StringRef name : {"batch.dy", "batch.dx"})
      program.addState(name, batch, train::Role::Batch);
  program.addState("log.loss", program.tensor({}), train::Role::Metric);
  program.addState("log.lr", program.tensor({}), train::Role::Metric);
  program.addState("eval.position", program.positions({}), train::Role::Metric);
  int64_t views = resolved.recipe.evaluate.views.size();
  if (resolved.signature.logits)
    program.addState("eval.correct", program.tensor({views}), train::Role::Metric);
  program.addState("eval.loss", program.tensor({views}), train::Role::Metric);
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Copies of the model's graph inside bodies, in training or in evaluation form.
#include "ProgramBuilder.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "tally/Import/Rebatch.h"
#include "tally/Interfaces/NormOpInterface.h"
#include "llvm/ADT/BitVector.h"

using namespace mlir;
using namespace tally;

namespace {
/// What the training form of one op is written through.
class StepFormBuilder : public TrainingFormBuilder {
public:
  StepFormBuilder(BodyBuilder &body, const Batch &batch, ArrayRef<Value> weights, const llvm::BitVector &trained,
                  const TrainingFormOptions &options, int64_t &uses)
      : TrainingFormBuilder(body.builder, body.loc, options), body(body), batch(batch), weights(weights),
        trained(trained), uses(uses) {}

  void replace(Value result, Value value) override { result.replaceAllUsesWith(value), replacements[result] = value; }
  bool updatesStatistic(Value operand) const override {
    std::optional<size_t> index = find(operand);
    return index && trained[*index];
  }
  void updateStatistic(Value operand, Value value) override {
    body.write(body.program.resolved.tensors[*find(operand)].name, value);
  }
  bool isStatistic(Value operand) const { return find(operand).has_value(); }
  Value uniform(RankedTensorType type) override {
    return body.random(nn::Distribution::Uniform, type, batch.epoch, batch.records,
                       static_cast<int64_t>(RandomUse::Dropout) + uses++);
  }

  llvm::DenseMap<Value, Value> replacements;

private:
  /// The tensor whose content the operand is.
  std::optional<size_t> find(Value operand) const {
    for (auto [index, weight] : llvm::enumerate(weights))
      if (weight == operand && body.program.resolved.tensors[index].statistic)
        return index;
    return std::nullopt;
  }

  BodyBuilder &body;
  const Batch &batch;
  ArrayRef<Value> weights;
  const llvm::BitVector &trained;
  int64_t &uses;
};
} // namespace

SmallVector<Value> tally::readWeights(BodyBuilder &body, Phase phase, bool averaged) {
  const ResolvedRecipe &resolved = body.program.resolved;
  SmallVector<Value> values;
  for (const ResolvedTensor &tensor : resolved.tensors) {
    body.enter(phase, tensor.weight.getLoc());
    if (tensor.fixedValue)
      values.push_back(body.constant(cast<RankedTensorType>(tensor.weight.getType()).getShape(), *tensor.fixedValue));
    else
      values.push_back(body.read(averaged && isAveraged(resolved, tensor) ? averageOf(tensor.name) : tensor.name));
  }
  return values;
}

static TrainingFormOptions trainingOptions(const BatchNormSpec &spec) {
  TrainingFormOptions options;
  if (spec.keep)
    options.batchNormKeep = spec.keep->toDouble();
  if (spec.eps)
    options.batchNormEpsilon = spec.eps->toDouble();
  options.sampleVariance = spec.sampleVariance;
  return options;
}

/// Infers the types of an op's results again, after its operands have changed.
static LogicalResult reinferTypes(InferTypeOpInterface op) {
  SmallVector<Type> types;
  if (failed(op.inferReturnTypes(op->getContext(), op->getLoc(), op->getOperands(), op->getDiscardableAttrDictionary(),
                                 op->getPropertiesStorage(), op->getRegions(), types)))
    return failure();
  for (auto [result, type] : llvm::zip_equal(op->getResults(), types))
    result.setType(type);
  return success();
}

/// Drops a scale that is fixed at 1 and a bias that is fixed at 0; `fixed` has the values that are a number throughout.
static LogicalResult dropFixedOperands(NormOpInterface norm, const llvm::DenseMap<Value, double> &fixed) {
  auto drop = [&](MutableOperandRange operand, double neutral) {
    auto number = operand.empty() ? fixed.end() : fixed.find(operand[0].get());
    if (number == fixed.end() || number->second != neutral)
      return false;
    operand.clear();
    return true;
  };
  bool scale = drop(norm.getScaleRange(), 1), bias = drop(norm.getBiasRange(), 0);
  return scale || bias ? reinferTypes(cast<InferTypeOpInterface>(norm.getOperation())) : success();
}

/// A step can only write running statistics that are variables.
static LogicalResult checkStatistics(NormOpInterface norm, const StepFormBuilder &form) {
  for (Value statistic : norm.getRunningStatistics())
    if (!form.isStatistic(statistic)) {
      Operation *op = statistic.getDefiningOp();
      return emitError(norm.getLoc()) << "requires running statistics that are initializers of the model, got "
                                      << (op ? op->getName().getStringRef() : "an input")
                                      << ": let the initializers feed the node themselves";
    }
  return success();
}

FailureOr<Answer> tally::cloneGraph(BodyBuilder &body, const Batch &batch, ArrayRef<Value> weights,
                                    const llvm::BitVector *trained) {
  ProgramBuilder &program = body.program;
  TrainingFormOptions options = trainingOptions(program.resolved.recipe.batchNorm);
  IRMapping mapping;
  mapping.map(program.graph.getArgument(0), batch.images);
  const TrainingSignature &signature = program.resolved.signature;
  if (signature.labels) {
    BlockArgument labels = program.graph.getArgument(*signature.labels);
    mapping.map(Value(labels), labelsOfType(body, batch.labels, cast<RankedTensorType>(labels.getType())));
  }
  llvm::DenseMap<Value, double> fixed;
  for (auto [tensor, value] : llvm::zip_equal(program.resolved.tensors, weights)) {
    mapping.map(tensor.weight.getResult(), value);
    if (tensor.fixedValue)
      fixed[value] = *tensor.fixedValue;
  }
  int64_t uses = 0;
  for (Operation &op : program.graph.getBody().front().without_terminator()) {
    if (isa<nn::WeightOp>(op))
      continue;
    FailureOr<Operation *> clone = cloneReinferred(&op, body.builder, mapping);
    if (failed(clone))
      return failure();
    body.loc = withPhase(op.getLoc(), body.phase);
    (*clone)->setLoc(body.loc);
    auto norm = dyn_cast<NormOpInterface>(*clone);
    if (norm) {
      norm.applyOptions(options);
      if (failed(dropFixedOperands(norm, fixed)))
        return failure();
    }
    auto form = dyn_cast<TrainingFormOpInterface>(*clone);
    if (!form || !trained)
      continue;
    StepFormBuilder formBuilder(body, batch, weights, *trained, options, uses);
    if (norm && failed(checkStatistics(norm, formBuilder)))
      return failure();
    if (failed(form.buildTrainingForm(formBuilder)))
      return failure();
    for (auto [original, result] : llvm::zip_equal(op.getResults(), (*clone)->getResults()))
      if (Value replacement = formBuilder.replacements.lookup(result))
        mapping.map(original, replacement);
    if ((*clone)->use_empty())
      (*clone)->erase();
  }
  Operation *outputs = program.graph.getBody().front().getTerminator();
  Answer answer;
  if (signature.logits)
    answer.logits = mapping.lookup(outputs->getOperand(*signature.logits));
  if (signature.loss)
    answer.loss = mapping.lookup(outputs->getOperand(*signature.loss));
  if (answer.loss && cast<RankedTensorType>(answer.loss.getType()).getRank() != 0)
    answer.loss = body.create<nn::ReshapeOp>(answer.loss, ArrayRef<int64_t>{});
  return answer;
}

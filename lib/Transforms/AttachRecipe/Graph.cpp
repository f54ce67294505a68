// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Copies of the model's graph inside bodies, in training or in evaluation form.
#include "ProgramBuilder.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "tally/Import/Rebatch.h"
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
    if (std::optional<size_t> index = find(operand))
      body.write(body.program.resolved.tensors[*index].name, value);
  }
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

/// Drops the optional operands of `op` that are fixed at their neutral value: a scale of 1, a bias of 0. Types may follow
/// from which operands there are.
static LogicalResult dropFixedOperands(Operation *op, ArrayRef<Value> fixed) {
  constexpr StringRef name = "operandSegmentSizes"; // of AttrSizedOperandSegments
  auto segments = op->getAttrOfType<DenseI32ArrayAttr>(name);
  if (!segments)
    return success();
  SmallVector<int32_t> sizes(segments.asArrayRef());
  for (unsigned operand = 0, segment = 0; segment < sizes.size(); ++segment) {
    if (sizes[segment] == 1 && llvm::is_contained(fixed, op->getOperand(operand))) {
      op->eraseOperand(operand);
      sizes[segment] = 0;
    }
    operand += sizes[segment];
  }
  op->setAttr(name, DenseI32ArrayAttr::get(op->getContext(), sizes));
  SmallVector<Type> types;
  auto inference = cast<InferTypeOpInterface>(op);
  if (failed(inference.inferReturnTypes(op->getContext(), op->getLoc(), op->getOperands(), op->getDiscardableAttrDictionary(),
                                        op->getPropertiesStorage(), op->getRegions(), types)))
    return failure();
  for (auto [result, type] : llvm::zip_equal(op->getResults(), types))
    result.setType(type);
  return success();
}

/// The recipe's epsilon of normalizations that train with the batch's statistics counts in both forms.
static void setEpsilon(Operation *op, const TrainingFormOptions &options) {
  if (options.batchNormEpsilon && isa<TrainingFormOpInterface>(op) &&
      llvm::is_contained(op->getName().getAttributeNames(), "epsilon"))
    op->setAttr("epsilon", Builder(op->getContext()).getF64FloatAttr(*options.batchNormEpsilon));
}

FailureOr<Value> tally::cloneGraph(BodyBuilder &body, const Batch &batch, ArrayRef<Value> weights,
                                   const llvm::BitVector *trained) {
  ProgramBuilder &program = body.program;
  TrainingFormOptions options = trainingOptions(program.resolved.recipe.batchNorm);
  IRMapping mapping;
  mapping.map(program.graph.getArgument(0), batch.images);
  SmallVector<Value> fixed;
  for (auto [tensor, value] : llvm::zip_equal(program.resolved.tensors, weights)) {
    mapping.map(tensor.weight.getResult(), value);
    if (tensor.fixedValue)
      fixed.push_back(value);
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
    if (failed(dropFixedOperands(*clone, fixed)))
      return failure();
    setEpsilon(*clone, options);
    auto form = dyn_cast<TrainingFormOpInterface>(*clone);
    if (!form || !trained)
      continue;
    StepFormBuilder formBuilder(body, batch, weights, *trained, options, uses);
    if (failed(form.buildTrainingForm(formBuilder)))
      return failure();
    for (auto [original, result] : llvm::zip_equal(op.getResults(), (*clone)->getResults()))
      if (Value replacement = formBuilder.replacements.lookup(result))
        mapping.map(original, replacement);
    if ((*clone)->use_empty())
      (*clone)->erase();
  }
  return mapping.lookup(program.graph.getBody().front().getTerminator()->getOperand(0));
}

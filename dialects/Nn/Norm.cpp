// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Types, gradients, training forms and costs of batch normalization.
#include "dialects/Nn/Nn.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

#define GET_OP_CLASSES
#include "dialects/Nn/Norm.cpp.inc"

/// C1: x is [N, K, ...], `images` have its type, `channels` (null where absent) are [K]. Returns the type of the
/// channels.
static FailureOr<RankedTensorType> inferChannelType(std::optional<Location> loc, Value x, ValueRange images,
                                                    ArrayRef<Value> channels) {
  auto type = dyn_cast<RankedTensorType>(x.getType());
  if (!type || !type.hasStaticShape() || !isa<FloatType>(type.getElementType()) || type.getRank() < 2)
    return emitOptionalError(loc, "requires x to be a float tensor of static shape and at least 2 dimensions, got ",
                             x.getType());
  RankedTensorType channel = RankedTensorType::get(type.getDimSize(1), type.getElementType());
  for (Value image : images)
    if (image.getType() != type)
      return emitOptionalError(loc, "expects a tensor of the type of x ", type, " (got ", image.getType(), ")");
  for (Value value : channels)
    if (value && value.getType() != channel)
      return emitOptionalError(loc, "expects a value for each channel, ", channel, " (got ", value.getType(), ")");
  return channel;
}

/// Collects the price of per-element and per-channel operations.
namespace {
class ChannelCost {
public:
  explicit ChannelCost(Value x) : type(cast<RankedTensorType>(x.getType())) {}
  int64_t elements() const { return type.getNumElements(); }
  int64_t channels() const { return type.getDimSize(1); }
  void body(OperationKind kind, Count number) {
    terms.push_back(CostTerm::body(kind, type.getElementType(), number));
  }
  /// A sum over each channel.
  void sum() { terms.push_back(CostTerm::sum(type.getElementType(), elements(), channels())); }

  RankedTensorType type;
  SmallVector<CostTerm> terms;
};
} // namespace

/// From variance to y: rstd, gain, c and gain*x + c.
static void costOfAffine(ChannelCost &cost, bool scale, bool bias) {
  cost.body(OperationKind::Add, cost.channels());
  cost.body(OperationKind::ReciprocalSquareRoot, cost.channels());
  cost.body(OperationKind::Multiply, cost.channels() * (scale ? 2 : 1));
  if (bias)
    cost.body(OperationKind::Subtract, cost.channels());
  cost.body(OperationKind::Multiply, cost.elements());
  cost.body(bias ? OperationKind::Add : OperationKind::Subtract, cost.elements());
}

// batch_norm

LogicalResult BatchNormOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                            SmallVectorImpl<Type> &types) {
  if (failed(inferChannelType(loc, adaptor.getX(), {},
                              {adaptor.getScale(), adaptor.getBias(), adaptor.getMean(), adaptor.getVariance()})))
    return failure();
  types.push_back(adaptor.getX().getType());
  return success();
}

/// keep*old + (1 - keep)*factor*current: the new running statistic.
static Value average(TrainingFormBuilder &form, double keep, double factor, Value old, Value current) {
  auto type = cast<RankedTensorType>(old.getType());
  auto constant = [&](double value) {
    auto scalar = RankedTensorType::get({}, type.getElementType());
    Attribute element = form.builder.getFloatAttr(type.getElementType(), value);
    return form.create<ConstantOp>(scalar, cast<ElementsAttr>(DenseElementsAttr::get(scalar, element)));
  };
  Value kept = form.create<MulOp>(old, constant(keep));
  Value added = form.create<MulOp>(current, constant((1 - keep) * factor));
  return form.create<AddOp>(kept, added);
}

LogicalResult BatchNormOp::buildTrainingForm(TrainingFormBuilder &form) {
  double epsilon = getEpsilon().convertToDouble();
  double keep = form.options.batchNormKeep.value_or(getMomentum().convertToDouble());
  auto training =
      form.create<BatchNormTrainingOp>(getX(), getScale(), getBias(), form.builder.getF64FloatAttr(epsilon));
  form.replace(getY(), training.getY());

  auto x = cast<RankedTensorType>(getX().getType());
  int64_t number = x.getNumElements() / x.getDimSize(1);
  if (form.updatesStatistic(getMean()))
    form.updateStatistic(getMean(), average(form, keep, 1, getMean(), training.getMean()));
  if (!form.updatesStatistic(getVariance()))
    return success();
  if (form.options.sampleVariance && number < 2)
    return emitOpError("requires at least 2 values for each channel for a sample variance, got ") << number;
  double factor = form.options.sampleVariance ? static_cast<double>(number) / (number - 1) : 1;
  form.updateStatistic(getVariance(), average(form, keep, factor, getVariance(), training.getVariance()));
  return success();
}

SmallVector<CostTerm> BatchNormOp::getCost() {
  ChannelCost cost(getX());
  costOfAffine(cost, !!getScale(), !!getBias());
  return cost.terms;
}

// batch_norm_training

LogicalResult BatchNormTrainingOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                                    SmallVectorImpl<Type> &types) {
  auto channel = inferChannelType(loc, adaptor.getX(), {}, {adaptor.getScale(), adaptor.getBias()});
  if (failed(channel))
    return failure();
  types.push_back(adaptor.getX().getType());
  types.append(4, *channel);
  return success();
}

LogicalResult BatchNormTrainingOp::buildGradient(GradientBuilder &gradients) {
  for (Value statistic : {getMean(), getVariance(), getRstd(), getGain()})
    if (gradients.of(statistic))
      return emitOpError("has no gradient through its statistics");
  Value dy = gradients.of(getY());
  bool needsX = gradients.needs(getX()), needsScale = getScale() && gradients.needs(getScale());
  Value dbias, dscale;
  if (needsX || (getBias() && gradients.needs(getBias()))) {
    SmallVector<int64_t> axes{0};
    for (int64_t axis = 2; axis < cast<RankedTensorType>(dy.getType()).getRank(); ++axis)
      axes.push_back(axis);
    dbias = gradients.create<ReduceSumOp>(dy, axes);
  }
  if (needsX || needsScale)
    dscale = gradients.create<BatchNormGradScaleOp>(getX(), dy, getMean(), getRstd());
  if (getBias() && gradients.needs(getBias()))
    gradients.accumulate(getBias(), dbias);
  if (needsScale)
    gradients.accumulate(getScale(), dscale);
  if (needsX)
    gradients.accumulate(
        getX(), gradients.create<BatchNormGradInputOp>(getX(), dy, getMean(), getRstd(), getGain(), dscale, dbias));
  return success();
}

SmallVector<CostTerm> BatchNormTrainingOp::getCost() {
  ChannelCost cost(getX());
  cost.sum();
  cost.body(OperationKind::Multiply, cost.channels());
  cost.body(OperationKind::Subtract, cost.elements());
  cost.body(OperationKind::Multiply, cost.elements());
  cost.sum();
  cost.body(OperationKind::Multiply, cost.channels());
  costOfAffine(cost, !!getScale(), !!getBias());
  return cost.terms;
}

// batch_norm_grad_scale

LogicalResult BatchNormGradScaleOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                                     SmallVectorImpl<Type> &types) {
  auto channel = inferChannelType(loc, adaptor.getX(), adaptor.getDy(), {adaptor.getMean(), adaptor.getRstd()});
  if (failed(channel))
    return failure();
  types.push_back(*channel);
  return success();
}

SmallVector<CostTerm> BatchNormGradScaleOp::getCost() {
  ChannelCost cost(getX());
  cost.body(OperationKind::Subtract, cost.elements());
  cost.body(OperationKind::Multiply, cost.elements());
  cost.sum();
  cost.body(OperationKind::Multiply, cost.channels());
  return cost.terms;
}

// batch_norm_grad_input

LogicalResult BatchNormGradInputOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                                     SmallVectorImpl<Type> &types) {
  if (failed(inferChannelType(
          loc, adaptor.getX(), adaptor.getDy(),
          {adaptor.getMean(), adaptor.getRstd(), adaptor.getGain(), adaptor.getDscale(), adaptor.getDbias()})))
    return failure();
  types.push_back(adaptor.getX().getType());
  return success();
}

SmallVector<CostTerm> BatchNormGradInputOp::getCost() {
  ChannelCost cost(getX());
  cost.body(OperationKind::Multiply, 6 * cost.channels());
  cost.body(OperationKind::Subtract, cost.channels());
  cost.body(OperationKind::Multiply, 2 * cost.elements());
  cost.body(OperationKind::Add, 2 * cost.elements());
  return cost.terms;
}

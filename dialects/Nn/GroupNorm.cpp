// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Types, gradients and costs of group normalization.
#include "dialects/Nn/Nn.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

#define GET_OP_CLASSES
#include "dialects/Nn/GroupNorm.cpp.inc"

static RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

/// C1, C2: x is [N, C, ...] and its channels fall into `groups` groups.
static LogicalResult checkGroups(std::optional<Location> loc, RankedTensorType x, int64_t groups) {
  if (x.getRank() < 2)
    return emitOptionalError(loc, "requires x to have at least 2 dimensions, got ", x);
  if (groups < 1 || x.getDimSize(1) % groups != 0)
    return emitOptionalError(loc, "requires groups to divide the ", x.getDimSize(1), " channels, got ", groups);
  return success();
}

/// The same for a gradient, whose `mean` and `rstd` say how many groups there are; C3.
static LogicalResult checkGradient(std::optional<Location> loc, Value x, Value dy, Value mean, Value rstd) {
  RankedTensorType type = typeOf(x), group = typeOf(mean);
  if (type.getRank() >= 2 &&
      (group.getRank() != 2 || group.getDimSize(0) != type.getDimSize(0) || rstd.getType() != group))
    return emitOptionalError(loc, "expects mean and rstd to be of one type [", type.getDimSize(0), ", groups] (got ",
                             group, " and ", rstd.getType(), ")");
  if (failed(checkGroups(loc, type, group.getRank() == 2 ? group.getDimSize(1) : 1)))
    return failure();
  if (dy.getType() != type)
    return emitOptionalError(loc, "expects dy to have the type of x ", type, " (got ", dy.getType(), ")");
  return success();
}

/// [N, C] of the element type of x.
static RankedTensorType channelType(RankedTensorType x) { return x.clone(x.getShape().take_front(2)); }

/// E, NC and NG.
namespace {
struct Sizes {
  Sizes(Value x, Value mean)
      : element(typeOf(x).getElementType()), elements(typeOf(x).getNumElements()),
        channels(channelType(typeOf(x)).getNumElements()), groups(typeOf(mean).getNumElements()) {}
  Type element;
  int64_t elements, channels, groups;
};
} // namespace

// group_norm

LogicalResult GroupNormOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                            SmallVectorImpl<Type> &types) {
  RankedTensorType x = typeOf(adaptor.getX());
  int64_t groups = adaptor.getGroups();
  if (failed(checkGroups(loc, x, groups)))
    return failure();
  for (Value value : {adaptor.getScale(), adaptor.getBias()})
    if (value && value.getType() != x.clone({x.getDimSize(1)})) // C3
      return emitOptionalError(loc, "expects a value for each channel, ", x.clone({x.getDimSize(1)}), " (got ",
                               value.getType(), ")");
  RankedTensorType group = x.clone({x.getDimSize(0), groups});
  types.append({x, group, group, adaptor.getScale() ? channelType(x) : group});
  return success();
}

LogicalResult GroupNormOp::buildGradient(GradientBuilder &gradients) {
  for (Value statistic : {getMean(), getRstd(), getGain()})
    if (gradients.of(statistic))
      return emitOpError("has no gradient through its statistics");
  Value dy = gradients.of(getY());
  bool needsX = gradients.needs(getX()), needsScale = getScale() && gradients.needs(getScale()),
       needsBias = getBias() && gradients.needs(getBias());
  Value dbias = dy, dscale;
  if (typeOf(dy).getRank() > 2 && (needsX || needsBias))
    dbias = gradients.create<ReduceSumOp>(dy, llvm::to_vector(llvm::seq<int64_t>(2, typeOf(dy).getRank())));
  if (needsX || needsScale)
    dscale = gradients.create<GroupNormGradScaleOp>(getX(), dy, getMean(), getRstd());
  int64_t samples = 0;
  if (needsBias)
    gradients.accumulate(getBias(), gradients.create<ReduceSumOp>(dbias, samples));
  if (needsScale)
    gradients.accumulate(getScale(), gradients.create<ReduceSumOp>(dscale, samples));
  if (needsX)
    gradients.accumulate(
        getX(), gradients.create<GroupNormGradInputOp>(getX(), dy, getMean(), getRstd(), getGain(), dscale, dbias));
  return success();
}

SmallVector<CostTerm> GroupNormOp::getCost() {
  Sizes n(getX(), getMean());
  int64_t gains = typeOf(getGain()).getNumElements();
  SmallVector<CostTerm> cost = {
      CostTerm::sum(n.element, n.elements, n.groups), // mean
      CostTerm::body(OperationKind::Multiply, n.element, n.groups),
      CostTerm::body(OperationKind::Subtract, n.element, n.elements), // variance
      CostTerm::product(n.element, n.element, n.elements, n.groups),
      CostTerm::body(OperationKind::Multiply, n.element, n.groups),
      CostTerm::body(OperationKind::Add, n.element, n.groups), // rstd
      CostTerm::body(OperationKind::ReciprocalSquareRoot, n.element, n.groups),
      CostTerm::body(OperationKind::Multiply, n.element, (getScale() ? gains : 0) + gains), // gain, mean * gain
      CostTerm::body(OperationKind::Subtract, n.element, getBias() ? n.channels : 0),
      CostTerm::body(OperationKind::Multiply, n.element, n.elements), // y
      CostTerm::body(getBias() ? OperationKind::Add : OperationKind::Subtract, n.element, n.elements)};
  return cost;
}

// group_norm_grad_scale

LogicalResult GroupNormGradScaleOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                                     SmallVectorImpl<Type> &types) {
  if (failed(checkGradient(loc, adaptor.getX(), adaptor.getDy(), adaptor.getMean(), adaptor.getRstd())))
    return failure();
  types.push_back(channelType(typeOf(adaptor.getX())));
  return success();
}

SmallVector<CostTerm> GroupNormGradScaleOp::getCost() {
  Sizes n(getX(), getMean());
  return {CostTerm::body(OperationKind::Subtract, n.element, n.elements),
          CostTerm::product(n.element, n.element, n.elements, n.channels),
          CostTerm::body(OperationKind::Multiply, n.element, n.channels)};
}

// group_norm_grad_input

LogicalResult GroupNormGradInputOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                                     SmallVectorImpl<Type> &types) {
  if (failed(checkGradient(loc, adaptor.getX(), adaptor.getDy(), adaptor.getMean(), adaptor.getRstd())))
    return failure();
  RankedTensorType x = typeOf(adaptor.getX()), channel = channelType(x);
  Type gain = adaptor.getGain().getType();
  if (gain != channel && gain != adaptor.getMean().getType()) // C4
    return emitOptionalError(loc, "expects gain to be of type ", channel, " or ", adaptor.getMean().getType(), " (got ",
                             gain, ")");
  for (Value value : {adaptor.getDscale(), adaptor.getDbias()})
    if (value.getType() != channel) // C4
      return emitOptionalError(loc, "expects dscale and dbias to be of type ", channel, " (got ", value.getType(), ")");
  types.push_back(x);
  return success();
}

SmallVector<CostTerm> GroupNormGradInputOp::getCost() {
  Sizes n(getX(), getMean());
  int64_t gains = typeOf(getGain()).getNumElements();
  return {CostTerm::body(OperationKind::Multiply, n.element, 2 * gains), // p, q
          CostTerm::sum(n.element, Count(2) * n.channels, Count(2) * n.groups),
          CostTerm::body(OperationKind::Multiply, n.element, Count(4) * n.groups), // b, c
          CostTerm::body(OperationKind::Subtract, n.element, n.groups),
          CostTerm::body(OperationKind::Multiply, n.element, Count(2) * n.elements), // dx
          CostTerm::body(OperationKind::Add, n.element, Count(2) * n.elements)};
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Types, gradients and costs of convolution.
#include "dialects/Nn/Nn.h"
#include "dialects/Nn/Product.h"
#include "dialects/Nn/Window.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

#define GET_OP_CLASSES
#include "dialects/Nn/Conv.cpp.inc"

/// The facts of one of the three sums of products of `factor`: `x` and `weight` are those of the forward convolution.
static SmallVector<CostTerm> costOf(Value factor, Value result, RankedTensorType x, RankedTensorType weight,
                                    const std::pair<Window, Window> &windows, int64_t results) {
  auto [height, width] = windows;
  Count pairs = Count(x.getDimSize(0)) * weight.getDimSize(0) * weight.getDimSize(1);
  Count terms = pairs * height.outputs() * height.kernel * width.outputs() * width.kernel;
  return {costOfProducts(factor, result, terms, results, terms - pairs * height.validTaps() * width.validTaps())};
}

/// True when the attributes split both numbers of channels into groups (C2); else an error.
static LogicalResult checkGroups(std::optional<Location> loc, int64_t group, int64_t inputs, int64_t outputs) {
  if (group < 1 || inputs % group || outputs % group)
    return emitOptionalError(loc, "requires group to divide ", inputs, " input and ", outputs, " output channels, got ",
                             group);
  return success();
}

/// C3: dy must be the result of the forward convolution.
static LogicalResult checkResult(std::optional<Location> loc, RankedTensorType dy, ArrayRef<int64_t> expected) {
  if (dy.getShape() != expected)
    return emitOptionalError(loc, "expects dy of shape [", expected, "] (got [", dy.getShape(), "])");
  return success();
}

// conv

LogicalResult ConvOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                       SmallVectorImpl<Type> &types) {
  auto x = floatTensorOfRank(loc, adaptor.getX(), "x", 4),
       weight = floatTensorOfRank(loc, adaptor.getWeight(), "weight", 4);
  if (failed(x) || failed(weight))
    return failure();
  int64_t group = adaptor.getGroup(), channels = x->getDimSize(1), filters = weight->getDimSize(0);
  if (failed(checkGroups(loc, group, channels, filters)))
    return failure();
  if (weight->getDimSize(1) * group != channels) // C2
    return emitOptionalError(loc, "expects a weight for ", channels / group, " channels (got ", weight->getDimSize(1),
                             ")");
  auto windows = windowsOf(loc, x->getShape().drop_front(2), weight->getShape().drop_front(2), adaptor.getStrides(),
                           adaptor.getDilations(), adaptor.getPads()); // C1
  FailureOr<Type> sum = sumType(loc, adaptor.getX(), adaptor.getWeight(), adaptor.getAccumulator()); // C3
  if (failed(windows) || failed(sum))
    return failure();
  types.push_back(RankedTensorType::get({x->getDimSize(0), filters, windows->first.outputs(), windows->second.outputs()}, *sum));
  return success();
}

LogicalResult ConvOp::buildGradient(GradientBuilder &gradients) {
  Value dy = convertLike(gradients, gradients.of(getY()), getX());
  auto x = cast<RankedTensorType>(getX().getType()), weight = cast<RankedTensorType>(getWeight().getType());
  if (gradients.needs(getX())) {
    Value dx = gradients.create<ConvGradInputOp>(dy, getWeight(), x.getShape().drop_front(2), getStrides(), getDilations(),
                                                 getPads(), getGroup(), getAccumulatorAttr());
    accumulateToFactor(gradients, getX(), dx);
  }
  if (gradients.needs(getWeight())) {
    Value dweight = gradients.create<ConvGradWeightOp>(getX(), dy, weight.getShape().drop_front(2), getStrides(),
                                                       getDilations(), getPads(), getGroup(), getAccumulatorAttr());
    accumulateToFactor(gradients, getWeight(), dweight);
  }
  return success();
}

SmallVector<CostTerm> ConvOp::getCost() {
  auto x = cast<RankedTensorType>(getX().getType()), weight = cast<RankedTensorType>(getWeight().getType());
  auto windows = windowsOf(std::nullopt, x.getShape().drop_front(2), weight.getShape().drop_front(2), getStrides(),
                           getDilations(), getPads());
  return costOf(getX(), getY(), x, weight, *windows, cast<RankedTensorType>(getType()).getNumElements());
}

// conv_grad_input

LogicalResult ConvGradInputOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                                SmallVectorImpl<Type> &types) {
  auto dy = floatTensorOfRank(loc, adaptor.getDy(), "dy", 4),
       weight = floatTensorOfRank(loc, adaptor.getWeight(), "weight", 4);
  if (failed(dy) || failed(weight))
    return failure();
  int64_t group = adaptor.getGroup(), filters = weight->getDimSize(0), channels = weight->getDimSize(1) * group;
  if (failed(checkGroups(loc, group, channels, filters)))
    return failure();
  auto windows =
      windowsOf(loc, adaptor.getSize(), weight->getShape().drop_front(2), adaptor.getStrides(), adaptor.getDilations(),
                adaptor.getPads()); // C1
  FailureOr<Type> sum = sumType(loc, adaptor.getDy(), adaptor.getWeight(), adaptor.getAccumulator()); // C4
  if (failed(windows) || failed(sum) ||
      failed(checkResult(loc, *dy, {dy->getDimSize(0), filters, windows->first.outputs(), windows->second.outputs()})))
    return failure();
  types.push_back(RankedTensorType::get({dy->getDimSize(0), channels, windows->first.size, windows->second.size}, *sum));
  return success();
}

SmallVector<CostTerm> ConvGradInputOp::getCost() {
  auto dx = cast<RankedTensorType>(getType()), weight = cast<RankedTensorType>(getWeight().getType());
  auto windows =
      windowsOf(std::nullopt, getSize(), weight.getShape().drop_front(2), getStrides(), getDilations(), getPads());
  int64_t touched = dx.getDimSize(0) * dx.getDimSize(1) * windows->first.touched() * windows->second.touched();
  return costOf(getDy(), getDx(), dx, weight, *windows, touched);
}

LogicalResult ConvGradInputOp::buildGradient(GradientBuilder &gradients) {
  Value g = convertLike(gradients, gradients.of(getDx()), getDy());
  if (gradients.needs(getDy())) {
    Value ddy = gradients.create<ConvOp>(g, getWeight(), getStrides(), getDilations(), getPads(), getGroup(), getAccumulatorAttr());
    accumulateToFactor(gradients, getDy(), ddy);
  }
  if (gradients.needs(getWeight())) {
    auto kernel = cast<RankedTensorType>(getWeight().getType()).getShape().drop_front(2);
    Value dweight = gradients.create<ConvGradWeightOp>(g, getDy(), kernel, getStrides(), getDilations(), getPads(), getGroup(),
                                                       getAccumulatorAttr());
    accumulateToFactor(gradients, getWeight(), dweight);
  }
  return success();
}

// conv_grad_weight

LogicalResult ConvGradWeightOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                                 SmallVectorImpl<Type> &types) {
  auto x = floatTensorOfRank(loc, adaptor.getX(), "x", 4), dy = floatTensorOfRank(loc, adaptor.getDy(), "dy", 4);
  if (failed(x) || failed(dy))
    return failure();
  int64_t group = adaptor.getGroup(), channels = x->getDimSize(1), filters = dy->getDimSize(1);
  if (failed(checkGroups(loc, group, channels, filters)))
    return failure();
  auto windows =
      windowsOf(loc, x->getShape().drop_front(2), adaptor.getKernel(), adaptor.getStrides(), adaptor.getDilations(),
                adaptor.getPads()); // C1
  FailureOr<Type> sum = sumType(loc, adaptor.getX(), adaptor.getDy(), adaptor.getAccumulator()); // C4
  if (failed(windows) || failed(sum) ||
      failed(checkResult(loc, *dy, {x->getDimSize(0), filters, windows->first.outputs(), windows->second.outputs()})))
    return failure();
  types.push_back(RankedTensorType::get({filters, channels / group, windows->first.kernel, windows->second.kernel}, *sum));
  return success();
}

SmallVector<CostTerm> ConvGradWeightOp::getCost() {
  auto x = cast<RankedTensorType>(getX().getType()), dweight = cast<RankedTensorType>(getType());
  auto windows =
      windowsOf(std::nullopt, x.getShape().drop_front(2), getKernel(), getStrides(), getDilations(), getPads());
  return costOf(getX(), getDweight(), x, dweight, *windows, dweight.getNumElements());
}

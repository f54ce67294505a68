// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Types, gradients, training forms and costs of pooling.
#include "dialects/Nn/Nn.h"
#include "dialects/Nn/Window.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

#define GET_OP_CLASSES
#include "dialects/Nn/Pool.cpp.inc"

/// The windows of a pooling op or its adaptor over an input of `size` [H, W] (C1).
template <typename Pool>
static FailureOr<std::pair<Window, Window>> poolWindows(std::optional<Location> loc, Pool &&op,
                                                        ArrayRef<int64_t> size) {
  auto windows =
      windowsOf(loc, size, op.getKernel(), op.getStrides(), op.getDilations(), op.getPads(), op.getCeilMode());
  if (succeeded(windows))
    for (const Window &window : {windows->first, windows->second})
      if (window.before >= window.extent() || window.after >= window.extent())
        return emitOptionalError(loc, "requires pads less than the window's extent ", window.extent(), ", got [",
                                 op.getPads(), "]");
  return windows;
}

static ArrayRef<int64_t> imageSize(Value x) { return cast<RankedTensorType>(x.getType()).getShape().take_back(2); }

/// The type of the result of a pooling op of `x`.
template <typename Adaptor>
static FailureOr<RankedTensorType> inferPoolType(std::optional<Location> loc, Adaptor adaptor) {
  auto x = floatTensorOfRank(loc, adaptor.getX(), "x", 4);
  if (failed(x))
    return failure();
  auto windows = poolWindows(loc, adaptor, x->getShape().take_back(2));
  if (failed(windows))
    return failure();
  return x->clone({x->getDimSize(0), x->getDimSize(1), windows->first.outputs(), windows->second.outputs()});
}

/// `kind` over all taps of each output.
static CostTerm costOfTaps(Value y, ArrayRef<int64_t> kernel, OperationKind kind) {
  auto type = cast<RankedTensorType>(y.getType());
  return CostTerm::sum(type.getElementType(), Count(type.getNumElements()) * kernel[0] * kernel[1], type.getNumElements(),
                       kind);
}

// max_pool

LogicalResult MaxPoolOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                          SmallVectorImpl<Type> &types) {
  auto y = inferPoolType(loc, adaptor);
  if (failed(y))
    return failure();
  types.push_back(*y);
  return success();
}

LogicalResult MaxPoolOp::buildTrainingForm(TrainingFormBuilder &form) {
  auto training =
      form.create<MaxPoolTrainingOp>(getX(), getKernel(), getStrides(), getDilations(), getPads(), getCeilMode());
  form.replace(getY(), training.getY());
  return success();
}

SmallVector<CostTerm> MaxPoolOp::getCost() { return {costOfTaps(getY(), getKernel(), OperationKind::Maximum)}; }

// max_pool_training

LogicalResult MaxPoolTrainingOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc, Adaptor adaptor,
                                                  SmallVectorImpl<Type> &types) {
  auto y = inferPoolType(loc, adaptor);
  if (failed(y))
    return failure();
  types.push_back(*y);
  types.push_back(y->clone(IndexType::get(context)));
  return success();
}

LogicalResult MaxPoolTrainingOp::buildGradient(GradientBuilder &gradients) {
  gradients.accumulate(getX(), gradients.create<MaxPoolGradOp>(gradients.of(getY()), getPosition(), imageSize(getX())));
  return success();
}

LogicalResult MaxPoolTrainingOp::canonicalize(MaxPoolTrainingOp op, PatternRewriter &rewriter) {
  if (!op.getPosition().use_empty())
    return rewriter.notifyMatchFailure(op, "the position is used");
  auto plain = MaxPoolOp::create(rewriter, op.getLoc(), op.getX(), op.getKernel(), op.getStrides(), op.getDilations(),
                                 op.getPads(), op.getCeilMode());
  rewriter.replaceAllUsesWith(op.getY(), plain);
  rewriter.eraseOp(op);
  return success();
}

SmallVector<CostTerm> MaxPoolTrainingOp::getCost() {
  return {costOfTaps(getY(), getKernel(), OperationKind::Maximum),
          costOfTaps(getY(), getKernel(), OperationKind::Compare)};
}

// max_pool_grad

LogicalResult MaxPoolGradOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                              SmallVectorImpl<Type> &types) {
  auto dy = floatTensorOfRank(loc, adaptor.getDy(), "dy", 4);
  if (failed(dy))
    return failure();
  ArrayRef<int64_t> size = adaptor.getSize();
  if (size.size() != 2 || llvm::any_of(size, [](int64_t entry) { return entry < 1; })) // C1
    return emitOptionalError(loc, "requires size to have 2 positive entries, got [", size, "]");
  if (adaptor.getPosition().getType() != dy->clone(IndexType::get(dy->getContext()))) // C2
    return emitOptionalError(loc, "expects position of the shape of dy (got ", adaptor.getPosition().getType(), ")");
  types.push_back(dy->clone({dy->getDimSize(0), dy->getDimSize(1), size[0], size[1]}));
  return success();
}

SmallVector<CostTerm> MaxPoolGradOp::getCost() {
  auto dy = cast<RankedTensorType>(getDy().getType());
  return {CostTerm::body(OperationKind::Add, dy.getElementType(), dy.getNumElements())};
}

// average_pool

LogicalResult AveragePoolOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                              SmallVectorImpl<Type> &types) {
  auto y = inferPoolType(loc, adaptor);
  if (failed(y))
    return failure();
  types.push_back(*y);
  return success();
}

LogicalResult AveragePoolOp::buildGradient(GradientBuilder &gradients) {
  gradients.accumulate(getX(), gradients.create<AveragePoolGradOp>(gradients.of(getY()), imageSize(getX()), getKernel(),
                                                                   getStrides(), getDilations(), getPads(),
                                                                   getCeilMode(), getCountIncludePad()));
  return success();
}

SmallVector<CostTerm> AveragePoolOp::getCost() {
  auto y = cast<RankedTensorType>(getType());
  return {costOfTaps(getY(), getKernel(), OperationKind::Add),
          CostTerm::body(OperationKind::Multiply, y.getElementType(), y.getNumElements())};
}

// average_pool_grad

LogicalResult AveragePoolGradOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                                  SmallVectorImpl<Type> &types) {
  auto dy = floatTensorOfRank(loc, adaptor.getDy(), "dy", 4);
  if (failed(dy))
    return failure();
  auto windows = poolWindows(loc, adaptor, adaptor.getSize()); // C1
  if (failed(windows))
    return failure();
  SmallVector<int64_t> expected{dy->getDimSize(0), dy->getDimSize(1), windows->first.outputs(),
                                windows->second.outputs()};
  if (dy->getShape() != ArrayRef(expected)) // C2
    return emitOptionalError(loc, "expects dy of shape [", expected, "] (got [", dy->getShape(), "])");
  types.push_back(dy->clone({dy->getDimSize(0), dy->getDimSize(1), windows->first.size, windows->second.size}));
  return success();
}

SmallVector<CostTerm> AveragePoolGradOp::getCost() {
  auto dy = cast<RankedTensorType>(getDy().getType());
  auto windows = poolWindows(std::nullopt, *this, getSize());
  int64_t touched = dy.getDimSize(0) * dy.getDimSize(1) * windows->first.touched() * windows->second.touched();
  return {CostTerm::body(OperationKind::Multiply, dy.getElementType(), dy.getNumElements()),
          CostTerm::sum(dy.getElementType(), Count(dy.getNumElements()) * getKernel()[0] * getKernel()[1], touched)};
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Types, gradients and folds of the ops that only move data.
#include "dialects/Nn/Nn.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

#define GET_OP_CLASSES
#include "dialects/Nn/Shape.cpp.inc"

static RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

/// Where the element at `index` lies in row-major order.
static int64_t rowMajorPosition(ArrayRef<int64_t> index, ArrayRef<int64_t> shape) {
  int64_t position = 0;
  for (auto [i, size] : llvm::zip_equal(index, shape))
    position = position * size + i;
  return position;
}

LogicalResult ReshapeOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                          SmallVectorImpl<Type> &types) {
  auto input = cast<RankedTensorType>(adaptor.getX().getType());
  SmallVector<int64_t> shape(adaptor.getShape());
  int64_t known = 1;
  int64_t *open = nullptr;
  for (int64_t &size : shape) {
    if (size == -1 && !open)
      open = &size;
    else if (size < 0 || llvm::MulOverflow(known, size, known))
      return emitOptionalError(loc, "requires entries of shape of at least 0 and at most one -1, got [", shape, "]"); // C1
  }
  if (open)
    *open = known ? input.getNumElements() / known : 0;
  if (known * (open ? *open : 1) != input.getNumElements())
    return emitOptionalError(loc, "expects ", input.getNumElements(), " elements, got shape [", shape, "]"); // C2
  types.push_back(RankedTensorType::get(shape, input.getElementType()));
  return success();
}

LogicalResult ReshapeOp::buildGradient(GradientBuilder &gradients) {
  gradients.accumulate(getX(), gradients.create<ReshapeOp>(gradients.of(getY()), typeOf(getX()).getShape()));
  return success();
}

OpFoldResult ReshapeOp::fold(FoldAdaptor adaptor) {
  if (getX().getType() == getY().getType())
    return getX();
  if (auto inner = getX().getDefiningOp<ReshapeOp>()) {
    getXMutable().assign(inner.getX());
    return getResult();
  }
  return foldMove(adaptor.getX(), getType(),
                  [&](ArrayRef<int64_t> index) { return rowMajorPosition(index, typeOf(getY()).getShape()); });
}

LogicalResult TransposeOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                            SmallVectorImpl<Type> &types) {
  auto input = cast<RankedTensorType>(adaptor.getX().getType());
  ArrayRef<int64_t> permutation = adaptor.getPermutation();
  if (static_cast<int64_t>(permutation.size()) != input.getRank() || !isPermutationVector(permutation)) // C1
    return emitOptionalError(loc, "requires a permutation of ", input.getRank(), " dimensions, got [", permutation, "]");
  types.push_back(input.clone(applyPermutation(input.getShape(), permutation)));
  return success();
}

LogicalResult TransposeOp::buildGradient(GradientBuilder &gradients) {
  SmallVector<int64_t> inverse = invertPermutationVector(getPermutation());
  gradients.accumulate(getX(), gradients.create<TransposeOp>(gradients.of(getY()), inverse));
  return success();
}

OpFoldResult TransposeOp::fold(FoldAdaptor adaptor) {
  if (isIdentityPermutation(getPermutation()))
    return getX();
  if (auto inner = getX().getDefiningOp<TransposeOp>()) {
    setPermutation(applyPermutation(inner.getPermutation(), getPermutation()));
    getXMutable().assign(inner.getX());
    return getResult();
  }
  SmallVector<int64_t> inverse = invertPermutationVector(getPermutation());
  return foldMove(adaptor.getX(), getType(), [&](ArrayRef<int64_t> index) {
    return rowMajorPosition(applyPermutation(index, inverse), typeOf(getX()).getShape());
  });
}

LogicalResult BroadcastOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                            SmallVectorImpl<Type> &types) {
  auto input = cast<RankedTensorType>(adaptor.getX().getType());
  SmallVector<int64_t> shape(adaptor.getShape());
  int64_t offset = static_cast<int64_t>(shape.size()) - input.getRank();
  if (offset < 0) // C1
    return emitOptionalError(loc, "requires a shape of rank at least ", input.getRank(), ", got [", shape, "]");
  for (auto [dimension, size] : llvm::enumerate(shape)) {
    int64_t own = static_cast<int64_t>(dimension) < offset ? 1 : input.getDimSize(dimension - offset);
    if (size == 1 || (size == -1 && static_cast<int64_t>(dimension) >= offset))
      size = own;
    else if (size < 0 || (own != 1 && own != size)) // C2
      return emitOptionalError(loc, "expects shapes that broadcast, got ", input, " and [", adaptor.getShape(), "]");
  }
  types.push_back(input.clone(shape));
  return success();
}

LogicalResult BroadcastOp::buildGradient(GradientBuilder &gradients) {
  gradients.accumulate(getX(), sumToShape(gradients, gradients.of(getY()), getX().getType()));
  return success();
}

OpFoldResult BroadcastOp::fold(FoldAdaptor adaptor) {
  if (getX().getType() == getY().getType())
    return getX();
  ArrayRef<int64_t> shape = typeOf(getX()).getShape();
  return foldMove(adaptor.getX(), getType(), [&](ArrayRef<int64_t> index) {
    SmallVector<int64_t> own(index.take_back(shape.size()));
    for (auto [i, size] : llvm::zip_equal(own, shape))
      i = size == 1 ? 0 : i;
    return rowMajorPosition(own, shape);
  });
}

LogicalResult ExpandBatchOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor, SmallVectorImpl<Type> &types) {
  auto x = cast<RankedTensorType>(adaptor.getX().getType()), like = cast<RankedTensorType>(adaptor.getLike().getType());
  if (x.getRank() < 1 || like.getRank() < 1 || x.getDimSize(0) != 1) // C1
    return emitOptionalError(loc, "requires a first dimension of 1 and a batch, got ", x, " and ", like);
  SmallVector<int64_t> shape(x.getShape());
  shape.front() = like.getDimSize(0);
  types.push_back(x.clone(shape));
  return success();
}

LogicalResult ExpandBatchOp::buildGradient(GradientBuilder &gradients) {
  if (gradients.needs(getX()))
    gradients.accumulate(getX(), sumToShape(gradients, gradients.of(getY()), getX().getType()));
  return success();
}

OpFoldResult ExpandBatchOp::fold(FoldAdaptor) { return getX().getType() == getY().getType() ? OpFoldResult(getX()) : OpFoldResult(); }

LogicalResult ConcatOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                         SmallVectorImpl<Type> &types) {
  if (adaptor.getInputs().empty())
    return emitOptionalError(loc, "requires at least one input"); // C1
  auto first = cast<RankedTensorType>(adaptor.getInputs().front().getType());
  auto axis = static_cast<int64_t>(adaptor.getAxis());
  if (axis < 0 || axis >= first.getRank()) // C1
    return emitOptionalError(loc, "requires axis in [0, ", first.getRank(), "), got ", axis);
  SmallVector<int64_t> shape(first.getShape());
  for (Value input : adaptor.getInputs().drop_front()) {
    auto type = cast<RankedTensorType>(input.getType());
    if (type.getRank() != first.getRank() || type.getElementType() != first.getElementType() ||
        !llvm::all_of(llvm::seq<int64_t>(type.getRank()), [&](int64_t dimension) {
          return dimension == axis || type.getDimSize(dimension) == first.getDimSize(dimension);
        })) // C2
      return emitOptionalError(loc, "expects inputs that agree but for dimension ", axis, ", got ", first, " and ", type);
    shape[axis] += type.getDimSize(axis);
  }
  types.push_back(first.clone(shape));
  return success();
}

LogicalResult ConcatOp::buildGradient(GradientBuilder &gradients) {
  int64_t axis = getAxis(), rank = typeOf(getY()).getRank();
  SmallVector<int64_t> starts(rank, 0), steps(rank, 1);
  for (Value input : getInputs()) {
    ArrayRef<int64_t> shape = typeOf(input).getShape();
    if (gradients.needs(input))
      gradients.accumulate(input, gradients.create<SliceOp>(gradients.of(getY()), starts, shape, steps));
    starts[axis] += shape[axis];
  }
  return success();
}

OpFoldResult ConcatOp::fold(FoldAdaptor adaptor) {
  if (getInputs().size() == 1)
    return getInputs().front();
  return foldConcat(adaptor.getInputs(), typeOf(getY()), getAxis());
}

/// Checks that `sizes` elements at `starts`, `steps` apart, lie inside `shape` (C1, C2).
static LogicalResult checkPart(std::optional<Location> loc, ArrayRef<int64_t> shape, ArrayRef<int64_t> starts,
                               ArrayRef<int64_t> sizes, ArrayRef<int64_t> steps) {
  if (starts.size() != shape.size() || sizes.size() != shape.size() || steps.size() != shape.size()) // C1
    return emitOptionalError(loc, "requires starts, sizes and steps of ", shape.size(), " entries, got [", starts, "], [",
                             sizes, "] and [", steps, "]");
  for (auto [dimension, size] : llvm::enumerate(shape)) {
    int64_t start = starts[dimension], number = sizes[dimension], step = steps[dimension];
    if (start < 0 || number < 0 || step < 1 || size < 0) // C1
      return emitOptionalError(loc, "requires starts and sizes of at least 0 and steps of at least 1, got ", start, ", ",
                               number, " and ", step);
    if (number > 0 && (start >= size || number - 1 > (size - 1 - start) / step)) // C2
      return emitOptionalError(loc, "expects a part inside dimension ", dimension, " of size ", size, ", got ", number,
                               " elements from ", start, " in steps of ", step);
  }
  return success();
}

LogicalResult SliceOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                        SmallVectorImpl<Type> &types) {
  auto input = cast<RankedTensorType>(adaptor.getX().getType());
  SmallVector<int64_t> sizes(adaptor.getSizes());
  for (auto [dimension, size] : llvm::enumerate(sizes))
    if (size == -1 && dimension < std::min({static_cast<size_t>(input.getRank()), adaptor.getStarts().size(),
                                            adaptor.getSteps().size()}) && adaptor.getSteps()[dimension] > 0)
      size = llvm::divideCeilSigned(input.getDimSize(dimension) - adaptor.getStarts()[dimension], adaptor.getSteps()[dimension]);
  if (failed(checkPart(loc, input.getShape(), adaptor.getStarts(), sizes, adaptor.getSteps())))
    return failure();
  types.push_back(input.clone(sizes));
  return success();
}

LogicalResult SliceOp::buildGradient(GradientBuilder &gradients) {
  gradients.accumulate(getX(), gradients.create<SliceGradOp>(gradients.of(getY()), typeOf(getX()).getShape(), getStarts(),
                                                             getSteps()));
  return success();
}

OpFoldResult SliceOp::fold(FoldAdaptor adaptor) {
  if (getX().getType() == getY().getType()) // all of x: it cannot start anywhere but at 0
    return getX();
  return foldMove(adaptor.getX(), getType(), [&](ArrayRef<int64_t> index) {
    SmallVector<int64_t> own(index);
    for (auto [i, start, step] : llvm::zip_equal(own, getStarts(), getSteps()))
      i = start + i * step;
    return rowMajorPosition(own, typeOf(getX()).getShape());
  });
}

LogicalResult SliceGradOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                            SmallVectorImpl<Type> &types) {
  auto input = cast<RankedTensorType>(adaptor.getDy().getType());
  SmallVector<int64_t> shape(adaptor.getShape());
  for (auto [dimension, size] : llvm::enumerate(shape))
    if (size == -1 && dimension < static_cast<size_t>(input.getRank()))
      size = input.getDimSize(dimension);
  if (failed(checkPart(loc, shape, adaptor.getStarts(), input.getShape(), adaptor.getSteps())))
    return failure();
  types.push_back(input.clone(shape));
  return success();
}

LogicalResult SliceGradOp::buildGradient(GradientBuilder &gradients) {
  gradients.accumulate(getDy(), gradients.create<SliceOp>(gradients.of(getDx()), getStarts(),
                                                          typeOf(getDy()).getShape(), getSteps()));
  return success();
}

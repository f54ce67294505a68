// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Types of the augmentation ops.
#include "dialects/Nn/Nn.h"
#include "dialects/Nn/Window.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

#define GET_OP_CLASSES
#include "dialects/Nn/Image.cpp.inc"

/// y has the type of x: [N, C, H, W]; `positions` (null where absent) are [N] (C1).
static FailureOr<RankedTensorType> inferImageType(std::optional<Location> loc, Value x, ArrayRef<Value> positions,
                                                  SmallVectorImpl<Type> &types) {
  auto type = floatTensorOfRank(loc, x, "x", 4);
  if (failed(type))
    return failure();
  auto expected = RankedTensorType::get(type->getDimSize(0), IndexType::get(type->getContext()));
  for (Value position : positions)
    if (position && position.getType() != expected)
      return emitOptionalError(loc, "expects a position for each image, ", expected, " (got ", position.getType(), ")");
  types.push_back(*type);
  return type;
}

LogicalResult FlipOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                       SmallVectorImpl<Type> &types) {
  return inferImageType(loc, adaptor.getX(), adaptor.getFlags(), types);
}

LogicalResult CropOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                       SmallVectorImpl<Type> &types) {
  auto type = inferImageType(loc, adaptor.getX(), {adaptor.getDy(), adaptor.getDx()}, types);
  if (failed(type))
    return failure();
  int64_t pad = adaptor.getPad(), limit = std::min(type->getDimSize(2), type->getDimSize(3));
  if (pad < 0 || (adaptor.getBorder() == Border::Reflect && pad >= limit)) // C2
    return emitOptionalError(loc, "requires pad of at least 0 and, where x is reflected, below ", limit, ", got ", pad);
  return success();
}

LogicalResult TranslateOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                            SmallVectorImpl<Type> &types) {
  auto type = inferImageType(loc, adaptor.getX(), {}, types);
  if (failed(type))
    return failure();
  ArrayRef<int64_t> by = adaptor.getBy();
  if (by.size() != 2 || std::abs(by[0]) >= type->getDimSize(2) || std::abs(by[1]) >= type->getDimSize(3)) // C1
    return emitOptionalError(loc, "requires by of 2 entries below the image's size ", type->getDimSize(2), "x",
                             type->getDimSize(3), ", got [", by, "]");
  return success();
}

LogicalResult CutoutOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                         SmallVectorImpl<Type> &types) {
  auto type = inferImageType(loc, adaptor.getX(), {adaptor.getTop(), adaptor.getLeft()}, types);
  if (failed(type))
    return failure();
  int64_t size = adaptor.getSize(), limit = std::min(type->getDimSize(2), type->getDimSize(3));
  if (size < 1 || size > limit) // C2
    return emitOptionalError(loc, "requires size in [1, ", limit, "], got ", size);
  return success();
}

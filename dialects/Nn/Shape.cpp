// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Types and gradients of the ops that only move data.
#include "dialects/Nn/Nn.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

#define GET_OP_CLASSES
#include "dialects/Nn/Shape.cpp.inc"

LogicalResult ReshapeOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                          SmallVectorImpl<Type> &types) {
  auto input = cast<RankedTensorType>(adaptor.getX().getType());
  SmallVector<int64_t> shape(adaptor.getShape());
  int64_t known = 1;
  int64_t *open = nullptr;
  for (int64_t &size : shape) {
    if (size == -1 && !open)
      open = &size;
    else if (size < 0)
      return emitOptionalError(loc, "requires entries of shape of at least 0 and at most one -1, got [", shape, "]"); // C1
    else
      known *= size;
  }
  if (open)
    *open = known ? input.getNumElements() / known : 0;
  if (known * (open ? *open : 1) != input.getNumElements())
    return emitOptionalError(loc, "expects ", input.getNumElements(), " elements, got shape [", shape, "]"); // C2
  types.push_back(RankedTensorType::get(shape, input.getElementType()));
  return success();
}

LogicalResult ReshapeOp::buildGradient(GradientBuilder &gradients) {
  auto shape = cast<RankedTensorType>(getX().getType()).getShape();
  gradients.accumulate(getX(), gradients.create<ReshapeOp>(gradients.of(getY()), shape));
  return success();
}

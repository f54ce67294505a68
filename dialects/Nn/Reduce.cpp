// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Types, gradients and costs of the reductions.
#include "dialects/Nn/Nn.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

#define GET_OP_CLASSES
#include "dialects/Nn/Reduce.cpp.inc"

/// The shape without `axes`; an error unless they are sorted, distinct and in range (C1).
static LogicalResult inferReducedType(std::optional<Location> loc, Value x, ArrayRef<int64_t> axes,
                                      SmallVectorImpl<Type> &types) {
  auto input = cast<RankedTensorType>(x.getType());
  SmallVector<int64_t> shape;
  size_t next = 0;
  for (auto [dimension, size] : llvm::enumerate(input.getShape())) {
    if (next < axes.size() && axes[next] == static_cast<int64_t>(dimension))
      ++next;
    else
      shape.push_back(size);
  }
  if (next != axes.size())
    return emitOptionalError(loc, "requires sorted, distinct axes below ", input.getRank(), ", got [", axes, "]");
  types.push_back(RankedTensorType::get(shape, input.getElementType()));
  return success();
}

LogicalResult ReduceSumOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                            SmallVectorImpl<Type> &types) {
  return inferReducedType(loc, adaptor.getX(), adaptor.getAxes(), types);
}

SmallVector<CostTerm> ReduceSumOp::getCost() {
  auto x = cast<RankedTensorType>(getX().getType()), y = cast<RankedTensorType>(getY().getType());
  return {CostTerm::sum(x.getElementType(), x.getNumElements(), y.getNumElements())};
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Numpy broadcasting: the type that operands broadcast to, and its gradient.
#include "dialects/Nn/Nn.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace tally;

LogicalResult nn::inferBroadcastType(std::optional<Location> loc, ValueRange operands, SmallVectorImpl<Type> &types) {
  SmallVector<int64_t> shape;
  for (Value operand : operands) {
    auto type = cast<RankedTensorType>(operand.getType());
    if (type.getRank() > static_cast<int64_t>(shape.size()))
      shape.insert(shape.begin(), type.getRank() - shape.size(), 1);
    size_t offset = shape.size() - type.getRank();
    for (auto [dimension, size] : llvm::enumerate(type.getShape())) {
      int64_t &target = shape[offset + dimension];
      if (target == 1)
        target = size;
      else if (size != 1 && size != target)
        return emitOptionalError(loc, "expects shapes that broadcast, got ", operands.front().getType(), " and ", type);
    }
  }
  types.push_back(RankedTensorType::get(shape, getElementTypeOrSelf(operands.front().getType())));
  return success();
}

Value nn::sumToShape(GradientBuilder &gradients, Value gradient, Type type) {
  auto from = cast<RankedTensorType>(gradient.getType()), to = cast<RankedTensorType>(type);
  if (from == to)
    return gradient;
  SmallVector<int64_t> axes;
  int64_t offset = from.getRank() - to.getRank();
  for (auto [dimension, size] : llvm::enumerate(from.getShape()))
    if (static_cast<int64_t>(dimension) < offset || (to.getDimSize(dimension - offset) == 1 && size != 1))
      axes.push_back(dimension);
  Value sum = axes.empty() ? gradient : gradients.create<ReduceSumOp>(gradient, axes).getResult();
  return sum.getType() == to ? sum : gradients.create<ReshapeOp>(sum, to.getShape()).getResult();
}

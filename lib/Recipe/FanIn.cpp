// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the drawn initial values of a layer's tensors scale with.
#include "tally/Recipe/Resolve.h"

using namespace mlir;
using namespace tally;

/// The weight behind a value: through ops that only rearrange it.
static nn::WeightOp weightBehind(Value value) {
  Operation *op = value.getDefiningOp();
  while (op && !isa<nn::WeightOp>(op) && op->getNumOperands() == 1)
    op = op->getOperand(0).getDefiningOp();
  return dyn_cast_or_null<nn::WeightOp>(op);
}

/// The first op that combines a weight with something else.
static Operation *consumerOf(Operation *op) {
  while (op->getNumOperands() < 2) {
    if (op->use_empty())
      return nullptr;
    op = *op->user_begin();
    if (op->hasTrait<OpTrait::IsTerminator>())
      return nullptr;
  }
  return op;
}

int64_t tally::fanIn(nn::WeightOp weight) {
  auto type = cast<RankedTensorType>(weight.getType());
  if (weight.getKind() == "conv.weight")
    return type.getDimSize(0) ? type.getNumElements() / type.getDimSize(0) : 0;
  Operation *consumer = weight->use_empty() ? nullptr : consumerOf(*weight->user_begin());
  if (!consumer)
    return 0;
  if (weight.getKind() == "linear.weight") {
    auto result = cast<RankedTensorType>(consumer->getResult(0).getType());
    int64_t outputs = result.getRank() ? result.getShape().back() : 0;
    return outputs ? type.getNumElements() / outputs : 0;
  }
  for (Value operand : consumer->getOperands())
    if (Operation *layer = operand.getDefiningOp(); layer && weightBehind(operand) != weight)
      for (Value input : layer->getOperands())
        if (nn::WeightOp other = weightBehind(input); other && other.getKind() != weight.getKind() &&
                                                      (other.getKind() == "conv.weight" || other.getKind() == "linear.weight"))
          return fanIn(other);
  return 0;
}

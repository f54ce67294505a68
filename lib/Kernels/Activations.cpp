// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How much of the forward pass a step keeps for its backward pass.
#include "MemoryPlan.h"
#include "tally/Support/Attribution.h"

using namespace mlir;
using namespace tally;

static bool isBackward(Operation *op) {
  std::optional<Phase> phase = phaseOf(op->getLoc());
  return phase == Phase::Loss || phase == Phase::Backward;
}

/// Whether a call of the loss or the backward pass reads `value`, directly or as another shape.
static bool isReadBackward(Value value) {
  return llvm::any_of(value.getUsers(), [](Operation *user) {
    if (isa<func::CallOp>(user))
      return isBackward(user);
    return user->getNumResults() == 1 && isReadBackward(user->getResult(0));
  });
}

int64_t tally::measureActivations(Block &body) {
  int64_t bytes = 0;
  for (auto call : body.getOps<func::CallOp>())
    if (!isBackward(call))
      for (Value result : call.getResults())
        if (isReadBackward(result) && !llvm::any_of(result.getUsers(), llvm::IsaPred<train::WriteOp>))
          bytes += sizeInBytes(result.getType());
  return bytes;
}

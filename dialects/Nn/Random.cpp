// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Verifier and cost of the random number ops.
#include "dialects/Nn/Nn.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

#define GET_OP_CLASSES
#include "dialects/Nn/Random.cpp.inc"

LogicalResult PhiloxOp::verify() {
  bool position = getDistribution() == Distribution::Position;
  if (position != getType().isIndex() || position != getRange().has_value()) // C1
    return emitOpError("requires an index result and a range for a position, a float and none otherwise, got ") << getType();
  if (position && (*getRange() < 1 || *getRange() >= (int64_t{1} << 32))) // C1
    return emitOpError("requires a range in [1, 2^32), got ") << *getRange();
  return success();
}

SmallVector<CostTerm> RandomOp::getCost() {
  auto type = cast<RankedTensorType>(getType());
  return {CostTerm::body(OperationKind::Random, type.getElementType(), type.getNumElements())};
}

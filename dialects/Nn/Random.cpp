// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Verifier and cost of the random number ops.
#include "dialects/Nn/Nn.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

#define GET_OP_CLASSES
#include "dialects/Nn/Random.cpp.inc"

/// A position is an index and has a range, anything else is a float and has none.
template <typename Op> static LogicalResult verifyDistribution(Op op, Type element) {
  bool position = op.getDistribution() == Distribution::Position;
  IntegerAttr range = op.getRangeAttr();
  if (position != element.isIndex() || position != !!range || (!position && !isa<FloatType>(element)))
    return op.emitOpError("requires an index result and a range for a position, a float and none otherwise, got ")
           << element;
  int64_t below = range ? range.getInt() : 1;
  if (below < 1 || below >= (int64_t{1} << 32))
    return op.emitOpError("requires a range in [1, 2^32), got ") << below;
  return success();
}

LogicalResult PhiloxOp::verify() { return verifyDistribution(*this, getType()); } // C1

LogicalResult RandomOp::verify() {
  auto type = cast<RankedTensorType>(getType());
  auto seed = cast<RankedTensorType>(getSeed().getType()), epoch = cast<RankedTensorType>(getEpoch().getType());
  auto samples = cast<RankedTensorType>(getSamples().getType());
  if (seed.getRank() != 0 || epoch.getRank() != 0) // C1
    return emitOpError("requires seed and epoch of rank 0, got ") << seed << " and " << epoch;
  if (samples.getRank() != 1 || type.getRank() < 1 || type.getDimSize(0) != samples.getDimSize(0)) // C1
    return emitOpError("expects a result for each sample of ") << samples << " (got " << type << ")";
  return verifyDistribution(*this, type.getElementType()); // C2
}

SmallVector<CostTerm> RandomOp::getCost() {
  auto type = cast<RankedTensorType>(getType());
  return {CostTerm::body(OperationKind::Random, type.getElementType(), type.getNumElements())};
}

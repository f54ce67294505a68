// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The ops of initial values.
#include "dialects/Train/Train.h"

using namespace mlir;
using namespace tally;
using namespace tally::train;

#define GET_OP_CLASSES
#include "dialects/Train/Initialize.cpp.inc"

LogicalResult DiracOp::verify() {
  if (cast<RankedTensorType>(getType()).getRank() != 4) // C1
    return emitOpError("requires a 4-d result, got ") << getType();
  return success();
}

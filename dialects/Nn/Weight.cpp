// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Weights and constants.
#include "dialects/Nn/Nn.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

#define GET_OP_CLASSES
#include "dialects/Nn/Weight.cpp.inc"

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

void ConstantOp::build(OpBuilder &builder, OperationState &state, Type elementType, double value) {
  auto type = RankedTensorType::get({}, elementType);
  build(builder, state, type, DenseElementsAttr::get(type, builder.getFloatAttr(elementType, value)));
}

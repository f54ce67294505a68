// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Registration of the nn dialect.
#include "dialects/Nn/Nn.h"
#include "dialects/Nn/NormOpInterfaceImpl.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tally::nn;

#include "dialects/Nn/NnDialect.cpp.inc"
#include "dialects/Nn/NnEnums.cpp.inc"

void NnDialect::initialize() {
  addOperations<
#include "dialects/Nn/NnOpList.inc"
      >();
  registerNormOpInterface(getContext());
}

Operation *NnDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type, Location loc) {
  auto elements = dyn_cast<ElementsAttr>(value);
  return elements ? ConstantOp::create(builder, loc, type, elements).getOperation() : nullptr;
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Copies of tensors into another order.
#include "Copies.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tally;

Value tally::createEmpty(OpBuilder &builder, Location loc, RankedTensorType type) {
  return tensor::EmptyOp::create(builder, loc, type.getShape(), type.getElementType());
}

Value tally::createCopy(OpBuilder &builder, Location loc, Value from, AffineMap fromMap, RankedTensorType type, AffineMap toMap) {
  SmallVector<utils::IteratorType> iterators(fromMap.getNumDims(), utils::IteratorType::parallel);
  return linalg::GenericOp::create(builder, loc, type, from, createEmpty(builder, loc, type), ArrayRef<AffineMap>{fromMap, toMap},
                                   iterators,
                                   [](OpBuilder &nested, Location nestedLoc, ValueRange in) {
                                     linalg::YieldOp::create(nested, nestedLoc, in[0]);
                                   })
      .getResult(0);
}

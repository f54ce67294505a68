// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Copies of tensors into another order (private to this folder).
#ifndef TALLY_LAYOUT_COPIES_H
#define TALLY_LAYOUT_COPIES_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace tally {

mlir::Value createEmpty(mlir::OpBuilder &builder, mlir::Location loc, mlir::RankedTensorType type);

/// A tensor of `type` whose element toMap(loops) is the element fromMap(loops) of `from`.
mlir::Value createCopy(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value from, mlir::AffineMap fromMap,
                       mlir::RankedTensorType type, mlir::AffineMap toMap);

} // namespace tally

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Evaluates scalar bodies.
#ifndef TALLY_NN_FOLD_H
#define TALLY_NN_FOLD_H

#include "mlir/IR/Block.h"
#include "mlir/IR/Operation.h"

namespace tally::nn {

/// The value of `result` for the given arguments of `body`, op by op with the folders of arith and math; null where one does not fold.
mlir::Attribute evaluateScalars(mlir::Block &body, mlir::Value result, llvm::ArrayRef<mlir::Attribute> arguments);

} // namespace tally::nn

#endif

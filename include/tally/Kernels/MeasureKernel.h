// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What one call of a kernel computes and moves.
#ifndef TALLY_KERNELS_MEASUREKERNEL_H
#define TALLY_KERNELS_MEASUREKERNEL_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace tally {

/// Sets `tally.operations` and `tally.bytes` of a kernel on memrefs that computes all of its range (--measure-kernels); an error where
/// it cannot be counted.
llvm::LogicalResult measureKernel(mlir::func::FuncOp kernel);

} // namespace tally

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The numeric checks of op cards, and single calls.
#ifndef TALLY_TOOLS_CHECKOP_CHECKS_H
#define TALLY_TOOLS_CHECKOP_CHECKS_H

#include "Jit.h"

namespace tally {

/// Twelve significant digits.
std::string printNumber(double number);

/// Runs a function with the attribute `check_values` (optionally = tolerance) that returns actual values, then as many expected
/// ones, and compares them pairwise.
llvm::LogicalResult checkValues(Jit &jit, mlir::func::FuncOp function);

/// What a gradient check needs: the function, and the function of its gradients.
struct GradientCheck {
  mlir::func::FuncOp function;
  mlir::func::FuncOp gradient;                    ///< gradients of the float arguments, in order
  std::vector<std::vector<double>> weights;       ///< of each float result; the loss is the weighted sum of all results
};

/// Adds @<function>_gradient to the module of a function with the attribute `check_gradient`.
llvm::FailureOr<GradientCheck> buildGradient(mlir::func::FuncOp function);

/// Compares the gradients of a function with central differences. `scale` multiplies the gradients before (1 but in the test of this check).
llvm::LogicalResult checkGradient(Jit &jit, const GradientCheck &check, double scale);

/// Calls a function once: `inputs` is a file of the bytes of its arguments one after the other, as HostTensor keeps them, and `outputs` gets
/// those of its results.
llvm::LogicalResult runOnce(Jit &jit, mlir::func::FuncOp function, llvm::StringRef inputs, llvm::StringRef outputs);

} // namespace tally

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The derivative of a scalar formula, by differentiating the ops that it is built of.
#ifndef TALLY_NN_SCALARDERIVATIVE_H
#define TALLY_NN_SCALARDERIVATIVE_H

#include "dialects/Nn/ScalarBuilder.h"

namespace tally::nn {

using Formula = llvm::function_ref<mlir::Value(ScalarBuilder &, mlir::Value)>;

/// Builds dy * f'(x) for y = f(x). `reads` names those of x and y that are at hand, as "x", "y" or "xy"; `in` holds
/// these, then dy. What is not at hand is computed again from x. A formula with an op that has no rule, or that needs x where only y
/// is at hand, is a mistake of whoever wrote it, and ends the program.
mlir::Value differentiateFormula(mlir::OpBuilder &builder, mlir::Location loc, Formula formula, llvm::StringRef reads,
                                 mlir::ValueRange in);

} // namespace tally::nn

#endif

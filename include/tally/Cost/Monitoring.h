// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a step computes for the log alone.
#ifndef TALLY_COST_MONITORING_H
#define TALLY_COST_MONITORING_H

#include "mlir/IR/Operation.h"
#include "llvm/ADT/DenseSet.h"

namespace tally {

/// The ops of a program's body that reach metrics and nothing else; none in an evaluation.
llvm::DenseSet<mlir::Operation *> findMonitoring(mlir::Operation *body);

/// Charges them to monitoring, by their locations: what is lowered from them keeps it.
void markMonitoring(mlir::Operation *body);

} // namespace tally

#endif

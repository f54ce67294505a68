// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Counts between all passes from the tensor to the buffer level.
#ifndef TALLY_COST_COUNTINSTRUMENTATION_H
#define TALLY_COST_COUNTINSTRUMENTATION_H

#include "mlir/Pass/PassInstrumentation.h"
#include "tally/Support/CountChange.h"

namespace tally {

/// What the passes of a pipeline declared, and whether that was all.
struct CountLedger {
  /// For one execution of each body of a program (calls of a changed kernel included).
  std::vector<CountChange> changes;
  bool undeclared = false;
};

/// Counts the module before and after each pass, from the conversion of nn ops (facts before it, loops after it) up to the
/// loops of kernels. A difference, by phase, layer, kind and type, that the pass did not declare is an error that names the pass. Where equal
/// kernels have become one, layers are no longer told apart. The declarations move from the module to `ledger`.
std::unique_ptr<mlir::PassInstrumentation> createCountInstrumentation(CountLedger &ledger);

} // namespace tally

#endif

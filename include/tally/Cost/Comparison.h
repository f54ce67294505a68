// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Explains the difference between two cost reports.
#ifndef TALLY_COST_COMPARISON_H
#define TALLY_COST_COMPARISON_H

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include "mlir/Support/LLVM.h"

namespace tally {

/// Reads a report of schema tally-cost/1 as `tally cost --format json` writes it; an error is printed, with line and column, where it is none or where a
/// number that a comparison needs is missing or no number.
llvm::FailureOr<llvm::json::Value> readReport(llvm::StringRef file);

/// Prints which numbers of report `b` (schema tally-cost/1) differ from those of `a`: totals, phases, kinds, ops, layers, the largest
/// difference first; without `details`, the first of each and the sum of the rest. Returns whether the totals differ.
bool compareReports(const llvm::json::Value &a, const llvm::json::Value &b, bool details, llvm::raw_ostream &os);

} // namespace tally

#endif

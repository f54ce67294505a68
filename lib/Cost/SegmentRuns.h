// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The rows of a phase table in few words: what repeats is said once.
#ifndef TALLY_LIB_COST_SEGMENTRUNS_H
#define TALLY_LIB_COST_SEGMENTRUNS_H

#include "tally/Cost/CostReport.h"

namespace tally {

/// `length` rows from row `first`, `times` times in a row.
struct SegmentRun {
  size_t first, length, times;
};

/// Covers `size` rows; rows i and j are alike when `alike(i, j)`.
std::vector<SegmentRun> findRuns(size_t size, llvm::function_ref<bool(size_t, size_t)> alike);

/// "200 x (390 steps of 128, 1 of 80)".
std::string describeSteps(llvm::ArrayRef<SegmentReport> segments);

} // namespace tally

#endif

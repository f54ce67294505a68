// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the pages show of trainers' runs.
#ifndef TALLY_REPORT_RUNS_H
#define TALLY_REPORT_RUNS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/LogicalResult.h"

namespace tally {

/// The runs of trainers' logs, one for each log and seed, in their order:
///   {"log": file, "seed": integer | null, "start": the event or null, "end": the event or null, "evaluations": [the events eval of this run],
///    "curve": {"steps_per_point", "step": [...], "loss": [...], "lr": [...]}}
/// A curve has at most 1,000 points: each is the mean loss of so many steps (null where one is not finite) and the rate of the last of them. An error
/// is printed, with line and column, for a line that is no event, a field of another type, steps that go back, and a log without a step or evaluation.
llvm::FailureOr<llvm::json::Array> readRuns(llvm::ArrayRef<std::string> logs);

} // namespace tally

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The third count: what trainers executed, from their logs.
#ifndef TALLY_DRIVER_EXECUTEDLOG_H
#define TALLY_DRIVER_EXECUTEDLOG_H

#include "tally/Cost/CostReport.h"

namespace tally {

/// What the trainer of the log at `path`, built with --instrument, executed in all of its runs. An error is printed where it is a log of another model
/// or recipe than the report's, of runs that did not reach their end in one go, or of a trainer that did not count, or found a difference.
llvm::FailureOr<ExecutedReport> readExecutedLog(const std::string &path, const CostReport &report);

} // namespace tally

#endif

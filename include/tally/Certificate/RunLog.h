// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the log of a trainer says of each seed.
#ifndef TALLY_CERTIFICATE_RUNLOG_H
#define TALLY_CERTIFICATE_RUNLOG_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/LogicalResult.h"
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tally {

/// An evaluation: accuracies are fractions, none where the network has no classes.
struct EvaluationResult {
  double loss = 0;
  std::optional<double> accuracy; ///< in the view of the target
  std::map<std::string, double> views;
  bool operator==(const EvaluationResult &) const = default;
};

/// The run of one seed.
struct RunLog {
  struct Event {
    int64_t line, step;
    bool isStep;      ///< else an evaluation
    bool hasDigest;   ///< of the weights
    std::string text; ///< without what depends on the clock
  };
  struct End {
    int64_t step;
    std::string reason, operations, exported; ///< operations and the digest of the export are empty where there are none
  };
  std::string file; ///< the name of the log
  std::string program, model, recipe, data, operations; ///< digests, and the total of the report
  int64_t threads = 0;
  std::vector<Event> events; ///< steps and evaluations, in their order
  std::optional<EvaluationResult> evaluation; ///< the last one
  std::optional<End> end;
};

/// Reads logs into the runs of their seeds; errors are printed with line and column. `folder` is where the files are.
llvm::FailureOr<std::map<int64_t, RunLog>> readRunLogs(llvm::StringRef folder, llvm::ArrayRef<std::string> files);

/// Reads what a trainer logged with --evaluate.
llvm::FailureOr<EvaluationResult> readEvaluationLog(llvm::StringRef path);

} // namespace tally

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads the log of a trainer: JSON lines, an event each.
#ifndef TALLY_SUPPORT_TRAININGLOG_H
#define TALLY_SUPPORT_TRAININGLOG_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/LogicalResult.h"
#include <optional>

namespace tally {

/// An event of a log, and where it stands.
class LogEvent {
public:
  LogEvent(llvm::StringRef path, int64_t line, llvm::StringRef text, llvm::StringRef name, llvm::json::Object &fields)
      : path(path), line(line), name(name), fields(fields), text(text) {}

  /// Prints `path:line:column: error: message`, at the value of `key` where the event has it.
  llvm::LogicalResult error(llvm::StringRef key, const llvm::Twine &message) const;
  /// A field that has to be an integer from `smallest` on; an error is printed where it is something else. A field that is missing or null is an
  /// error if it is `required`, else nothing.
  llvm::FailureOr<std::optional<int64_t>> integer(llvm::StringRef key, int64_t smallest, bool required) const;
  /// The same of a number.
  llvm::FailureOr<std::optional<double>> number(llvm::StringRef key) const;

  llvm::StringRef path;
  int64_t line;         ///< from 1
  llvm::StringRef name; ///< start, step, eval, end, summary, executed, ...
  llvm::json::Object &fields; ///< may be moved from

private:
  llvm::StringRef text;
};

/// Hands each event of the log at `path` ("-" is standard input) to `take`. A half-written last line, as a killed trainer leaves it, is left out with a
/// warning; any other line that is no event is an error, which is printed with line and column.
llvm::LogicalResult readTrainingLog(llvm::StringRef path, llvm::function_ref<llvm::LogicalResult(LogEvent &)> take);

} // namespace tally

#endif

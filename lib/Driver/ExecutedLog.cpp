// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads what trainers executed, and holds it against the report.
#include "tally/Driver/ExecutedLog.h"
#include "tally/Support/CountText.h"
#include "tally/Support/TrainingLog.h"

using namespace mlir;
using namespace tally;

/// A digest of the program that a report is of.
static StringRef digestOf(const CostReport &report, StringRef key) {
  auto digest = report.info.getAs<StringAttr>(key);
  return digest ? digest.getValue() : "";
}

static LogicalResult checkProgram(const LogEvent &start, const CostReport &report) {
  for (StringRef key : {"model_sha256", "recipe_sha256"}) {
    StringRef found = start.fields.getString(key).value_or("");
    if (StringRef expected = digestOf(report, key); found != expected)
      return start.error(key, "the log is of another " + key.split('_').first + ": expected '" + key + "' " + expected + ", got " + found);
  }
  return success();
}

static LogicalResult readTotals(const LogEvent &event, ExecutedReport &executed) {
  const llvm::json::Object *training = event.fields.getObject("training");
  for (auto [key, number] : {std::pair("operations", &executed.operations), {"surplus", &executed.surplus}, {"avoided", &executed.avoided}, {"executed", &executed.executed}}) {
    std::optional<StringRef> digits = training ? training->getString(key) : std::nullopt;
    std::optional<Count> count = digits ? Count::parse(*digits) : std::nullopt;
    if (!count)
      return event.error(key, "'training' of event 'executed': expects digits in quotes as '" + Twine(key) + "'");
    *number = *count;
  }
  return success();
}

FailureOr<ExecutedReport> tally::readExecutedLog(const std::string &path, const CostReport &report) {
  ExecutedReport executed;
  executed.log = path;
  executed.runs = 0;
  bool counted = false;
  LogicalResult read = readTrainingLog(path, [&](LogEvent &event) -> LogicalResult {
    if (event.name == "start") {
      ++executed.runs;
      return checkProgram(event, report);
    }
    if (event.name != "executed")
      return success();
    counted = true;
    if (failed(readTotals(event, executed)))
      return failure();
    if (event.fields.getBoolean("agrees") != true || executed.executed != executed.operations + executed.surplus - executed.avoided)
      return event.error("agrees", "what was executed is not what the static counts say");
    if (Count expected = report.operations().total() * Count(executed.runs); executed.operations != expected)
      return event.error("operations", "expects " + groupDigits(expected) + " operations of " + Twine(executed.runs) +
                                           " whole runs, got " + groupDigits(executed.operations) + ": was a run cut short, or resumed?");
    return success();
  });
  if (failed(read))
    return failure();
  if (!counted) {
    llvm::errs() << path << ": error: expects the event 'executed', which trainers of `tally build --instrument` write at their end\n";
    return failure();
  }
  return executed;
}

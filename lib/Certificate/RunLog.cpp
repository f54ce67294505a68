// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sorts the events of trainers' logs by their seeds. A log is input like any other: nothing in it is trusted.
#include "tally/Certificate/RunLog.h"
#include "tally/Support/TrainingLog.h"
#include <cmath>

using namespace llvm;
using namespace tally;

namespace {
/// Fields that have to be there; what is not, or of another type, is an error at its place.
class Fields {
public:
  explicit Fields(const LogEvent &event) : event(event) {}

  std::string text(StringRef key) { return text(event.fields, key); }
  std::string text(const json::Object &object, StringRef key) {
    std::optional<StringRef> value = object.getString(key);
    if (!value)
      refuse(key, "a text");
    return value.value_or("").str();
  }
  /// Null, a text or missing.
  std::string optionalText(StringRef key) {
    const json::Value *value = event.fields.get(key);
    return value && !value->getAsNull() ? text(key) : "";
  }
  int64_t integer(StringRef key) {
    FailureOr<std::optional<int64_t>> value = event.integer(key, 0, /*required=*/true);
    isRight &= succeeded(value);
    return succeeded(value) ? **value : 0;
  }
  double number(StringRef key) { return optionalNumber(key).value_or(NAN); }
  std::optional<double> optionalNumber(StringRef key) {
    FailureOr<std::optional<double>> value = event.number(key);
    isRight &= succeeded(value);
    return succeeded(value) ? *value : std::nullopt;
  }
  const json::Object &object(StringRef key) {
    static const json::Object none;
    const json::Object *found = event.fields.getObject(key);
    if (!found)
      refuse(key, "an object");
    return found ? *found : none;
  }
  void refuse(StringRef key, const Twine &expected) {
    isRight = false;
    (void)event.error(key, "'" + key + "' of event '" + event.name + "': expects " + expected);
  }
  LogicalResult result() const { return success(isRight); }

private:
  const LogEvent &event;
  bool isRight = true;
};
} // namespace

static LogicalResult readStart(const LogEvent &event, RunLog &run) {
  Fields fields(event);
  run.program = fields.text("program_sha256");
  run.model = fields.text("model_sha256");
  run.recipe = fields.text("recipe_sha256");
  run.data = fields.text(fields.object("data"), "sha256");
  run.operations = fields.text("operations");
  run.threads = fields.integer("threads");
  return fields.result();
}

static LogicalResult readEvaluation(const LogEvent &event, std::optional<EvaluationResult> &result) {
  Fields fields(event);
  result = EvaluationResult{fields.number("loss"), fields.optionalNumber("accuracy"), {}};
  for (const auto &[view, accuracy] : fields.object("views"))
    if (std::optional<double> number = accuracy.getAsNumber())
      result->views[view.str()] = *number;
    else
      fields.refuse(view, "a number");
  return fields.result();
}

static LogicalResult readEnd(const LogEvent &event, RunLog &run) {
  Fields fields(event);
  run.end = RunLog::End{fields.integer("step"), fields.text("reason"), fields.optionalText("operations"), fields.optionalText("export_sha256")};
  return fields.result();
}

static LogicalResult addStep(LogEvent &event, RunLog &run) {
  FailureOr<std::optional<int64_t>> step = event.integer("step", 0, /*required=*/true);
  if (failed(step) || (event.name == "eval" && failed(readEvaluation(event, run.evaluation))))
    return failure();
  RunLog::Event added{event.line, **step, event.name == "step", event.fields.get("weights_sha256") != nullptr, ""};
  for (const char *clock : {"time", "seconds"})
    event.fields.erase(clock);
  raw_string_ostream(added.text) << json::Value(std::move(event.fields));
  run.events.push_back(std::move(added));
  return success();
}

/// Adds an event to the run of its seed; those of no seed (an evaluated file) or of all (the summary) say nothing new.
static LogicalResult addEvent(LogEvent &event, const std::string &file, std::map<int64_t, RunLog> &runs) {
  bool isOfSeed = event.name == "start" || event.name == "step" || event.name == "end" || (event.name == "eval" && !event.fields.get("file"));
  if (!isOfSeed)
    return success();
  FailureOr<std::optional<int64_t>> seed = event.integer("seed", 0, /*required=*/true);
  if (failed(seed))
    return failure();
  RunLog &run = runs[**seed];
  if (event.name == "start") {
    if (!run.file.empty())
      return event.error("seed", "seed " + Twine(**seed) + " starts a second time, expects one run of each seed");
    run.file = file;
    return readStart(event, run);
  }
  if (run.file != file || run.end)
    return event.error("seed", "seed " + Twine(**seed) + (run.end ? " has ended before" : " has not started in this log"));
  return event.name == "end" ? readEnd(event, run) : addStep(event, run);
}

FailureOr<std::map<int64_t, RunLog>> tally::readRunLogs(StringRef folder, ArrayRef<std::string> files) {
  std::map<int64_t, RunLog> runs;
  for (const std::string &file : files)
    if (failed(readTrainingLog((folder + "/" + file).str(), [&](LogEvent &event) { return addEvent(event, file, runs); })))
      return failure();
  return runs;
}

FailureOr<EvaluationResult> tally::readEvaluationLog(StringRef path) {
  std::optional<EvaluationResult> result;
  if (failed(readTrainingLog(path, [&](LogEvent &event) { return readEvaluation(event, result); })) || !result)
    return failure();
  return *result;
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads the JSON lines of a trainer's log. A log is input like any other: nothing in it is trusted.
#include "tally/Certificate/RunLog.h"
#include "mlir/IR/Diagnostics.h"
#include "tally/Support/Json.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace tally;
namespace json = llvm::json;

namespace {
/// One event; keys that are asked for and not there, or of another type, are errors at their place.
class EventReader {
public:
  EventReader(StringRef file, unsigned number, StringRef line, MLIRContext *context) : file(file), number(number), line(line), context(context) {}

  LogicalResult parse() {
    FailureOr<json::Value> value = parseJson(line, file, context, number);
    if (failed(value))
      return failure();
    if (json::Object *found = value->getAsObject())
      object = std::move(*found);
    else
      return error("") << "expects an event, an object with the key 'event'";
    return success();
  }
  std::string text(StringRef key) {
    std::optional<StringRef> value = object.getString(key);
    return value ? value->str() : (missing(key, "a string"), "");
  }
  int64_t integer(StringRef key) {
    std::optional<int64_t> value = object.getInteger(key);
    return value ? *value : (missing(key, "an integer"), 0);
  }
  double number64(StringRef key) { return asNumber(object.get(key), key); }
  /// Null, or a number.
  std::optional<double> optionalNumber(StringRef key) {
    const json::Value *value = object.get(key);
    return value && value->kind() == json::Value::Null ? std::nullopt : std::optional(asNumber(value, key));
  }
  /// Null, a text or missing.
  std::string optionalText(StringRef key) {
    const json::Value *value = object.get(key);
    return value && value->kind() != json::Value::Null ? text(key) : "";
  }
  std::map<std::string, double> numbers(StringRef key) {
    std::map<std::string, double> values;
    if (const json::Object *found = object.getObject(key))
      for (const auto &[name, value] : *found)
        values[name.str()] = asNumber(&value, name);
    else
      missing(key, "an object");
    return values;
  }
  /// The digest of the records in memory, of a start event.
  std::string dataDigest() {
    const json::Object *data = object.getObject("data");
    std::optional<StringRef> digest = data ? data->getString("sha256") : std::nullopt;
    return digest ? digest->str() : (missing("data", "an object with a text 'sha256'"), "");
  }
  bool has(StringRef key) const { return object.get(key); }
  InFlightDiagnostic error(StringRef key) {
    wrong = true;
    size_t at = key.empty() ? StringRef::npos : line.find(("\"" + key + "\":").str());
    unsigned column = at == StringRef::npos ? 1 : unsigned(at + key.size() + 4);
    return emitError(FileLineColLoc::get(context, file, number, column));
  }
  bool hasFailed() const { return wrong; }
  /// The line without time and seconds, which are last.
  std::string withoutClock() const { return line.take_front(line.rfind(",\"time\":")).str(); }


private:
  double asNumber(const json::Value *value, StringRef key) {
    std::optional<double> number = value ? value->getAsNumber() : std::nullopt;
    return number ? *number : (missing(key, "a number"), 0);
  }
  void missing(StringRef key, const char *type) {
    error(key) << "expects " << type << " for '" << key << "'" << (object.get(key) ? "" : ", which is missing");
  }

  StringRef file;
  unsigned number;
  StringRef line;
  MLIRContext *context;
  json::Object object;
  bool wrong = false;
};
} // namespace

static void readStart(EventReader &event, RunLog &run) {
  run.program = event.text("program_sha256");
  run.model = event.text("model_sha256");
  run.recipe = event.text("recipe_sha256");
  run.data = event.dataDigest();
  run.operations = event.text("operations");
  run.threads = event.integer("threads");
}

static EvaluationResult readEvaluation(EventReader &event) {
  return {event.number64("loss"), event.optionalNumber("accuracy"), event.numbers("views")};
}

/// Adds an event to the run of its seed; those of no seed (an evaluated file) or of all (the summary) say nothing new.
static LogicalResult addEvent(EventReader &event, int64_t line, StringRef file, std::map<int64_t, RunLog> &runs) {
  std::string name = event.text("event");
  if (name != "start" && name != "step" && name != "eval" && name != "end")
    return success(!event.hasFailed());
  if (name == "eval" && event.has("file"))
    return success();
  int64_t seed = event.integer("seed");
  if (event.hasFailed())
    return failure();
  RunLog &run = runs[seed];
  if (name == "start") {
    if (!run.file.empty())
      return event.error("seed") << "seed " << seed << " starts a second time", failure();
    run.file = file.str();
    readStart(event, run);
    return success(!event.hasFailed());
  }
  if (run.file != file || run.end)
    return event.error("seed") << "seed " << seed << (run.end ? " has ended before" : " has not started in this log"), failure();
  int64_t step = event.integer("step");
  if (name == "end") {
    run.end = RunLog::End{step, event.text("reason"), event.optionalText("operations"), event.optionalText("export_sha256")};
    return success(!event.hasFailed());
  }
  if (name == "eval")
    run.evaluation = readEvaluation(event);
  run.events.push_back({line, step, name == "step", event.has("weights_sha256"), event.withoutClock()});
  return success(!event.hasFailed());
}

/// Hands the events of a file to `hear`, up to the first failure.
static LogicalResult readEvents(StringRef path, MLIRContext *context, llvm::function_ref<LogicalResult(EventReader &, int64_t line)> hear) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return emitError(FileLineColLoc::get(context, path, 0, 0)) << buffer.getError().message();
  StringRef rest = (*buffer)->getBuffer();
  for (unsigned number = 1; !rest.empty(); ++number) {
    auto [line, following] = rest.split('\n');
    rest = following;
    EventReader event(path, number, line, context);
    if (failed(event.parse()) || failed(hear(event, number)))
      return failure();
  }
  return success();
}

FailureOr<std::map<int64_t, RunLog>> tally::readRunLogs(StringRef folder, ArrayRef<std::string> files, MLIRContext *context) {
  std::map<int64_t, RunLog> runs;
  for (const std::string &file : files) {
    SmallString<128> path(folder);
    llvm::sys::path::append(path, file);
    if (failed(readEvents(path, context, [&](EventReader &event, int64_t line) { return addEvent(event, line, file, runs); })))
      return failure();
  }
  return runs;
}

FailureOr<EvaluationResult> tally::readEvaluationLog(StringRef path, MLIRContext *context) {
  FailureOr<EvaluationResult> result = failure();
  LogicalResult read = readEvents(path, context, [&](EventReader &event, int64_t) {
    result = readEvaluation(event);
    return success(!event.hasFailed());
  });
  if (failed(read))
    return failure();
  return result;
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads the log of a trainer: JSON lines, an event each.
#include "tally/Support/TrainingLog.h"
#include "tally/Support/Json.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;
using namespace tally;

LogicalResult LogEvent::error(StringRef key, const Twine &message) const {
  // Keys of the event itself come before those within its values, in all logs that trainers write; a value may be the same text as a key.
  size_t value = StringRef::npos;
  std::string quoted = ("\"" + key + "\"").str();
  for (size_t at = text.find(quoted); at != StringRef::npos && value == StringRef::npos; at = text.find(quoted, at + 1)) {
    size_t colon = text.find_first_not_of(" \t", at + quoted.size());
    if (colon != StringRef::npos && text[colon] == ':')
      value = text.find_first_not_of(" \t", colon + 1);
  }
  errs() << path << ':' << line << ':' << (value == StringRef::npos ? 1 : value + 1) << ": error: " << message << '\n';
  return failure();
}

/// The text of a value in a message.
static std::string describe(const json::Value *value) {
  std::string text;
  if (!value)
    return "none";
  raw_string_ostream(text) << *value;
  return text;
}

FailureOr<std::optional<int64_t>> LogEvent::integer(StringRef key, int64_t smallest, bool required) const {
  const json::Value *value = fields.get(key);
  if (!required && (!value || value->getAsNull()))
    return std::optional<int64_t>();
  std::optional<int64_t> integer = value ? value->getAsInteger() : std::nullopt;
  if (!integer || *integer < smallest)
    return error(key, "'" + key + "' of event '" + name + "': expects an integer from " + Twine(smallest) + " on, got " + describe(value));
  return integer;
}

FailureOr<std::optional<double>> LogEvent::number(StringRef key) const {
  const json::Value *value = fields.get(key);
  if (!value || value->getAsNull())
    return std::optional<double>();
  std::optional<double> number = value->getAsNumber();
  if (!number)
    return error(key, "'" + key + "' of event '" + name + "': expects a number or null, got " + describe(value));
  return number;
}

LogicalResult tally::readTrainingLog(StringRef path, function_ref<LogicalResult(LogEvent &)> take) {
  auto buffer = MemoryBuffer::getFileOrSTDIN(path);
  if (!buffer) {
    errs() << "error: " << path << ": " << buffer.getError().message() << '\n';
    return failure();
  }
  StringRef rest = (*buffer)->getBuffer();
  for (int64_t number = 1; !rest.empty(); ++number) {
    bool whole = rest.contains('\n');
    auto [line, following] = rest.split('\n');
    rest = following;
    JsonProblem problem;
    std::optional<json::Value> value = readJson(line, problem);
    json::Object *fields = value ? value->getAsObject() : nullptr;
    std::optional<StringRef> name = fields ? fields->getString("event") : std::nullopt;
    if (!name) {
      errs() << path << ':' << number << ':' << problem.column << (whole ? ": error: no event of a trainer's log: " : ": warning: left out, it is cut off: ")
             << (value ? "an object with the key 'event' was expected" : problem.what) << '\n';
      if (whole)
        return failure();
      break;
    }
    std::string owned = name->str(); // fields may be moved from
    LogEvent event(path, number, line, owned, *fields);
    if (failed(take(event)))
      return failure();
  }
  return success();
}

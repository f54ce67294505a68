// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads the reports of other runs, and says where one is wrong.
#include "tally/Cost/Comparison.h"
#include "tally/Support/Json.h"
#include "tally/Support/OpCount.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;
using namespace tally;

namespace {
/// Checks what a comparison reads of a report; the first problem is printed.
class ReportChecker {
public:
  ReportChecker(StringRef file, StringRef text) : file(file), text(text) {}

  LogicalResult check(const json::Value &report) {
    const json::Object *object = report.getAsObject();
    if (!object || object->getString("schema") != "tally-cost/1")
      return error("expects a report of schema tally-cost/1, as `tally cost --format json` writes", "schema");
    for (StringRef key : {"complexity", "evaluation", "monitoring", "bytes_moved"})
      if (failed(checkCount(*object, key)))
        return failure();
    for (StringRef key : {"parameters", "operations", "by_kind", "by_type"})
      if (failed(checkCounts(*object, key)))
        return failure();
    return checkLayers(*object);
  }

private:
  /// At the value of `key` in the object that the path leads to, or at the object where it is missing.
  LogicalResult error(const Twine &message, StringRef key) {
    path.push_back(key.str());
    JsonProblem place = locateJson(text, path);
    errs() << file << ':' << place.line << ':' << place.column << ": error: '" << join(path, ".") << "': " << message << '\n';
    return failure();
  }

  LogicalResult checkCount(const json::Object &object, StringRef key) {
    std::optional<StringRef> digits = object.getString(key);
    if (digits && Count::parse(*digits))
      return success();
    const json::Value *found = object.get(key);
    return error("expects a number as digits in quotes, got " + (found ? formatv("{0}", *found).str() : "nothing"), key);
  }

  LogicalResult checkCounts(const json::Object &object, StringRef key) {
    const json::Object *counts = object.getObject(key);
    if (!counts)
      return error("expects an object of numbers", key);
    path.push_back(key.str());
    for (const auto &[name, value] : *counts)
      if (failed(checkCount(*counts, name)))
        return failure();
    path.pop_back();
    return success();
  }

  LogicalResult checkLayers(const json::Object &object) {
    const json::Array *layers = object.getArray("layers");
    if (!layers)
      return error("expects a list of layers", "layers");
    for (const auto &[index, value] : enumerate(*layers)) {
      path = {"layers", std::to_string(index)};
      const json::Object *layer = value.getAsObject();
      for (StringRef key : {"name", "op", "phase"})
        if (!layer || !layer->getString(key))
          return error("expects a text", key);
      if (failed(checkCount(*layer, "operations")))
        return failure();
    }
    return success();
  }

  StringRef file, text;
  std::vector<std::string> path;
};
} // namespace

FailureOr<json::Value> tally::readReport(StringRef file) {
  auto buffer = MemoryBuffer::getFile(file);
  if (!buffer) {
    errs() << "error: " << file << ": " << buffer.getError().message() << '\n';
    return failure();
  }
  JsonProblem problem;
  std::optional<json::Value> report = readJson((*buffer)->getBuffer(), problem);
  if (!report) {
    errs() << file << ':' << problem.line << ':' << problem.column << ": error: " << problem.what << '\n';
    return failure();
  }
  if (failed(ReportChecker(file, (*buffer)->getBuffer()).check(*report)))
    return failure();
  return std::move(*report);
}

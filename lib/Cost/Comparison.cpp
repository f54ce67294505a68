// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Explains the difference between two cost reports.
#include "tally/Cost/Comparison.h"
#include "llvm/ADT/STLExtras.h"
#include "tally/Cost/CountText.h"
#include <map>
#include <vector>

using namespace llvm;
using namespace tally;

namespace {
/// Name and both numbers of one line.
struct Line {
  std::string name;
  Count a, b;
  Count distance() const {
    Count difference = b - a;
    return isNegative(difference) ? Count() - difference : difference;
  }
};
} // namespace

/// A number of a report: digits in a string, or an integer.
static std::optional<Count> readCount(const json::Value *value) {
  if (!value)
    return std::nullopt;
  if (auto text = value->getAsString())
    return Count::parse(*text);
  if (auto number = value->getAsInteger())
    return Count(*number);
  return std::nullopt;
}

static std::string withSign(const Count &difference) {
  return (isNegative(difference) ? "" : "+") + difference.str();
}

/// Prints the lines that differ; whether there were any.
static bool printLines(StringRef title, std::vector<Line> lines, raw_ostream &os) {
  erase_if(lines, [](const Line &line) { return line.a == line.b; });
  if (lines.empty())
    return false;
  os << title << '\n';
  for (const Line &line : lines)
    os << "  " << line.name << ": " << line.a.str() << " -> " << line.b.str() << " (" << withSign(line.b - line.a) << ")\n";
  return true;
}

/// The numbers of two objects, key by key; a key that is missing is 0.
static std::vector<Line> pairKeys(const json::Object *a, const json::Object *b) {
  std::map<std::string, Line> lines;
  auto collect = [&](const json::Object *object, Count Line::*side) {
    if (!object)
      return;
    for (const auto &[key, value] : *object)
      if (std::optional<Count> number = readCount(&value)) {
        lines[key.str()].name = key.str();
        lines[key.str()].*side = *number;
      }
  };
  collect(a, &Line::a);
  collect(b, &Line::b);
  std::vector<Line> result;
  for (auto &[key, line] : lines)
    result.push_back(line);
  return result;
}

/// The layers of two reports by name, op and phase, the largest difference first.
static std::vector<Line> pairLayers(const json::Object &a, const json::Object &b) {
  std::map<std::string, Line> lines;
  auto collect = [&](const json::Object &report, Count Line::*side) {
    const json::Array *layers = report.getArray("layers");
    if (!layers)
      return;
    for (const json::Value &value : *layers) {
      const json::Object *layer = value.getAsObject();
      if (!layer)
        continue;
      auto text = [&](StringRef key) { return layer->getString(key).value_or("").str(); };
      std::string name = text("phase") + " of '" + text("name") + "' (" + text("op") + ")";
      lines[name].name = name;
      lines[name].*side += readCount(layer->get("operations")).value_or(Count());
    }
  };
  collect(a, &Line::a);
  collect(b, &Line::b);
  std::vector<Line> result;
  for (auto &[name, line] : lines)
    result.push_back(line);
  llvm::sort(result, [](const Line &x, const Line &y) {
    Count distance = y.distance() - x.distance();
    return distance.isZero() ? x.name < y.name : isNegative(distance);
  });
  return result;
}

Expected<bool> tally::compareReports(const json::Value &a, const json::Value &b, raw_ostream &os) {
  const json::Object *first = a.getAsObject(), *second = b.getAsObject();
  for (const json::Object *report : {first, second})
    if (!report || report->getString("schema") != "tally-cost/1")
      return createStringError("expects two reports of schema tally-cost/1");
  std::vector<Line> totals;
  for (StringRef key : {"complexity", "evaluation", "monitoring", "steps", "bytes_moved"})
    totals.push_back({key.str(), readCount(first->get(key)).value_or(Count()), readCount(second->get(key)).value_or(Count())});
  bool differ = printLines("totals", totals, os);
  for (StringRef key : {"parameters", "operations", "by_kind", "by_type"})
    differ |= printLines(key, pairKeys(first->getObject(key), second->getObject(key)), os);
  differ |= printLines("layers", pairLayers(*first, *second), os);
  if (first->getString("profile") != second->getString("profile")) {
    os << "profiles differ: " << first->getString("profile").value_or("none") << ", " << second->getString("profile").value_or("none") << '\n';
    differ = true;
  }
  if (!differ)
    os << "the reports have equal counts\n";
  return differ;
}

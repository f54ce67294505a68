// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Explains the difference between two cost reports.
#include "tally/Cost/Comparison.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"
#include "tally/Support/CountText.h"
#include <limits>
#include <map>
#include <vector>

using namespace llvm;
using namespace tally;

/// How many lines of a kind are shown without --details.
static constexpr size_t namedLines = 10;

namespace {
/// Name and both numbers of one line.
struct Line {
  std::string name;
  Count a, b;
  Count distance() const { return magnitude(b - a); }
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

/// "+12.34 %" of the first number; empty where that is 0.
static std::string describeChange(const Line &line) {
  std::string share = formatShare(line.b - line.a, line.a);
  return share.empty() || isNegative(line.b - line.a) ? share : "+" + share;
}

/// Drops what is equal and brings the rest in order, the largest difference first.
static void keepDifferences(std::vector<Line> &lines) {
  erase_if(lines, [](const Line &line) { return line.a == line.b; });
  stable_sort(lines, [](const Line &x, const Line &y) { return isNegative(y.distance() - x.distance()); });
}

/// Prints the lines that differ, at most `limit`; whether there were any.
static bool printLines(StringRef title, std::vector<Line> lines, size_t limit, raw_ostream &os) {
  keepDifferences(lines);
  if (lines.empty())
    return false;
  os << title << '\n';
  ArrayRef<Line> shown = ArrayRef(lines).take_front(limit);
  size_t name = 0, a = 0, b = 0, difference = 0;
  for (const Line &line : shown) {
    name = std::max(name, line.name.size());
    a = std::max(a, groupDigits(line.a).size());
    b = std::max(b, groupDigits(line.b).size());
    difference = std::max(difference, withSign(line.b - line.a).size());
  }
  for (const Line &line : shown)
    os << "  " << left_justify(line.name, name + 2) << right_justify(groupDigits(line.a), a) << " -> " << right_justify(groupDigits(line.b), b)
       << "  " << right_justify(withSign(line.b - line.a), difference) << right_justify(describeChange(line), 12) << '\n';
  if (shown.size() < lines.size()) {
    Count rest;
    for (const Line &line : ArrayRef(lines).drop_front(shown.size()))
      rest += line.b - line.a;
    os << "  and " << lines.size() - shown.size() << " more (--details), in sum " << withSign(rest) << '\n';
  }
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

/// The layers of two reports, summed by what `describe` calls them from phase, name and op.
static std::vector<Line> pairLayers(const json::Object &a, const json::Object &b,
                                    function_ref<std::string(std::string phase, std::string name, std::string op)> describe) {
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
      std::string name = describe(text("phase"), text("name"), text("op"));
      lines[name].name = name;
      lines[name].*side += readCount(layer->get("operations")).value_or(Count());
    }
  };
  collect(a, &Line::a);
  collect(b, &Line::b);
  std::vector<Line> result;
  for (auto &[name, line] : lines)
    result.push_back(line);
  return result;
}

/// Named numbers of the reports themselves.
static std::vector<Line> pairNumbers(const json::Object &a, const json::Object &b, ArrayRef<StringRef> keys) {
  std::vector<Line> lines;
  for (StringRef key : keys)
    lines.push_back({key.str(), readCount(a.get(key)).value_or(Count()), readCount(b.get(key)).value_or(Count())});
  return lines;
}

static std::vector<Line> withoutTotal(std::vector<Line> lines) {
  erase_if(lines, [](const Line &line) { return line.name == "total"; });
  return lines;
}

bool tally::compareReports(const json::Value &a, const json::Value &b, bool details, raw_ostream &os) {
  const json::Object *first = a.getAsObject(), *second = b.getAsObject();
  size_t limit = details ? std::numeric_limits<size_t>::max() : namedLines;
  auto pairs = [&](StringRef key) { return pairKeys(first->getObject(key), second->getObject(key)); };
  std::vector<Line> totals = pairNumbers(*first, *second, {"complexity", "evaluation", "monitoring", "steps"});
  for (StringRef key : {"parameters", "operations"})
    for (Line &line : pairs(key))
      if (line.name == "total")
        totals.push_back({key.str(), line.a, line.b});
  bool differ = printLines("totals", totals, limit, os), inside = false;
  for (StringRef key : {"parameters", "operations", "by_kind", "by_type"})
    inside |= printLines(key, withoutTotal(pairs(key)), limit, os);
  auto describeOp = [](std::string phase, std::string, std::string op) { return op + " in " + phase; };
  auto describeLayer = [](std::string phase, std::string name, std::string op) { return phase + " of '" + name + "' (" + op + ")"; };
  inside |= printLines("ops", pairLayers(*first, *second, describeOp), limit, os);
  inside |= printLines("layers", pairLayers(*first, *second, describeLayer), limit, os);
  inside |= printLines("data", pairNumbers(*first, *second, {"bytes_moved"}), limit, os);
  if (first->getString("profile") != second->getString("profile")) {
    os << "profiles differ: " << first->getString("profile").value_or("none") << ", " << second->getString("profile").value_or("none") << '\n';
    differ = true;
  }
  if (!differ)
    os << (inside ? "the totals are equal\n" : "the reports have equal counts\n");
  return differ;
}

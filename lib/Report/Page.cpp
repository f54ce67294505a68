// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Puts template, styles, scripts and data of a page into one file.
#include "tally/Report/Page.h"
#include "tally/Support/InstalledFiles.h"
#include "tally/Support/OutputFile.h"
#include "llvm/Support/MemoryBuffer.h"
#include <map>

using namespace llvm;
using namespace tally;

/// Chart.js, as Debian packages it.
static constexpr StringRef chartLibrary = "javascript/chart.min.js";

/// The scripts of a page, in the order in which they run.
static ArrayRef<StringRef> scriptsOf(Page page) {
  static constexpr StringRef cost[] = {chartLibrary, "report/page.js", "report/runs.js", "report/layers.js", "report/program.js", "report/cost.js"};
  static constexpr StringRef runs[] = {chartLibrary, "report/page.js", "report/runs.js", "report/plot.js"};
  return page == Page::Cost ? ArrayRef(cost) : ArrayRef(runs);
}

static FailureOr<std::string> readPart(StringRef name) {
  std::string path = installedFile("share/tally/" + name);
  auto buffer = MemoryBuffer::getFile(path);
  if (buffer)
    return (*buffer)->getBuffer().str();
  errs() << "error: cannot read " << path << ": " << buffer.getError().message() << '\n';
  if (name == chartLibrary)
    errs() << "note: Chart.js draws the charts of this page: install the package libjs-chart.js, then configure and install Tally again\n";
  return failure();
}

static std::string replaceAll(std::string text, StringRef from, StringRef to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

static std::string escapeText(StringRef text) {
  return replaceAll(replaceAll(text.str(), "&", "&amp;"), "<", "&lt;");
}

/// JSON in a script element: its strings are the only place where a "<" can be, which could close the element.
static std::string escapeData(const json::Value &data) {
  std::string text;
  raw_string_ostream(text) << data;
  return replaceAll(std::move(text), "<", "\\u003c");
}

LogicalResult tally::writePage(Page page, StringRef title, const json::Value &data, StringRef output) {
  FailureOr<std::string> html = readPart("report/page.html"), style = readPart("report/style.css");
  if (failed(html) || failed(style))
    return failure();
  std::string scripts;
  for (StringRef name : scriptsOf(page)) {
    FailureOr<std::string> script = readPart(name);
    if (failed(script))
      return failure();
    scripts += "<script>\n" + replaceAll(std::move(*script), "</script", "<\\/script") + "\n</script>\n";
  }
  const std::map<StringRef, std::string> parts{
      {"title", escapeText(title)}, {"style", std::move(*style)}, {"data", escapeData(data)}, {"scripts", std::move(scripts)}};
  return writeOutput(output, [&](raw_ostream &os) {
    StringRef rest = *html;
    while (!rest.empty()) {
      auto [before, after] = rest.split("{{");
      auto [name, following] = after.split("}}");
      os << before;
      if (auto part = parts.find(name); part != parts.end())
        os << part->second;
      rest = following;
    }
  });
}

json::Value tally::joinSegments(json::Value report) {
  json::Object *object = report.getAsObject();
  json::Array *segments = object ? object->getArray("segments") : nullptr;
  if (!segments)
    return report;
  json::Array joined;
  std::map<std::string, size_t> places; // of what a row says beside its steps
  for (json::Value &segment : *segments) {
    json::Object row = std::move(*segment.getAsObject());
    int64_t steps = *row.getInteger("steps"), first = *row.getInteger("first_step");
    row.erase("steps");
    row.erase("first_step");
    std::string key;
    raw_string_ostream(key) << json::Value(json::Object(row));
    auto [place, isNew] = places.try_emplace(key, joined.size());
    if (isNew) {
      row["first_step"] = first;
      joined.push_back(std::move(row));
    }
    json::Object &target = *joined[place->second].getAsObject();
    target["steps"] = target.getInteger("steps").value_or(0) + steps;
  }
  *segments = std::move(joined);
  return report;
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tally log: the steps and evaluations of trainers' logs as a table.
#include "Command.h"
#include "llvm/ADT/StringExtras.h"
#include "tally/Support/OutputFile.h"
#include "tally/Support/TrainingLog.h"
#include <charconv>
#include <memory>
#include <set>

using namespace tally;
using llvm::StringRef;

namespace {
struct LogOptions {
  std::vector<std::string> logs;
  std::string output = "-";
  bool csv = false;
};

/// The events of all logs that are rows, and the views of their evaluations.
struct Table {
  std::vector<std::pair<std::string, llvm::json::Object>> rows; ///< file and event
  std::set<std::string> views;
};
} // namespace

static constexpr StringRef columns[] = {"seed", "event", "step", "epoch", "loss", "lr", "accuracy", "time", "seconds"};

static llvm::LogicalResult read(const std::string &path, Table &table) {
  return readTrainingLog(path, [&](LogEvent &event) {
    if (event.name != "step" && event.name != "eval")
      return llvm::success();
    if (const llvm::json::Object *views = event.fields.getObject("views"))
      for (const auto &[view, accuracy] : *views)
        table.views.insert(view.str());
    table.rows.emplace_back(path, std::move(event.fields));
    return llvm::success();
  });
}

/// RFC 4180; a number in the fewest digits that give it again, nothing for null and what is missing.
static void printCell(const llvm::json::Value *value, llvm::raw_ostream &os) {
  if (!value || value->kind() == llvm::json::Value::Null)
    return;
  if (std::optional<int64_t> integer = value->getAsInteger()) {
    os << *integer;
  } else if (std::optional<double> number = value->getAsNumber()) {
    char text[32];
    os << StringRef(text, std::to_chars(text, std::end(text), *number).ptr - text);
  } else if (std::optional<StringRef> text = value->getAsString()) {
    std::string doubled = text->str();
    for (size_t at = 0; (at = doubled.find('"', at)) != std::string::npos; at += 2)
      doubled.insert(at, 1, '"');
    bool plain = text->find_first_of(",\"\r\n") == StringRef::npos;
    os << (plain ? "" : "\"") << doubled << (plain ? "" : "\"");
  }
}

static void printCsv(const Table &table, llvm::raw_ostream &os) {
  os << "log," << llvm::join(llvm::ArrayRef(columns), ",");
  for (const std::string &view : table.views)
    os << ",accuracy_" << view;
  os << '\n';
  for (const auto &[file, event] : table.rows) {
    llvm::json::Value name = file;
    printCell(&name, os);
    for (StringRef column : columns)
      printCell(event.get(column), os << ',');
    const llvm::json::Object *views = event.getObject("views");
    for (const std::string &view : table.views)
      printCell(views ? views->get(view) : nullptr, os << ',');
    os << '\n';
  }
}

static Status convert(const LogOptions &options) {
  Table table;
  for (const std::string &path : options.logs)
    if (failed(read(path, table)))
      return Status::BadInput;
  return succeeded(writeOutput(options.output, [&](llvm::raw_ostream &os) { printCsv(table, os); })) ? Status::Fine : Status::BadInput;
}

void tally::addLogCommand(CLI::App &app, int &status) {
  CLI::App *command = app.add_subcommand("log", "the steps and evaluations of trainers' logs as a table");
  auto options = std::make_shared<LogOptions>();
  command->add_option("LOG", options->logs, "a log of JSON lines, as a trainer writes with --log (- is standard input)")->required();
  command->add_flag("--csv", options->csv, "comma-separated values, a row for each step and each evaluation")->required();
  command->add_option("-o,--output", options->output, "the file to write (default: standard output)");
  command->callback([=, &status] { status = static_cast<int>(convert(*options)); });
}

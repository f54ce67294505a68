// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tally compare: explains the difference between two cost reports.
#include "tally/Cost/Comparison.h"
#include "Command.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>

using namespace tally;

/// Reads a JSON file.
static llvm::Expected<llvm::json::Value> readJson(const std::string &file) {
  auto buffer = llvm::MemoryBuffer::getFile(file);
  if (!buffer)
    return llvm::createStringError(file + ": " + buffer.getError().message());
  auto value = llvm::json::parse((*buffer)->getBuffer());
  if (!value)
    return llvm::createStringError(file + ": " + llvm::toString(value.takeError()));
  return value;
}

static Status compare(const std::string &first, const std::string &second) {
  auto a = readJson(first), b = readJson(second);
  for (auto *report : {&a, &b})
    if (!*report)
      llvm::errs() << "error: " << llvm::toString(report->takeError()) << '\n';
  if (!a || !b) {
    return Status::BadInput;
  }
  auto differ = compareReports(*a, *b, llvm::outs());
  if (!differ) {
    llvm::errs() << "error: " << llvm::toString(differ.takeError()) << '\n';
    return Status::BadInput;
  }
  return *differ ? Status::No : Status::Fine;
}

void tally::addCompareCommand(CLI::App &app, int &status) {
  CLI::App *command = app.add_subcommand("compare", "explain the difference between two cost reports (status 1: they differ)");
  auto first = std::make_shared<std::string>(), second = std::make_shared<std::string>();
  command->add_option("A", *first, "a report of `tally cost --format json`")->required();
  command->add_option("B", *second, "another")->required();
  command->callback([=, &status] { status = static_cast<int>(compare(*first, *second)); });
}

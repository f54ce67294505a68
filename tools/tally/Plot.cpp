// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tally plot: one page of the loss, accuracy and learning rate of runs.
#include "tally/Report/Page.h"
#include "Command.h"
#include "tally/Report/Runs.h"
#include <memory>

using namespace tally;

namespace {
struct PlotOptions {
  std::vector<std::string> logs;
  std::string output = "-";
};
} // namespace

static Status plot(const PlotOptions &options) {
  auto runs = readRuns(options.logs);
  if (failed(runs))
    return Status::BadInput;
  llvm::json::Object data{{"runs", std::move(*runs)}};
  return succeeded(writePage(Page::Runs, "Training runs", std::move(data), options.output)) ? Status::Fine : Status::BadInput;
}

void tally::addPlotCommand(CLI::App &app, int &status) {
  CLI::App *command = app.add_subcommand("plot", "one page (HTML) of the loss, accuracy and learning rate of runs");
  auto options = std::make_shared<PlotOptions>();
  command->add_option("LOG", options->logs, "a log of JSON lines, as a trainer writes with --log (- is standard input); of one run or several, and of several seeds")->required();
  command->add_option("-o,--output", options->output, "the file to write (default: standard output)");
  command->callback([=, &status] { status = static_cast<int>(plot(*options)); });
}

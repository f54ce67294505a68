// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tally cost: what does a training run cost?
#include "Command.h"
#include "tally/Driver/DeriveCost.h"
#include "tally/Driver/Session.h"
#include "tally/Support/OutputFile.h"
#include <memory>

using namespace mlir;
using namespace tally;

namespace {
struct CostOptions {
  CostRequest request;
  std::string format = "text", output = "-", profile = "haet";
  std::string machine, vary, budget; // not supported yet
  bool details = false;
};
} // namespace

/// What the contract has and this version has not; empty: nothing of it was asked for.
static std::string findUnsupported(const CostOptions &options) {
  if (options.format != "text" && options.format != "json")
    return "--format " + options.format;
  if (options.profile != "haet")
    return "--profile " + options.profile;
  for (auto [option, value] : {std::pair("--machine", &options.machine), {"--vary", &options.vary}, {"--budget", &options.budget}})
    if (!value->empty())
      return option;
  return {};
}

/// Writes the report where it was asked for.
static Status write(const CostReport &report, const CostOptions &options) {
  auto print = [&](llvm::raw_ostream &os) {
    if (options.format == "json")
      os << llvm::formatv("{0:2}", toJson(report)) << '\n';
    else
      printText(report, options.details, os);
  };
  return succeeded(writeOutput(options.output, print)) ? Status::Fine : Status::BadInput;
}

static Status reportCost(const CostOptions &options) {
  if (std::string unsupported = findUnsupported(options); !unsupported.empty())
    return notSupportedYet(unsupported);
  Session session;
  DerivedCost derived = deriveCost(options.request, session.context);
  return derived.status == DriverStatus::Fine ? write(derived.report, options) : static_cast<Status>(derived.status);
}

void tally::addCostCommand(CLI::App &app, int &status) {
  CLI::App *command = app.add_subcommand("cost", "derive what a training run costs: parameters and operations");
  auto options = std::make_shared<CostOptions>();
  command->add_option("MODEL", options->request.model, "the model (ONNX), or a training program (.mlir)")->required();
  command->add_option("--recipe", options->request.recipe, "the recipe (YAML), or its name in the zoo");
  command->add_option("--format", options->format, "text or json (html, markdown, csv and latex are not supported yet)")
      ->check(CLI::IsMember({"text", "json", "html", "markdown", "csv", "latex"}));
  command->add_option("-o,--output", options->output, "the file to write (default: standard output)");
  command->add_option("--profile", options->profile, "the counting rules: haet (others are not supported yet)");
  command->add_flag("--details", options->details, "print more than the answer: tables by kind, type, layer and body");
  command->add_flag("--verify", options->request.verify, "count again, from the loops, after each pass at -O0 and -O3; status 1 when what differs was not declared");
  command->add_flag_callback("--no-memory", [=] { options->request.memory = false; }, "leave out the memory of the trainer: a large model's plan takes longer than its count");
  command->add_option("--machine", options->machine, "a machine to estimate the time on (not supported yet)");
  command->add_option("--vary", options->vary, "KEY=A..B or KEY=A,B: a report for each value (not supported yet)");
  command->add_option("--budget", options->budget, "the most operations that the run may cost (not supported yet)");
  command->callback([=, &status] { status = static_cast<int>(reportCost(*options)); });
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tally cost: what does a training run cost?
#include "Command.h"
#include "tally/Driver/DeriveCost.h"
#include "tally/Driver/Session.h"
#include "tally/Driver/WhatIf.h"
#include "tally/Support/OutputFile.h"
#include "llvm/Support/Path.h"
#include <memory>

using namespace mlir;
using namespace tally;

namespace {
struct CostOptions {
  CostRequest request;
  std::vector<std::string> models, variations;
  std::string format = "text", output = "-", budget;
  bool details = false;
};
} // namespace

/// What the contract has and this version has not; empty: nothing of it was asked for.
static std::string findUnsupported(const CostOptions &options) {
  return options.format == "html" ? "--format html" : "";
}

/// Writes where it was asked for.
static Status write(const CostOptions &options, llvm::function_ref<void(llvm::raw_ostream &)> print) {
  return succeeded(writeOutput(options.output, print)) ? Status::Fine : Status::BadInput;
}

/// The report of one model.
static Status reportModel(const CostOptions &options, const CostRequest &request) {
  Session session;
  DerivedCost derived = deriveCost(request, session.context);
  if (derived.status != DriverStatus::Fine)
    return static_cast<Status>(derived.status);
  return write(options, [&](llvm::raw_ostream &os) {
    if (options.format == "json")
      os << llvm::formatv("{0:2}", toJson(derived.report)) << '\n';
    else if (options.format == "csv")
      makeLayerSheet(derived.report).print("csv", os);
    else
      printText(derived.report, options.details, os);
  });
}

/// A row for each model.
static Status reportModels(const CostOptions &options) {
  Sheet sheet{{"model"}, {}};
  llvm::append_range(sheet.heads, summaryHeads());
  for (const std::string &model : options.models) {
    CostRequest request = options.request;
    request.model = model;
    request.memory = false;
    Session session;
    DerivedCost derived = deriveCost(request, session.context);
    if (derived.status != DriverStatus::Fine)
      return static_cast<Status>(derived.status);
    std::vector<Sheet::Cell> row = summaryRow(derived.report);
    row.insert(row.begin(), llvm::sys::path::stem(model).str());
    sheet.rows.push_back(std::move(row));
  }
  return write(options, [&](llvm::raw_ostream &os) { sheet.print(options.format, os); });
}

/// A row for each value of what varies, or for the most epochs that a budget allows.
static Status reportVariations(const CostOptions &options, const CostRequest &request) {
  auto refuse = [](llvm::StringRef option, llvm::Error error) {
    llvm::errs() << "error: " << option << ": " << llvm::toString(std::move(error)) << '\n';
    return Status::Usage;
  };
  std::vector<Variation> variations;
  for (const std::string &text : options.variations) {
    auto variation = Variation::parse(text);
    if (!variation)
      return refuse("--vary", variation.takeError());
    variations.push_back(std::move(*variation));
  }
  std::optional<Count> budget;
  if (!options.budget.empty()) {
    auto parsed = parseBudget(options.budget);
    if (!parsed)
      return refuse("--budget", parsed.takeError());
    budget = *parsed;
  }
  if (request.recipe.empty())
    return refuse("--vary, --budget", llvm::createStringError("expect a --recipe that can be changed"));
  Sheet sheet;
  if (DriverStatus status = deriveVariations(request, variations, budget, sheet); status != DriverStatus::Fine)
    return static_cast<Status>(status);
  return write(options, [&](llvm::raw_ostream &os) { sheet.print(options.format, os); });
}

static Status reportCost(const CostOptions &options) {
  if (std::string unsupported = findUnsupported(options); !unsupported.empty())
    return notSupportedYet(unsupported);
  bool varies = !options.variations.empty() || !options.budget.empty();
  if (!options.request.machine.empty() && (varies || options.models.size() > 1 || (options.format != "text" && options.format != "json"))) {
    llvm::errs() << "error: --machine: expects one model and --format text or json\n";
    return Status::Usage;
  }
  if (!varies && (options.format == "markdown" || options.format == "latex" || options.models.size() > 1))
    return reportModels(options);
  CostRequest request = options.request;
  request.model = options.models.front();
  if (varies && options.models.size() == 1)
    return reportVariations(options, request);
  if (!varies)
    return reportModel(options, request);
  llvm::errs() << "error: --vary, --budget: expect one model, got " << options.models.size() << '\n';
  return Status::Usage;
}

void tally::addCostCommand(CLI::App &app, int &status) {
  CLI::App *command = app.add_subcommand("cost", "derive what a training run costs: parameters and operations");
  auto options = std::make_shared<CostOptions>();
  command->add_option("MODEL", options->models, "the model (ONNX), or a training program (.mlir); of several, a row for each")->required();
  command->add_option("--recipe", options->request.recipe, "the recipe (YAML), or its name in the zoo");
  command->add_option("--format", options->format, "text or json, csv (a row for each phase, layer and op), markdown or latex (a row for each model); html is not supported yet")
      ->check(CLI::IsMember({"text", "json", "html", "markdown", "csv", "latex"}));
  command->add_option("-o,--output", options->output, "the file to write (default: standard output)");
  command->add_option("--profile", options->request.profile, "the counting rules: haet (the default), flops, valid_flops, macs, or a file");
  command->add_flag("--details", options->details, "print more than the answer: tables by kind, type, layer and body");
  command->add_flag("--verify", options->request.verify, "count again, from the loops, after each pass at -O0 and -O3; status 1 when what differs was not declared");
  command->add_flag_callback("--no-memory", [=] { options->request.memory = false; }, "leave out the memory of the trainer: a large model's plan takes longer than its count");
  command->add_option("--machine", options->request.machine, "estimate time and energy on a machine: its name, a file, or host, which is measured the first time");
  command->add_option("--vary", options->variations, "KEY=A..B or KEY=A,B: a row for each value of a key of the recipe; given several times, for each combination")->allow_extra_args(false);
  command->add_option("--budget", options->budget, "the most that the run may cost, parameters and operations (1e14): how many epochs?");
  command->callback([=, &status] { status = static_cast<int>(reportCost(*options)); });
}

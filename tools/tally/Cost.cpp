// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tally cost: what does a training run cost?
#include "Command.h"
#include "tally/Driver/DeriveCost.h"
#include "tally/Driver/ExecutedLog.h"
#include "tally/Driver/ForwardCost.h"
#include "tally/Driver/Session.h"
#include "tally/Driver/SymbolicCost.h"
#include "tally/Driver/WhatIf.h"
#include "tally/Report/Page.h"
#include "tally/Report/Runs.h"
#include "tally/Support/OutputFile.h"
#include "llvm/Support/Path.h"
#include <memory>

using namespace mlir;
using namespace tally;

namespace {
struct CostOptions {
  CostRequest request;
  std::vector<std::string> models, variations, symbols, logs;
  std::string format = "text", output = "-", budget, per = "run";
  bool details = false;
  bool forward = false; ///< a profile and no recipe: the forward pass alone

  bool varies() const { return !variations.empty() || !budget.empty(); }
  bool isSymbolic() const { return !symbols.empty(); }
  /// Whether the format has a row for each model only.
  bool isTable() const { return format == "markdown" || format == "latex"; }
};
} // namespace

/// Writes where it was asked for.
static Status write(const CostOptions &options, llvm::function_ref<void(llvm::raw_ostream &)> print) {
  return succeeded(writeOutput(options.output, print)) ? Status::Fine : Status::BadInput;
}

/// The report of one model.
static Status reportModel(const CostOptions &options) {
  Session session;
  DerivedCost derived = deriveCost(options.request, session.context);
  if (derived.status != DriverStatus::Fine)
    return static_cast<Status>(derived.status);
  if (!options.logs.empty()) {
    FailureOr<ExecutedReport> executed = readExecutedLog(options.logs.front(), derived.report);
    if (failed(executed))
      return Status::BadInput;
    derived.report.trainer = std::move(*executed);
  }
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
  llvm::append_range(sheet.heads, summaryHeads(options.request.span));
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

/// One page: each model, how they compare, and the runs of the logs.
static Status reportPage(const CostOptions &options) {
  auto runs = readRuns(options.logs);
  if (failed(runs))
    return Status::BadInput;
  llvm::json::Array models;
  std::string title = "Training cost:";
  for (const std::string &model : options.models) {
    CostRequest request = options.request;
    request.model = model;
    Session session;
    DerivedCost derived = deriveCost(request, session.context);
    if (derived.status != DriverStatus::Fine)
      return static_cast<Status>(derived.status);
    std::string name = llvm::sys::path::stem(model).str();
    title += (models.empty() ? " " : ", ") + name;
    models.push_back(llvm::json::Object{
        {"name", name}, {"recipe", llvm::sys::path::stem(request.recipe).str()}, {"report", joinSegments(toJson(derived.report))}});
  }
  llvm::json::Object data{{"models", std::move(models)}, {"runs", std::move(*runs)}};
  return succeeded(writePage(Page::Cost, title, std::move(data), options.output)) ? Status::Fine : Status::BadInput;
}

/// The forward pass of each model.
static Status reportForward(const CostOptions &options) {
  Sheet sheet{{"model", "parameters", "operations"}, {}};
  std::vector<ForwardReport> reports;
  for (const std::string &model : options.models) {
    Session session;
    if (DriverStatus status = deriveForwardCost(model, options.request.profile, session.context, reports); status != DriverStatus::Fine)
      return static_cast<Status>(status);
    sheet.rows.push_back({llvm::sys::path::stem(model).str(), reports.back().parameters, reports.back().operations});
  }
  return write(options, [&](llvm::raw_ostream &os) {
    if (reports.size() > 1 || options.format == "markdown" || options.format == "latex")
      sheet.print(options.format, os);
    else if (options.format == "json")
      os << llvm::formatv("{0:2}", toJson(reports.front())) << '\n';
    else if (options.format == "csv")
      makeSheet(reports.front()).print("csv", os);
    else
      printText(reports.front(), options.details, os);
  });
}

/// A row for each value of what varies, or for the most epochs that a budget allows.
static Status reportVariations(const CostOptions &options) {
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
  Sheet sheet;
  if (DriverStatus status = deriveVariations(options.request, variations, budget, sheet); status != DriverStatus::Fine)
    return static_cast<Status>(status);
  return write(options, [&](llvm::raw_ostream &os) { sheet.print(options.format, os); });
}

/// The numbers of a run as polynomials.
static Status reportSymbolic(const CostOptions &options) {
  CostRequest request = options.request;
  request.memory = request.verify = false;
  Sheet sheet;
  int64_t derivations = 0;
  if (DriverStatus status = deriveSymbolic(request, options.symbols, sheet, derivations); status != DriverStatus::Fine)
    return static_cast<Status>(status);
  return write(options, [&](llvm::raw_ostream &os) {
    sheet.print(options.format, os);
    if (options.format == "text")
      os << "from " << derivations << " counts; each form holds at two further points, and for values from those of the recipe on"
         << (llvm::is_contained(options.symbols, imageSizeKey) ? ", image_size in steps of 32" : "") << '\n';
  });
}

/// What of the command line does not go together; empty: all does.
static std::string findConflict(const CostOptions &options) {
  bool derivesRuns = options.varies() || options.isSymbolic();
  llvm::StringRef option = options.isSymbolic() ? "--symbolic" : "--vary, --budget";
  if (options.varies() && options.isSymbolic())
    return "--symbolic: stands for --vary and --budget, got both";
  if (derivesRuns && (options.models.size() > 1 || options.request.recipe.empty()))
    return (option + ": expects one model and a --recipe that can be changed").str();
  if (derivesRuns && !options.request.machine.empty())
    return (option + ": expects no --machine").str();
  if (derivesRuns && options.format == "html")
    return (option + ": expects --format text, csv, json, markdown or latex, got html").str();
  if (!options.budget.empty() && options.request.span != Span::Run)
    return "--per: a --budget is for the whole run, got " + options.per;
  if (options.forward && (options.format == "html" || options.request.span != Span::Run || !options.logs.empty()))
    return "--profile: counts the forward pass where there is no --recipe, and --per, --log and --format html are for a training run";
  bool isRun = options.request.span == Span::Run && !options.forward;
  bool isOneRun = isRun && options.models.size() == 1 && !derivesRuns;
  bool isReport = options.format == "text" || options.format == "json";
  if (!options.request.machine.empty() && (!isRun || (options.format != "html" && (!isOneRun || !isReport))))
    return "--machine: expects the report of one whole run as text or json, or of whole runs as html";
  if (!options.logs.empty() && options.format != "html" && (options.logs.size() > 1 || !isOneRun || !isReport || options.request.profile != "haet"))
    return "--log: expects one log and the report of one whole run as text or json, by the rules of haet, or any logs with --format html";
  return "";
}

static Status reportCost(CostOptions options) {
  options.request.span = *parseSpan(options.per);
  if (std::string conflict = findConflict(options); !conflict.empty()) {
    llvm::errs() << "error: " << conflict << '\n';
    return Status::Usage;
  }
  options.request.model = options.models.front();
  if (options.isSymbolic())
    return reportSymbolic(options);
  if (options.varies())
    return reportVariations(options);
  if (options.forward && !options.request.verify)
    return reportForward(options);
  options.request.waterfall = options.details || options.format == "json" || options.format == "html";
  if (options.format == "html")
    return reportPage(options);
  return options.isTable() || options.models.size() > 1 ? reportModels(options) : reportModel(options);
}

void tally::addCostCommand(CLI::App &app, int &status) {
  CLI::App *command = app.add_subcommand("cost", "derive what a training run costs: parameters and operations");
  auto options = std::make_shared<CostOptions>();
  command->add_option("MODEL", options->models, "the model (ONNX), or a training program (.mlir); of several, a row for each")->required();
  command->add_option("--recipe", options->request.recipe, "the recipe (YAML), or its name in the zoo");
  command->add_option("--format", options->format, "text or json, csv (a row for each phase, layer and op), markdown or latex (a row for each model), html (a page with charts)")
      ->check(CLI::IsMember({"text", "json", "html", "markdown", "csv", "latex"}));
  command->add_option("--log", options->logs, "the log of a trainer: of one of `tally build --instrument` what it executed is compared with the report; with --format html, of "
                                              "any, and of several, the page shows accuracy against complexity")
      ->allow_extra_args(false);
  command->add_option("-o,--output", options->output, "the file to write (default: standard output)");
  command->add_option("--profile", options->request.profile, "the counting rules: haet (the default), flops, valid_flops, macs, or a file; without --recipe, the forward pass of one sample is counted, by these "
                                                          "or as another counter does: calflops, deepspeed, flop_counter_mode, fvcore, onnx_tool, ptflops, thop, torchinfo, xla");
  command->add_option("--per", options->per, "run, or the epoch or step in the middle of it")->check(CLI::IsMember({"run", "epoch", "step"}));
  command->add_flag("--details", options->details, "print more than the answer: tables by kind, type, layer and body");
  command->add_flag("--verify", options->request.verify, "count again, from the loops, after each pass at -O0 and -O3; status 1 when what differs was not declared");
  command->add_flag_callback("--no-memory", [=] { options->request.memory = false; }, "leave out the memory of the trainer: a large model's plan takes longer than its count");
  command->add_option("--machine", options->request.machine, "estimate time and energy on a machine: its name, a file, or host, which is measured the first time");
  command->add_option("--vary", options->variations, "KEY=A..B or KEY=A,B: a row for each value of a key of the recipe; given several times, for each combination")->allow_extra_args(false);
  command->add_option("--symbolic", options->symbols, "epochs, batch_size, image_size: the cost as a polynomial of these, interpolated exactly from counts and verified")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_option("--budget", options->budget, "the most that the run may cost, parameters and operations (1e14): how many epochs?");
  command->callback([=, &status] {
    auto isOnnx = [](llvm::StringRef model) { return !model.ends_with(".mlir") && !model.ends_with(".mlirbc"); };
    options->forward = command->count("--profile") && options->request.recipe.empty() && llvm::all_of(options->models, isOnnx);
    status = static_cast<int>(reportCost(*options));
  });
}

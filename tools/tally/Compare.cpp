// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tally compare: explains the difference between two cost reports, or two profiles.
#include "tally/Cost/Comparison.h"
#include "Command.h"
#include "tally/Driver/DeriveCost.h"
#include "tally/Driver/ForwardCost.h"
#include "tally/Driver/Session.h"
#include <memory>

using namespace tally;

namespace {
struct CompareOptions {
  std::string first, second;
  std::vector<std::string> recipes, profiles;
  bool details = false;
};
} // namespace

/// Reads a report, or derives that of a model; an error was printed where there is none.
static Status findReport(const std::string &file, const std::string &recipe, llvm::json::Value &report) {
  if (!llvm::StringRef(file).ends_with(".json")) {
    Session session;
    DerivedCost derived = deriveCost({file, recipe, /*verify=*/false, /*memory=*/false}, session.context);
    if (derived.status == DriverStatus::Fine)
      report = toJson(derived.report);
    return static_cast<Status>(derived.status);
  }
  llvm::FailureOr<llvm::json::Value> read = tally::readReport(file);
  if (failed(read))
    return Status::BadInput;
  report = std::move(*read);
  return Status::Fine;
}

/// The forward pass of one model by two profiles.
static Status compareProfiles(const CompareOptions &options) {
  if (options.profiles.size() != 2 || !options.second.empty() || !options.recipes.empty()) {
    llvm::errs() << "error: --profile: expects one model without --recipe, and --profile twice\n";
    return Status::Usage;
  }
  Session session;
  std::vector<ForwardReport> reports;
  if (DriverStatus status = deriveForwardCost(options.first, options.profiles, session.context, reports); status != DriverStatus::Fine)
    return static_cast<Status>(status);
  explainDifference(reports[0], reports[1], llvm::outs());
  return reports[0].operations == reports[1].operations ? Status::Fine : Status::No;
}

static Status compare(const CompareOptions &options) {
  if (!options.profiles.empty())
    return compareProfiles(options);
  if (options.second.empty()) {
    llvm::errs() << "error: B: expects another report or model, or --profile twice\n";
    return Status::Usage;
  }
  if (options.recipes.size() > 2) {
    llvm::errs() << "error: --recipe: expects one for both models, or one for each\n";
    return Status::Usage;
  }
  auto recipe = [&](size_t i) { return options.recipes.empty() ? "" : options.recipes[std::min(i, options.recipes.size() - 1)]; };
  llvm::json::Value a = nullptr, b = nullptr;
  Status first = findReport(options.first, recipe(0), a), second = findReport(options.second, recipe(1), b);
  if (first != Status::Fine || second != Status::Fine)
    return std::max(first, second);
  return compareReports(a, b, options.details, llvm::outs()) ? Status::No : Status::Fine;
}

void tally::addCompareCommand(CLI::App &app, int &status) {
  CLI::App *command = app.add_subcommand("compare", "explain the difference between the costs of two training runs, or between two ways to count a forward pass (status 1: the totals differ)");
  auto options = std::make_shared<CompareOptions>();
  command->add_option("A", options->first, "a report of `tally cost --format json`, or a model")->required();
  command->add_option("B", options->second, "another");
  command->add_option("--recipe", options->recipes, "the recipe of the models, or, given twice, of each")->expected(1)->take_all()->allow_extra_args(false);
  command->add_option("--profile", options->profiles, "given twice: explain what the second counts otherwise than the first in the forward pass of model A")->expected(1)->take_all()->allow_extra_args(false);
  command->add_flag("--details", options->details, "list everything that differs, not only the largest differences");
  command->callback([=, &status] { status = static_cast<int>(compare(*options)); });
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Derives the cost again for each change of a recipe.
#include "tally/Driver/WhatIf.h"
#include "tally/Driver/Session.h"
#include "tally/Support/Decimal.h"
#include "tally/Support/CountText.h"
#include "llvm/ADT/StringExtras.h"
#include <cmath>

using namespace mlir;
using namespace tally;

/// No recipe that anybody trains has more, and a schedule has a number for each step.
static constexpr int64_t mostEpochs = 100000;
static constexpr int64_t mostValues = 1000;

static llvm::Error wrong(const Twine &text) { return llvm::createStringError(llvm::inconvertibleErrorCode(), text); }

llvm::Expected<Variation> Variation::parse(StringRef text) {
  auto [key, list] = text.split('=');
  if (key.empty() || list.empty())
    return wrong("expects KEY=A..B or KEY=A,B,..., got '" + text + "'");
  Variation variation{key.str(), {}};
  if (auto [from, to] = list.split(".."); !to.empty()) {
    int64_t first = 0, last = 0;
    if (from.getAsInteger(10, first) || to.getAsInteger(10, last) || first > last)
      return wrong("expects two whole numbers A..B, the smaller first, got '" + list + "'");
    if (last - first >= mostValues)
      return wrong("expects at most " + Twine(mostValues) + " values, got '" + list + "'");
    for (int64_t value = first; value <= last; ++value)
      variation.values.push_back(std::to_string(value));
    return variation;
  }
  int depth = 0;
  std::string value;
  for (char c : (list + ",").str()) {
    depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
    if (c != ',' || depth > 0) {
      value += c;
      continue;
    }
    if (StringRef(value).trim().empty())
      return wrong("expects a value between commas, got '" + text + "'");
    variation.values.push_back(StringRef(value).trim().str());
    value.clear();
  }
  return variation;
}

llvm::Expected<Count> tally::parseBudget(StringRef text) {
  std::optional<Count> digits = text.empty() || text.starts_with("-") ? std::nullopt : Count::parse(text);
  std::optional<Decimal> decimal = Decimal::parse(text);
  if (!digits && decimal && decimal->isInteger() && !decimal->isNegative())
    if (std::optional<int64_t> integer = decimal->toInteger())
      digits = *integer;
  if (!digits)
    return wrong("expects a whole number of operations and parameters, as 100000000 or 1e14, got '" + text + "'");
  return *digits;
}

namespace {
/// One combination of values.
class Search {
public:
  Search(const CostRequest &request, ArrayRef<RecipeChange> changes, Sheet &sheet) : request(request), sheet(sheet) {
    llvm::append_range(this->request.changes, changes);
    this->request.memory = this->request.verify = false;
  }

  /// The row of the recipe as it is.
  DriverStatus add() { return derive(std::nullopt, [&](const CostReport &report) { sheet.rows.push_back(makeRow(report)); }); }

  /// The row of the largest number of epochs within a budget.
  DriverStatus addWithin(const Count &budget) {
    double limit = toDouble(budget), at = 1, cost = 0; // a number of epochs, and what it costs
    DriverStatus status = derive(std::nullopt, [&](const CostReport &report) {
      cost = toDouble(report.complexity());
      if (auto epochs = report.info.getAs<FloatAttr>("epochs"))
        at = epochs.getValueAsDouble();
    });
    if (status != DriverStatus::Fine)
      return status;
    int64_t fits = 0, exceeds = mostEpochs + 1;
    std::vector<Sheet::Cell> row;
    Count least;
    // The cost is nearly a line: most guesses are right at the second try.
    double slope = cost / at;
    for (int tries = 0; exceeds - fits > 1; ++tries) {
      double onLine = slope > 0 && tries < 16 ? std::floor(at + (limit - cost) / slope) : fits + (exceeds - fits) / 2;
      auto guess = static_cast<int64_t>(std::clamp<double>(onLine, fits + 1, exceeds - 1));
      double found = 0;
      status = derive(guess, [&](const CostReport &report) {
        found = toDouble(report.complexity());
        bool isWithin = !isNegative(budget - report.complexity());
        (isWithin ? fits : exceeds) = guess;
        if (isWithin)
          row = makeRow(report);
        else
          least = report.complexity();
      });
      if (status != DriverStatus::Fine)
        return status;
      if (static_cast<double>(guess) != at)
        slope = (found - cost) / (static_cast<double>(guess) - at);
      at = static_cast<double>(guess);
      cost = found;
    }
    if (fits == 0) {
      llvm::errs() << "error: --budget: one epoch costs " << groupDigits(least) << ", got a budget of " << groupDigits(budget) << where() << '\n';
      return DriverStatus::No;
    }
    if (fits == mostEpochs) {
      llvm::errs() << "error: --budget: more than " << groupDigits(mostEpochs) << " epochs cost less than " << groupDigits(budget) << where() << '\n';
      return DriverStatus::No;
    }
    row.insert(row.begin(), Count(fits));
    sheet.rows.push_back(std::move(row));
    return DriverStatus::Fine;
  }

private:
  static std::vector<Sheet::Cell> makeRow(const CostReport &report) {
    std::vector<Sheet::Cell> row = summaryRow(report);
    row.insert(row.begin(), Count(report.steps));
    return row;
  }

  DriverStatus derive(std::optional<int64_t> epochs, llvm::function_ref<void(const CostReport &)> hear) {
    CostRequest changed = request;
    if (epochs)
      changed.changes.push_back({"epochs", std::to_string(*epochs)});
    Session session;
    DerivedCost derived = deriveCost(changed, session.context);
    if (derived.status == DriverStatus::Fine)
      hear(derived.report);
    else if (epochs)
      llvm::errs() << "note: with " << *epochs << " epochs" << where() << '\n';
    else if (!request.changes.empty())
      llvm::errs() << "note: " << StringRef(where()).ltrim(", ") << '\n';
    return derived.status;
  }

  /// ", with epochs=8, batch_size=512".
  std::string where() const {
    std::string text;
    for (const RecipeChange &change : request.changes)
      text += (text.empty() ? ", with " : ", ") + change.key + "=" + change.value;
    return text;
  }

  CostRequest request;
  Sheet &sheet;
};
} // namespace

DriverStatus tally::deriveVariations(const CostRequest &request, ArrayRef<Variation> variations, std::optional<Count> budget, Sheet &sheet) {
  size_t combinations = 1;
  for (const Variation &variation : variations) {
    sheet.heads.push_back(variation.key);
    combinations *= variation.values.size();
    if (combinations > mostValues) {
      llvm::errs() << "error: --vary: expects at most " << mostValues << " combinations\n";
      return DriverStatus::Usage;
    }
  }
  if (budget && llvm::is_contained(sheet.heads, "epochs")) {
    llvm::errs() << "error: --budget: looks for a number of epochs, which --vary gives\n";
    return DriverStatus::Usage;
  }
  if (budget)
    sheet.heads.push_back("epochs");
  sheet.heads.push_back("steps");
  llvm::append_range(sheet.heads, summaryHeads(request.span));
  for (size_t number = 0; number < combinations; ++number) {
    std::vector<RecipeChange> changes;
    size_t rest = number;
    for (const Variation &variation : llvm::reverse(variations)) {
      changes.insert(changes.begin(), {variation.key, variation.values[rest % variation.values.size()]});
      rest /= variation.values.size();
    }
    Search search(request, changes, sheet);
    if (DriverStatus status = budget ? search.addWithin(*budget) : search.add(); status != DriverStatus::Fine)
      return status;
    std::vector<Sheet::Cell> &row = sheet.rows.back();
    for (const RecipeChange &change : llvm::reverse(changes))
      row.insert(row.begin(), change.value);
  }
  return DriverStatus::Fine;
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Cost and verdict of a certificate.
#include "Facts.h"
#include "tally/Cost/CostReport.h"

using namespace mlir;
using namespace tally;

FailureOr<CertifiedCost> tally::countCost(ModuleOp module, StringRef name) {
  FailureOr<CostProfile> profile = readProfile(name, module.getContext());
  if (failed(profile))
    return failure();
  FailureOr<CostReport> report = makeCostReport(*module.getOps<train::ProgramOp>().begin(), *profile);
  if (failed(report))
    return failure();
  return CertifiedCost{name.str(), report->parameters, report->operations().total(), report->complexity(),
                       report->operationsOf(Phase::Evaluation)};
}

std::string tally::recipeDigestOf(ModuleOp module) {
  return (*module.getOps<train::ProgramOp>().begin()).getInfoAttr().getAs<StringAttr>("recipe_sha256").str();
}

CertifiedVerdict tally::concludeRuns(ArrayRef<CertifiedRun> runs, const Recipe &recipe) {
  CertifiedVerdict verdict{std::nullopt, std::nullopt, true};
  if (recipe.target)
    verdict.target = recipe.target->accuracy.toDouble();
  double sum = 0;
  bool counted = !runs.empty(), each = true;
  for (const CertifiedRun &run : runs) {
    counted &= run.result.accuracy.has_value();
    sum += run.result.accuracy.value_or(0);
    each &= run.result.accuracy.value_or(0) >= verdict.target.value_or(0);
  }
  if (counted)
    verdict.accuracy = sum / double(runs.size());
  if (recipe.target)
    verdict.passed = counted && (recipe.target->each ? each : *verdict.accuracy >= *verdict.target);
  return verdict;
}

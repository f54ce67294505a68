// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads profiles and prices facts by them.
#include "tally/Cost/Profile.h"
#include "tally/Support/Yaml.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace tally;

static constexpr int64_t largestWeight = 1000000;

void CostProfile::add(const CostTerm &term, OpCount &count) const {
  Count terms = term.terms - (countsPadding ? Count() : term.paddingTerms);
  Count combined = countsFirstTerm ? terms : terms - term.results;
  auto weigh = [&](OperationKind kind) {
    auto weight = weights.find(kind);
    return weight == weights.end() ? otherWeight : weight->second;
  };
  switch (term.form) {
  case CostTerm::Form::Body:
    count.add(term.kind, term.type, terms * weigh(term.kind));
    break;
  case CostTerm::Form::Sum:
    count.add(term.kind, term.type, combined * weigh(term.kind));
    break;
  case CostTerm::Form::Product:
    count.add(OperationKind::Multiply, term.type, terms * productWeight);
    if (!fusesProducts)
      count.add(OperationKind::Add, term.sumType, combined * productWeight);
    break;
  case CostTerm::Form::Unknown:
    break; // an error for whoever counts
  }
}

static void readWeights(YamlNode &node, YamlProblems &problems, CostProfile &profile) {
  MapReader reader(node, problems, "weights");
  reader.readInteger("other", profile.otherWeight, 0, largestWeight);
  reader.readInteger("products", profile.productWeight, 0, largestWeight);
#define TALLY_OPERATION_KIND(Name, name)                                                                                                             \
  if (int64_t weight = 0; reader.readInteger(name, weight, 0, largestWeight))                                                                        \
    profile.weights[OperationKind::Name] = weight;
#include "tally/Support/OperationKinds.def"
  reader.finish();
}

static constexpr StringLiteral profilesFolder = "share/tally/profiles";

FailureOr<CostProfile> tally::readProfile(StringRef nameOrFile, MLIRContext *context) {
  FailureOr<NamedYaml> file = readNamedYaml(nameOrFile, profilesFolder, "a profile", "profiles", UnknownLoc::get(context));
  if (failed(file))
    return failure();
  YamlProblems problems;
  CostProfile profile;
  profile.name = file->path == nameOrFile ? file->path : llvm::sys::path::stem(file->path).str();
  MapReader reader(file->root, problems, "profile");
  if (YamlNode *rules = reader.find("rules")) {
    reader.what = "a profile of rules";
    profile.rules = readRules(*rules, problems);
    reader.finish();
    return problems.wrong ? FailureOr<CostProfile>(failure()) : profile;
  }
  if (std::optional<size_t> word = reader.readWord("padding", {"counted", "skipped"}))
    profile.countsPadding = *word == 0;
  if (std::optional<size_t> word = reader.readWord("sums", {"K-1", "K"}))
    profile.countsFirstTerm = *word == 1;
  if (int64_t operations = 2; reader.readInteger("multiply_add", operations, 1, 2))
    profile.fusesProducts = operations == 1;
  if (YamlNode *weights = reader.find("weights"))
    readWeights(*weights, problems, profile);
  reader.finish();
  if (problems.wrong)
    return failure();
  return profile;
}

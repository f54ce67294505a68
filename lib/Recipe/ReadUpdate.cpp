// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The sections that say what an update goes by: the loss, and the limits of gradients.
#include "Sections.h"

using namespace mlir;
using namespace tally;

static constexpr StringRef lossWords[] = {"cross_entropy", "mean_squared_error", "binary_cross_entropy", "model"};

StringRef tally::stringify(LossSpec::Kind kind) { return lossWords[static_cast<int>(kind)]; }

/// The keys that cross entropy alone has.
static void readCrossEntropy(MapReader &reader, LossSpec &spec) {
  YamlProblems &problems = reader.problems;
  reader.read("label_smoothing", spec.labelSmoothing);
  checkRange(reader, "label_smoothing", spec.labelSmoothing, 0, 1);
  if (YamlNode *weights = reader.find("class_weights")) {
    spec.classWeightsLoc = weights->loc;
    if (weights->kind != YamlNode::Kind::List || weights->items.empty())
      problems.error(weights->loc) << "expects a list of numbers, one for each class, got " << weights->describe();
    for (const YamlNode &item : weights->items) {
      std::optional<Decimal> weight = readDecimal(item, problems);
      if (weight && weight->isNegative())
        problems.error(item.loc) << "expects a weight of at least 0, got " << weight->str();
      spec.classWeights.push_back(weight.value_or(Decimal(1)));
    }
  }
  if (int64_t label; reader.readInteger("ignore_index", label, 0, largestLabel)) {
    spec.ignoreIndex = label;
    spec.ignoreLoc = reader.find("ignore_index")->loc;
  }
}

LossSpec tally::readLoss(YamlNode &node, YamlProblems &problems) {
  LossSpec spec(node.loc);
  expandName(node);
  MapReader reader(node, problems, "loss");
  if (YamlNode *name = reader.require("name"))
    spec.kind = static_cast<LossSpec::Kind>(readWord(*name, problems, lossWords).value_or(0));
  if (spec.kind == LossSpec::Kind::CrossEntropy)
    readCrossEntropy(reader, spec);
  spec.sum = reader.readWord("reduction", {"mean", "sum"}).value_or(0) == 1;
  reader.finish();
  return spec;
}

std::string tally::stringify(const LossSpec &loss) {
  std::string text = "{name: " + stringify(loss.kind).str();
  if (loss.kind == LossSpec::Kind::CrossEntropy)
    text += ", label_smoothing: " + loss.labelSmoothing.str();
  for (auto [index, weight] : llvm::enumerate(loss.classWeights))
    text += (index == 0 ? ", class_weights: [" : ", ") + weight.str();
  if (!loss.classWeights.empty())
    text += "]";
  if (loss.ignoreIndex)
    text += ", ignore_index: " + std::to_string(*loss.ignoreIndex);
  return text + ", reduction: " + (loss.sum ? "sum" : "mean") + "}";
}

/// {norm: limit} or {value: limit}
ClipSpec tally::readClip(YamlNode &node, YamlProblems &problems) {
  ClipSpec spec;
  MapReader reader(node, problems, "clip");
  bool norm = reader.read("norm", spec.limit), value = reader.read("value", spec.limit);
  reader.finish();
  if (reader.find("norm") && reader.find("value"))
    problems.error(node.loc) << "expects either 'norm' or 'value' in clip";
  else if (node.kind == YamlNode::Kind::Map && !reader.find("norm") && !reader.find("value"))
    problems.error(node.loc) << "expects 'norm' or 'value' in clip";
  else if ((norm || value) && spec.limit.compare(0) <= 0)
    problems.error(reader.find(norm ? "norm" : "value")->loc) << "expects a limit above 0, got " << spec.limit.str();
  spec.kind = norm ? ClipSpec::Kind::Norm : ClipSpec::Kind::Value;
  return spec;
}

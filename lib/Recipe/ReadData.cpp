// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The sections about data: data set, augmentation, evaluation, target.
#include "Sections.h"

using namespace mlir;
using namespace tally;

static constexpr StringRef viewWords[] = {"plain", "mirror", "mirror_translate"};

/// A list of three numbers.
static void readColours(MapReader &reader, StringRef key, SmallVectorImpl<Decimal> &values) {
  YamlNode *list = reader.require(key);
  if (!list)
    return;
  if (list->kind != YamlNode::Kind::List || list->items.size() != 3) {
    reader.problems.error(list->loc) << "expects three numbers, got " << list->describe();
    return;
  }
  for (YamlNode &item : list->items)
    if (std::optional<Decimal> value = readDecimal(item, reader.problems))
      values.push_back(*value);
}

static void readAugment(YamlNode &node, YamlProblems &problems, SmallVectorImpl<AugmentSpec> &augment) {
  MapReader reader(node, problems, "augment");
  if (node.kind == YamlNode::Kind::Map && node.entries.empty())
    problems.error(node.loc) << "expects an augmentation, got an empty mapping";
  reader.refuse("jitter");
  if (std::optional<size_t> flip = reader.readWord("flip", {"random", "alternating"}))
    augment.push_back({static_cast<AugmentSpec::Kind>(*flip)});
  if (YamlNode *crop = reader.find("crop")) {
    MapReader inner(*crop, problems, "crop");
    AugmentSpec spec{AugmentSpec::Kind::Crop};
    if (inner.require("pad"))
      inner.readInteger("pad", spec.size, 1, 31);
    spec.reflect = inner.readWord("mode", {"zero", "reflect"}).value_or(0) == 1;
    inner.finish();
    augment.push_back(spec);
  }
  if (YamlNode *cutout = reader.find("cutout")) {
    MapReader inner(*cutout, problems, "cutout");
    AugmentSpec spec{AugmentSpec::Kind::Cutout};
    if (inner.require("size"))
      inner.readInteger("size", spec.size, 1, 32);
    inner.finish();
    augment.push_back(spec);
  }
  reader.finish();
}

DataSpec tally::readData(YamlNode &node, YamlProblems &problems) {
  DataSpec spec;
  expandName(node);
  MapReader reader(node, problems, "data");
  static constexpr StringRef names[] = {"cifar10", "cifar100"};
  if (std::optional<size_t> name = reader.readWord("name", names))
    spec.name = names[*name].str();
  spec.coarseLabels = reader.readWord("labels", {"fine", "coarse"}).value_or(0) == 1;
  if (spec.coarseLabels && spec.name != "cifar100")
    problems.error(node.loc) << "expects cifar100 for coarse labels";
  reader.readInteger("train_images", spec.trainImages, 1);
  reader.readInteger("test_images", spec.testImages, 1);
  if (reader.readInteger("validation_images", spec.validationImages, 0) && spec.validationImages >= spec.trainImages)
    problems.error(node.loc) << "expects fewer validation images than the " << spec.trainImages
                             << " training images, got " << spec.validationImages;
  if (YamlNode *normalize = reader.find("normalize")) {
    MapReader inner(*normalize, problems, "normalize");
    readColours(inner, "mean", spec.mean);
    readColours(inner, "std", spec.deviation);
    for (const Decimal &deviation : spec.deviation)
      if (deviation.compare(0) <= 0)
        problems.error(normalize->loc) << "expects deviations above 0, got " << deviation.str();
    inner.finish();
  }
  reader.refuse("resize");
  if (YamlNode *augment = reader.find("augment")) {
    if (augment->kind == YamlNode::Kind::List)
      for (YamlNode &item : augment->items)
        readAugment(item, problems, spec.augment);
    else if (augment->kind != YamlNode::Kind::Null)
      problems.error(augment->loc) << "expects a list of augmentations, got " << augment->describe();
  }
  for (auto [index, step] : llvm::enumerate(spec.augment))
    for (const AugmentSpec &earlier : ArrayRef(spec.augment).take_front(index))
      if (earlier.kind == step.kind || (earlier.kind <= AugmentSpec::Kind::AlternatingFlip &&
                                        step.kind <= AugmentSpec::Kind::AlternatingFlip))
        problems.error(node.loc) << "expects each augmentation once";
  reader.finish();
  return spec;
}

EvaluateSpec tally::readEvaluate(YamlNode &node, YamlProblems &problems) {
  EvaluateSpec spec;
  MapReader reader(node, problems, "evaluate");
  reader.readInteger("every_epochs", spec.everyEpochs, 1);
  spec.validation = reader.readWord("split", {"test", "validation"}).value_or(0) == 1;
  if (YamlNode *views = reader.find("views")) {
    spec.views.clear();
    if (views->kind != YamlNode::Kind::List || views->items.empty())
      problems.error(views->loc) << "expects a list of views, got " << views->describe();
    for (YamlNode &item : views->items)
      if (std::optional<size_t> word = readWord(item, problems, viewWords)) {
        if (llvm::is_contained(spec.views, static_cast<View>(*word)))
          problems.error(item.loc) << "expects each view once, got '" << item.text << "' again";
        spec.views.push_back(static_cast<View>(*word));
      }
  }
  reader.finish();
  return spec;
}

TargetSpec tally::readTarget(YamlNode &node, YamlProblems &problems) {
  TargetSpec spec;
  MapReader reader(node, problems, "target");
  if (reader.require("accuracy") && reader.read("accuracy", spec.accuracy))
    checkRange(reader, "accuracy", spec.accuracy, 0, 1);
  if (std::optional<size_t> view = reader.readWord("view", viewWords))
    spec.view = static_cast<View>(*view);
  spec.each = reader.readWord("of", {"mean", "each"}).value_or(0) == 1;
  reader.finish();
  return spec;
}

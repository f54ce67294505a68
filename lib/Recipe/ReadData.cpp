// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The sections about data: data set, augmentation, evaluation, target.
#include "Sections.h"

using namespace mlir;
using namespace tally;

static constexpr StringRef viewWords[] = {"plain", "mirror", "mirror_translate"};
static constexpr StringRef formatWords[] = {"cifar", "raw", "npy"};

StringRef tally::stringify(View view) { return viewWords[static_cast<int>(view)]; }
StringRef tally::stringify(DataFormat format) { return formatWords[static_cast<int>(format)]; }

/// A list with a number for each channel.
static void readChannels(MapReader &reader, StringRef key, const DataSpec &spec, SmallVectorImpl<Decimal> &values) {
  YamlNode *list = reader.require(key);
  if (!list)
    return;
  size_t channels = spec.shape.empty() ? 3 : spec.shape[0];
  if (list->kind != YamlNode::Kind::List || list->items.size() != channels) {
    auto error = reader.problems.error(list->loc) << "expects a list of " << channels << " numbers, one a channel, got ";
    if (list->kind == YamlNode::Kind::List)
      error << list->items.size();
    else
      error << list->describe();
    return;
  }
  for (YamlNode &item : list->items)
    if (std::optional<Decimal> value = readDecimal(item, reader.problems))
      values.push_back(*value);
}

/// Own data: everything that the name of a CIFAR set would say.
static void readOwnData(MapReader &reader, DataSpec &spec) {
  YamlNode *shape = reader.require("shape"), *classes = reader.require("classes");
  if (shape) {
    spec.shapeLoc = shape->loc;
    if (shape->kind != YamlNode::Kind::List || shape->items.size() != 3)
      reader.problems.error(shape->loc) << "expects [channels, height, width], got " << shape->describe();
    else
      for (YamlNode &item : shape->items)
        spec.shape.push_back(readInteger(item, reader.problems, 1, 4096).value_or(1));
  }
  if (classes) {
    spec.classesLoc = classes->loc;
    reader.readInteger("classes", spec.classes, 1, 65536);
  }
  reader.require("train_images");
  reader.require("test_images");
}

/// What is drawn from a side of an image must fit into it.
static void checkAugment(YamlNode &node, YamlProblems &problems, const DataSpec &spec, const AugmentSpec &augment) {
  int64_t side = spec.shape.empty() ? 32 : std::min(spec.shape[1], spec.shape[2]);
  if (augment.kind == AugmentSpec::Kind::Crop && augment.size >= side)
    problems.error(node.loc) << "expects a pad below " << side << ", the images' shorter side, got " << augment.size;
  if (augment.kind == AugmentSpec::Kind::Cutout && augment.size > side)
    problems.error(node.loc) << "expects a size up to " << side << ", the images' shorter side, got " << augment.size;
}

static void readAugment(YamlNode &node, YamlProblems &problems, DataSpec &data) {
  SmallVectorImpl<AugmentSpec> &augment = data.augment;
  MapReader reader(node, problems, "augment");
  if (node.kind == YamlNode::Kind::Map && node.entries.empty())
    problems.error(node.loc) << "expects an augmentation, got an empty mapping";
  reader.refuse("jitter");
  if (std::optional<size_t> flip = reader.readWord("flip", {"random", "alternating"}))
    augment.push_back({static_cast<AugmentSpec::Kind>(*flip)});
  if (YamlNode *crop = reader.find("crop")) {
    MapReader inner(*crop, problems, "crop");
    AugmentSpec spec{AugmentSpec::Kind::Crop};
    if (YamlNode *pad = inner.require("pad"); pad && inner.readInteger("pad", spec.size, 1))
      checkAugment(*pad, problems, data, spec);
    spec.reflect = inner.readWord("mode", {"zero", "reflect"}).value_or(0) == 1;
    inner.finish();
    augment.push_back(spec);
  }
  if (YamlNode *cutout = reader.find("cutout")) {
    MapReader inner(*cutout, problems, "cutout");
    AugmentSpec spec{AugmentSpec::Kind::Cutout};
    if (YamlNode *size = inner.require("size"); size && inner.readInteger("size", spec.size, 1))
      checkAugment(*size, problems, data, spec);
    inner.finish();
    augment.push_back(spec);
  }
  reader.finish();
}

DataSpec tally::readData(YamlNode &node, YamlProblems &problems) {
  DataSpec spec(node.loc);
  expandName(node);
  MapReader reader(node, problems, "data");
  static constexpr StringRef names[] = {"cifar10", "cifar100"};
  std::optional<size_t> format = reader.readWord("format", formatWords);
  YamlNode *name = reader.find("name");
  bool named = name && llvm::is_contained(names, StringRef(name->text));
  bool own = !named && (reader.find("shape") || reader.find("classes") || format.value_or(0) != 0);
  if (own) {
    spec.name = "own";
    reader.read("name", spec.name);
    spec.format = static_cast<DataFormat>(format.value_or(1));
    if (spec.format == DataFormat::Cifar)
      problems.error(reader.find("format")->loc) << "expects format raw or npy for images of a shape of their own, got 'cifar'";
    readOwnData(reader, spec);
  } else {
    if (std::optional<size_t> known = reader.readWord("name", names))
      spec.name = names[*known].str();
    if (format.value_or(0) != 0)
      problems.error(reader.find("format")->loc)
          << "expects format cifar for " << spec.name << ", got '" << formatWords[*format]
          << "': own data have shape, classes and another name";
    for (StringRef key : {"shape", "classes"})
      if (YamlNode *value = reader.find(key))
        problems.error(value->loc) << "expects no " << key << " for " << spec.name
                                   << ", which has its own: own data have another name, or none";
  }
  spec.coarseLabels = reader.readWord("labels", {"fine", "coarse"}).value_or(0) == 1;
  if (spec.coarseLabels && spec.name != "cifar100")
    problems.error(node.loc) << "expects cifar100 for coarse labels";
  reader.readInteger("train_images", spec.trainImages, 1);
  reader.readInteger("test_images", spec.testImages, 1);
  if (reader.readInteger("validation_images", spec.validationImages, 0) && spec.validationImages >= spec.trainImages)
    problems.error(node.loc) << "expects fewer validation images than the " << spec.trainImages
                             << " training images, got " << spec.validationImages;
  int64_t trained = spec.trainImages - spec.validationImages;
  if (reader.readInteger("subset", spec.subset, 1) && spec.subset > trained)
    problems.error(reader.find("subset")->loc) << "expects a subset of the " << trained << " images that are trained on, got "
                                               << spec.subset;
  if (YamlNode *normalize = reader.find("normalize")) {
    MapReader inner(*normalize, problems, "normalize");
    readChannels(inner, "mean", spec, spec.mean);
    readChannels(inner, "std", spec, spec.deviation);
    for (const Decimal &deviation : spec.deviation)
      if (deviation.compare(0) <= 0)
        problems.error(normalize->loc) << "expects deviations above 0, got " << deviation.str();
    inner.finish();
  }
  reader.refuse("resize");
  if (YamlNode *augment = reader.find("augment")) {
    if (augment->kind == YamlNode::Kind::List)
      for (YamlNode &item : augment->items)
        readAugment(item, problems, spec);
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

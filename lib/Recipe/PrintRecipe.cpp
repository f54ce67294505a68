// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A resolved recipe as text: YAML with every default filled in, then one row for each tensor of the model.
#include "tally/Recipe/Resolve.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace tally;

static StringRef word(bool value) { return value ? "true" : "false"; }

/// A string as YAML: always in quotes, so that it reads back as it is.
static std::string quoted(StringRef text) {
  std::string result = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\')
      result += '\\';
    result += c;
  }
  return result + "\"";
}

template <typename Range, typename Function>
static std::string list(const Range &range, Function print) {
  std::string text = "[";
  for (const auto &item : range)
    text += (text.size() == 1 ? "" : ", ") + print(item);
  return text + "]";
}

std::string tally::stringify(const ScheduleSpec &schedule) {
  std::string text = "{name: " + stringify(schedule.kind).str();
  switch (schedule.kind) {
  case ScheduleSpec::Kind::Constant:
    break;
  case ScheduleSpec::Kind::Step:
    if (schedule.every)
      text += ", every: " + schedule.every->str();
    else
      text += ", milestones: " + list(schedule.milestones, [](const Time &time) { return time.str(); });
    text += ", gamma: " + schedule.gamma.str();
    break;
  case ScheduleSpec::Kind::Cosine:
    text += ", warmup: " + schedule.warmup.str() + ", start: " + schedule.start.str() + ", final: " + schedule.final.str();
    break;
  case ScheduleSpec::Kind::OneCycle:
    text += ", pct_start: " + schedule.pctStart.str() + ", div_factor: " + schedule.divFactor.str() +
            ", final_div_factor: " + schedule.finalDivFactor.str();
    break;
  case ScheduleSpec::Kind::PiecewiseLinear:
    text += ", points: " + list(schedule.points, [](const auto &point) {
              return "[" + point.first.str() + ", " + point.second.str() + "]";
            });
    break;
  }
  return text + "}";
}

static std::string describe(const InitSpec &spec) {
  std::string text = "{name: " + stringify(spec.kind).str();
  if (spec.kind == InitSpec::Kind::Dirac)
    text += ", rest: " + stringify(spec.rest).str();
  if (spec.kind == InitSpec::Kind::PatchWhitening)
    text += ", images: " + std::to_string(spec.images) + ", eps: " + spec.eps.str() +
            ", centred: " + word(spec.centred).str() + ", sweeps: " + std::to_string(spec.sweeps);
  if (spec.unitStd)
    text += ", scale_to: unit_std";
  return text + "}";
}

static std::string describe(ArrayRef<PatternSpec> patterns) {
  return list(patterns, [](const PatternSpec &pattern) { return quoted(pattern.glob); });
}

static std::string describe(const GroupSpec &group) {
  std::string text;
  auto add = [&](StringRef key, const std::string &value) {
    text += (text.empty() ? "" : ", ") + key.str() + ": " + value;
  };
  if (group.match)
    add("match", quoted(*group.match));
  if (group.kind)
    add("kind", *group.kind);
  if (group.trainable)
    add("trainable", word(*group.trainable).str());
  if (group.freezeAt)
    add("freeze_at", group.freezeAt->str());
  if (group.freezeStatistics)
    add("freeze_statistics", group.freezeStatistics->str());
  if (group.lr)
    add("lr", group.lr->str());
  if (group.lrScale)
    add("lr_scale", group.lrScale->str());
  if (group.weightDecay)
    add("weight_decay", group.weightDecay->str());
  if (group.decoupled)
    add("decay", *group.decoupled ? "decoupled" : "l2");
  if (group.schedule)
    add("schedule", stringify(*group.schedule));
  if (group.init)
    add("init", describe(*group.init));
  if (group.optimizer)
    add("optimizer", stringify(*group.optimizer));
  return "{" + text + "}";
}

static std::string describe(const AveragingSpec &spec) {
  std::string text = "{name: " + stringify(spec.kind).str();
  if (spec.kind == AveragingSpec::Kind::None)
    return text + "}";
  text += ", every: " + std::to_string(spec.every) + " steps";
  if (spec.kind == AveragingSpec::Kind::Lookahead)
    text += ", keep: {scale: " + spec.scale.str() + ", power: " + spec.power.str() + "}";
  else
    text += ", decay: " + spec.decay.str() + ", from: " + spec.from.str();
  return text + ", statistics: " + word(spec.statistics).str() + "}";
}

static std::string describe(const AugmentSpec &spec) {
  switch (spec.kind) {
  case AugmentSpec::Kind::RandomFlip:
    return "{flip: random}";
  case AugmentSpec::Kind::AlternatingFlip:
    return "{flip: alternating}";
  case AugmentSpec::Kind::Crop:
    return "{crop: {pad: " + std::to_string(spec.size) + ", mode: " + (spec.reflect ? "reflect" : "zero") + "}}";
  case AugmentSpec::Kind::Cutout:
    return "{cutout: {size: " + std::to_string(spec.size) + "}}";
  }
  return "";
}

static std::string describe(const DataSpec &spec) {
  auto decimal = [](const Decimal &value) { return value.str(); };
  std::string text = "{name: " + spec.name;
  if (spec.name == "cifar100")
    text += std::string(", labels: ") + (spec.coarseLabels ? "coarse" : "fine");
  if (spec.format != DataFormat::Cifar)
    text += ", format: " + stringify(spec.format).str() + ", shape: " +
            list(spec.shape, [](int64_t size) { return std::to_string(size); }) + ", classes: " + std::to_string(spec.classes);
  text += ", train_images: " + std::to_string(spec.trainImages) + ", test_images: " + std::to_string(spec.testImages) +
          ", validation_images: " + std::to_string(spec.validationImages);
  if (spec.subset)
    text += ", subset: " + std::to_string(spec.subset);
  text += ", normalize: {mean: " + list(spec.mean, decimal) + ", std: " + list(spec.deviation, decimal) + "}";
  return text + ", augment: " + list(spec.augment, [](const AugmentSpec &augment) { return describe(augment); }) + "}";
}

/// Without keep and eps the model's own attributes count.
static std::string describe(const BatchNormSpec &spec) {
  std::string text;
  if (spec.keep)
    text += "keep: " + spec.keep->str() + ", ";
  if (spec.eps)
    text += "eps: " + spec.eps->str() + ", ";
  return "{" + text + "running_variance: " + (spec.sampleVariance ? "sample" : "population") + (spec.restore ? ", restore: true}" : "}");
}

static void printTensor(raw_ostream &os, const ResolvedRecipe &resolved, const ResolvedTensor &tensor) {
  auto type = cast<RankedTensorType>(tensor.weight.getType());
  std::string shape = type.getRank() == 0 ? "scalar" : llvm::join(llvm::map_range(type.getShape(), [](int64_t size) {
                                              return std::to_string(size);
                                            }), "x");
  std::string freeze = tensor.freezeStep == resolved.totalSteps ? "never" : std::to_string(tensor.freezeStep);
  os << "# " << tensor.name << "  " << shape << "  " << tensor.kind << "  ";
  os << (tensor.group ? std::to_string(*tensor.group + 1) : "-") << "  ";
  if (tensor.statistic) {
    os << "-  -  -  keep  " << freeze << "\n";
    return;
  }
  if (tensor.freezeStep == 0)
    os << "-  -  -";
  else
    os << llvm::format("%.9g", tensor.learningRate()) << "  " << tensor.optimizer.weightDecay.str() << " "
       << (tensor.optimizer.decoupled ? "decoupled" : "l2") << "  " << stringify(tensor.optimizer.kind);
  os << "  " << stringify(tensor.init.kind) << "  " << freeze << (tensor.fixedValue ? "  (no parameter)" : "") << "\n";
}

std::string tally::printResolvedRecipe(const ResolvedRecipe &resolved) {
  const Recipe &recipe = resolved.recipe;
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "loss: " << stringify(recipe.loss) << "\n";
  os << "optimizer: " << stringify(recipe.optimizer) << "\n";
  os << "schedule: " << stringify(recipe.schedule) << "\n";
  if (recipe.steps)
    os << "steps: " << *recipe.steps << "\n";
  else
    os << "epochs: " << recipe.epochs.str() << "\n";
  os << "batch_size: " << recipe.batchSize << "\naccumulate: " << recipe.accumulate << "\n";
  if (recipe.clip.kind != ClipSpec::Kind::None)
    os << "clip: {" << (recipe.clip.kind == ClipSpec::Kind::Norm ? "norm: " : "value: ") << recipe.clip.limit.str() << "}\n";
  os << "drop_last: " << word(recipe.dropLast) << "\nshuffle: " << word(recipe.shuffle) << "\n";
  os << "seeds: " << recipe.firstSeed << ".." << recipe.lastSeed << "\n";
  if (recipe.groups.empty())
    os << "groups: []\n";
  else
    os << "groups:\n";
  for (const GroupSpec &group : recipe.groups)
    os << "  - " << describe(group) << "\n";
  if (!recipe.freeze.empty())
    os << "freeze: " << describe(recipe.freeze) << "\n";
  if (!recipe.train.empty())
    os << "train: " << describe(recipe.train) << "\n";
  os << "batch_norm: " << describe(recipe.batchNorm) << "\n";
  os << "averaging: " << describe(recipe.averaging) << "\n";
  os << "data: " << describe(recipe.data) << "\n";
  os << "evaluate: {every_epochs: " << recipe.evaluate.everyEpochs
     << ", split: " << (recipe.evaluate.validation ? "validation" : "test")
     << ", views: " << list(recipe.evaluate.views, [](View view) { return stringify(view).str(); }) << "}\n";
  if (recipe.target)
    os << "target: {accuracy: " << recipe.target->accuracy.str() << ", view: " << stringify(recipe.target->view)
       << ", of: " << (recipe.target->each ? "each" : "mean") << "}\n";
  os << "precision: " << stringify(recipe.precision) << "\nconvolution: " << stringify(recipe.convolution) << "\nlog_every: " << recipe.logEvery << "\n";
  os << "# steps " << resolved.totalSteps << ", steps per epoch " << resolved.stepsPerEpoch << ", last batch "
     << resolved.lastBatch << "\n";
  os << "# tensor  shape  kind  group  lr  decay  optimizer  init  freeze step\n";
  for (const ResolvedTensor &tensor : resolved.tensors)
    printTensor(os, resolved, tensor);
  return text;
}

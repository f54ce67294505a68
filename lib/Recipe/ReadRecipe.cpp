// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A recipe from YAML text: the top level.
#include "Sections.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace tally;

StringRef tally::stringify(ScheduleSpec::Kind kind) {
  constexpr StringRef words[] = {"constant", "step", "cosine", "one_cycle", "piecewise_linear"};
  return words[static_cast<int>(kind)];
}
StringRef tally::stringify(InitSpec::Kind kind) {
  constexpr StringRef words[] = {"keep",           "zeros", "ones",           "uniform_fan_in",
                                 "kaiming_normal", "dirac", "patch_whitening"};
  return words[static_cast<int>(kind)];
}
StringRef tally::stringify(AveragingSpec::Kind kind) {
  constexpr StringRef words[] = {"none", "lookahead", "ema"};
  return words[static_cast<int>(kind)];
}
StringRef tally::stringify(Precision precision) {
  constexpr StringRef words[] = {"f32", "f64", "bf16", "model"};
  return words[static_cast<int>(precision)];
}
StringRef tally::stringify(Convolution convolution) {
  constexpr StringRef words[] = {"direct", "fewest_operations", "winograd_2", "winograd_4"};
  return words[static_cast<int>(convolution)];
}

Location Recipe::placeOf(StringRef key) const {
  auto found = llvm::find_if(places, [&](const auto &place) { return place.first == key; });
  return found == places.end() ? loc : found->second;
}

static BatchNormSpec readBatchNorm(YamlNode &node, YamlProblems &problems) {
  BatchNormSpec spec;
  MapReader reader(node, problems, "batch_norm");
  reader.read("restore", spec.restore);
  if (reader.read("keep", spec.keep))
    checkRange(reader, "keep", *spec.keep, 0, 1);
  if (reader.read("eps", spec.eps))
    checkRange(reader, "eps", *spec.eps, 0, 1000);
  spec.sampleVariance = reader.readWord("running_variance", {"population", "sample"}).value_or(0) == 1;
  reader.finish();
  return spec;
}

/// A list of globs on names of tensors; one alone needs no list.
static std::vector<PatternSpec> readPatterns(YamlNode &node, YamlProblems &problems) {
  std::vector<PatternSpec> patterns;
  ArrayRef<YamlNode> items = node.kind == YamlNode::Kind::List ? ArrayRef(node.items) : ArrayRef(node);
  for (const YamlNode &item : items) {
    if (item.kind == YamlNode::Kind::Scalar && !item.text.empty())
      patterns.push_back({item.text, item.loc});
    else
      problems.error(item.loc) << "expects a glob on the names of tensors, got " << item.describe();
  }
  if (items.empty())
    problems.error(node.loc) << "expects at least one glob on the names of tensors, got an empty list";
  return patterns;
}

/// "5 steps", or a number of steps; without the key every step.
static void readEvery(MapReader &reader, int64_t &steps) {
  YamlNode *node = reader.find("every");
  if (!node)
    return;
  std::optional<Time> time;
  if (node->kind == YamlNode::Kind::Scalar)
    time = Time::parse(node->text);
  std::optional<int64_t> number;
  if (time && time->unit == Time::Unit::Steps)
    number = time->value.toInteger();
  if (number && *number >= 1)
    steps = *number;
  else
    reader.problems.error(node->loc) << "expects 'N steps' with N of at least 1, got " << node->describe();
}

static AveragingSpec readAveraging(YamlNode &node, YamlProblems &problems) {
  AveragingSpec spec;
  expandName(node);
  MapReader reader(node, problems, "averaging");
  YamlNode *name = reader.require("name");
  std::optional<size_t> word;
  if (name)
    word = readWord(*name, problems, {"none", "lookahead", "ema"});
  if (!word)
    return spec;
  spec.kind = static_cast<AveragingSpec::Kind>(*word);
  if (spec.kind != AveragingSpec::Kind::None) {
    if (spec.kind == AveragingSpec::Kind::Lookahead)
      reader.require("every");
    readEvery(reader, spec.every);
    reader.read("statistics", spec.statistics);
  }
  if (spec.kind == AveragingSpec::Kind::Lookahead) {
    if (YamlNode *keep = reader.require("keep")) {
      if (keep->kind == YamlNode::Kind::Scalar) {
        spec.scale = readDecimal(*keep, problems).value_or(spec.scale);
      } else {
        MapReader inner(*keep, problems, "keep");
        if (inner.require("scale"))
          inner.read("scale", spec.scale);
        inner.read("power", spec.power);
        checkRange(inner, "power", spec.power, 0, 100);
        inner.finish();
      }
      checkRange(reader, "keep", spec.scale, 0, 1);
    }
  }
  if (spec.kind == AveragingSpec::Kind::Ema) {
    if (reader.require("decay") && reader.read("decay", spec.decay))
      checkRange(reader, "decay", spec.decay, 0, 1);
    std::optional<Time> from;
    if (reader.read("from", from))
      spec.from = *from;
  }
  reader.finish();
  return spec;
}

/// "3", or "1..3".
static void readSeeds(YamlNode &node, YamlProblems &problems, Recipe &recipe) {
  auto [first, last] = StringRef(node.text).split("..");
  int64_t from = 0, to = 0;
  bool range = StringRef(node.text).contains("..");
  bool wrong = node.kind != YamlNode::Kind::Scalar || first.getAsInteger(10, from) || from < 0 ||
               (range && (last.getAsInteger(10, to) || to < from));
  if (wrong) {
    problems.error(node.loc) << "expects a seed or a range such as 1..3, got " << node.describe();
    return;
  }
  recipe.firstSeed = from;
  recipe.lastSeed = range ? to : from;
}

static void readLength(MapReader &reader, Recipe &recipe) {
  YamlNode *epochs = reader.find("epochs"), *steps = reader.find("steps");
  if (!epochs == !steps) {
    reader.problems.error(steps ? steps->loc : reader.node.loc) << "expects either 'epochs' or 'steps'";
    return;
  }
  recipe.stepsLoc = epochs ? epochs->loc : steps->loc;
  if (epochs) {
    if (reader.read("epochs", recipe.epochs) && recipe.epochs.compare(0) <= 0)
      reader.problems.error(epochs->loc) << "expects epochs above 0, got " << recipe.epochs.str();
    return;
  }
  int64_t number = 1;
  reader.readInteger("steps", number, 1, maximalSteps);
  recipe.steps = number;
}

static void readPrecision(MapReader &reader, Recipe &recipe) {
  YamlNode *precision = reader.find("precision");
  if (!precision)
    return;
  if (std::optional<size_t> word = readWord(*precision, reader.problems, {"f32", "f64", "bf16", "model"}))
    recipe.precision = static_cast<Precision>(*word);
}

static void readConvolution(MapReader &reader, Recipe &recipe) {
  YamlNode *convolution = reader.find("convolution");
  if (!convolution)
    return;
  if (std::optional<size_t> word = readWord(*convolution, reader.problems, {"direct", "fewest_operations", "winograd_2", "winograd_4"}))
    recipe.convolution = static_cast<Convolution>(*word);
  if (recipe.convolution != Convolution::Direct && recipe.precision == Precision::BF16)
    reader.problems.notSupported(convolution->loc, "convolution: " + convolution->text + "' with 'precision: bf16");
}

static void readTop(MapReader &reader, Recipe &recipe) {
  YamlProblems &problems = reader.problems;
  if (YamlNode *loss = reader.require("loss"))
    recipe.loss = readLoss(*loss, problems);
  if (YamlNode *optimizer = reader.require("optimizer"))
    recipe.optimizer = readOptimizer(*optimizer, problems);
  if (YamlNode *schedule = reader.find("schedule"))
    recipe.schedule = readSchedule(*schedule, problems);
  readLength(reader, recipe);
  if (reader.require("batch_size"))
    reader.readInteger("batch_size", recipe.batchSize, 1, 1 << 20);
  if (reader.readInteger("accumulate", recipe.accumulate, 1) && recipe.batchSize % recipe.accumulate != 0)
    problems.error(reader.find("accumulate")->loc) << "expects a divisor of batch_size " << recipe.batchSize << ", got "
                                                   << recipe.accumulate;
  if (YamlNode *clip = reader.find("clip"))
    recipe.clip = readClip(*clip, problems);
  reader.read("drop_last", recipe.dropLast);
  reader.read("shuffle", recipe.shuffle);
  if (YamlNode *seeds = reader.find("seeds"))
    readSeeds(*seeds, problems, recipe);
  if (YamlNode *groups = reader.find("groups")) {
    if (groups->kind == YamlNode::Kind::List)
      for (YamlNode &group : groups->items)
        recipe.groups.push_back(readGroup(group, problems));
    else if (groups->kind != YamlNode::Kind::Null)
      problems.error(groups->loc) << "expects a list of groups, got " << groups->describe();
  }
  if (YamlNode *freeze = reader.find("freeze"))
    recipe.freeze = readPatterns(*freeze, problems);
  if (YamlNode *train = reader.find("train"))
    recipe.train = readPatterns(*train, problems);
  if (YamlNode *batchNorm = reader.find("batch_norm"))
    recipe.batchNorm = readBatchNorm(*batchNorm, problems);
  if (YamlNode *averaging = reader.find("averaging")) {
    recipe.averaging = readAveraging(*averaging, problems);
    recipe.averagingLoc = averaging->loc;
  }
  if (YamlNode *data = reader.find("data")) {
    recipe.data = readData(*data, problems);
    recipe.dataLoc = data->loc;
  }
  if (YamlNode *evaluate = reader.find("evaluate")) {
    recipe.evaluate = readEvaluate(*evaluate, problems);
    if (recipe.evaluate.validation && recipe.data.validationImages == 0)
      problems.error(evaluate->loc) << "expects validation_images above 0 in data for split validation";
  }
  if (YamlNode *target = reader.find("target")) {
    recipe.target = readTarget(*target, problems);
    if (!llvm::is_contained(recipe.evaluate.views, recipe.target->view))
      problems.error(target->loc) << "expects the view of the target among the views of evaluate, got '"
                                  << stringify(recipe.target->view) << "'";
  }
  readPrecision(reader, recipe);
  readConvolution(reader, recipe);
  reader.readInteger("log_every", recipe.logEvery, 1);
  for (StringRef word : {"phases", "finish", "select"})
    reader.refuse(word);
}

/// Errors in the value are located in it, "epochs=x:1:1".
static LogicalResult apply(const RecipeChange &change, YamlNode &root, MLIRContext *context) {
  FailureOr<YamlNode> value = parseYaml(change.value, change.key + "=" + change.value, context);
  if (failed(value))
    return failure();
  SmallVector<StringRef> path;
  StringRef(change.key).split(path, '.');
  YamlNode *map = &root;
  for (auto [depth, key] : llvm::enumerate(path)) {
    auto entry = llvm::find_if(map->entries, [&](const YamlEntry &entry) { return entry.key == key; });
    bool isLast = depth + 1 == path.size();
    if (map->kind != YamlNode::Kind::Map || (!isLast && entry == map->entries.end()))
      return emitError(root.loc) << "has no mapping in which '" << change.key << "' can be changed";
    if (!isLast)
      map = &entry->value;
    else if (entry != map->entries.end())
      entry->value = *value;
    else
      map->entries.push_back({key.str(), value->loc, *value});
  }
  return success();
}

FailureOr<Recipe> tally::readRecipe(StringRef text, StringRef file, MLIRContext *context, bool *unsupported, ArrayRef<RecipeChange> changes) {
  if (unsupported)
    *unsupported = false;
  FailureOr<YamlNode> root = parseYaml(text, file, context);
  if (failed(root))
    return failure();
  for (const RecipeChange &change : changes)
    if (failed(apply(change, *root, context)))
      return failure();
  Recipe recipe(root->loc);
  for (const YamlEntry &entry : root->entries)
    recipe.places.emplace_back(entry.key, entry.value.loc);
  YamlProblems problems;
  MapReader reader(*root, problems, "recipe");
  if (!problems.wrong) {
    readTop(reader, recipe);
    reader.finish();
  }
  if (unsupported)
    *unsupported = problems.unsupported && !problems.wrong;
  if (problems.wrong || problems.unsupported)
    return failure();
  return recipe;
}

FailureOr<Recipe> tally::readRecipeFile(StringRef file, MLIRContext *context, bool *unsupported, ArrayRef<RecipeChange> changes) {
  if (unsupported)
    *unsupported = false;
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/true);
  if (!buffer) {
    emitError(FileLineColLoc::get(context, file, 1, 1)) << "cannot be read: " << buffer.getError().message();
    return failure();
  }
  return readRecipe((*buffer)->getBuffer(), file, context, unsupported, changes);
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the groups and the lists of names of a recipe say about each tensor.
#include "MatchGroups.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace tally;

LogicalResult tally::checkSchedule(const ScheduleSpec &schedule, Location loc, const ResolvedRecipe &resolved) {
  auto within = [&](const Time &time) -> LogicalResult {
    if (time.toStep(resolved.totalSteps, resolved.stepsPerEpoch))
      return success();
    return emitError(loc) << "expects times of the schedule within the " << resolved.totalSteps << " steps, got "
                          << time.str();
  };
  double last = -1;
  for (const auto &[time, factor] : schedule.points) {
    double at = time.toFraction(resolved.totalSteps, resolved.stepsPerEpoch);
    if (failed(within(time)))
      return failure();
    if (at <= last)
      return emitError(loc) << "expects the points of the schedule in order of time, got " << time.str() << " too early";
    last = at;
  }
  for (const Time &time : schedule.milestones)
    if (failed(within(time)))
      return failure();
  if (schedule.every && (failed(within(*schedule.every)) ||
                         *schedule.every->toStep(resolved.totalSteps, resolved.stepsPerEpoch) == 0))
    return emitError(loc) << "expects a period of the schedule of at least 1 step, got " << schedule.every->str();
  return within(schedule.warmup);
}

bool NameGlob::matches(nn::WeightOp weight) const {
  if (pattern.match(weight.getName()))
    return true;
  auto sources = weight->getAttrOfType<ArrayAttr>("sources");
  return sources && llvm::any_of(sources.getAsRange<StringAttr>(), [&](StringAttr name) { return pattern.match(name.getValue()); });
}

static LogicalResult compileGlob(StringRef text, Location loc, std::vector<NameGlob> &globs) {
  auto pattern = llvm::GlobPattern::create(text);
  if (!pattern)
    return emitError(loc) << "expects a glob to match, got '" << text << "': " << llvm::toString(pattern.takeError());
  globs.push_back({std::move(*pattern)});
  return success();
}

LogicalResult GroupMatcher::compile() {
  const Recipe &recipe = resolved.recipe;
  for (const GroupSpec &group : recipe.groups)
    if (failed(compileGlob(group.match ? StringRef(*group.match) : StringRef("*"), group.chooserLoc, groups)))
      return failure();
  for (const PatternSpec &pattern : recipe.freeze)
    if (failed(compileGlob(pattern.glob, pattern.loc, freeze)))
      return failure();
  for (const PatternSpec &pattern : recipe.train)
    if (failed(compileGlob(pattern.glob, pattern.loc, train)))
      return failure();
  return success();
}

bool GroupMatcher::mayBeTrained(const ResolvedTensor &tensor) {
  auto anyOf = [&](std::vector<NameGlob> &globs) {
    bool found = false;
    for (NameGlob &glob : globs) // all of them: each must match something
      if (glob.matches(tensor.weight))
        found = glob.matched = true;
    return found;
  };
  bool frozen = anyOf(freeze), chosen = anyOf(train);
  return !frozen && (chosen || train.empty());
}

/// The step from which on a tensor stays as it is.
LogicalResult GroupMatcher::resolveFreeze(ResolvedTensor &tensor, const std::optional<Time> &freeze, Location loc) const {
  if (!freeze || tensor.freezeStep == 0)
    return success();
  std::optional<int64_t> step = freeze->toStep(resolved.totalSteps, resolved.stepsPerEpoch);
  if (!step)
    return emitError(loc) << "expects a time within the " << resolved.totalSteps << " steps to freeze at, got " << freeze->str();
  tensor.freezeStep = *step;
  return success();
}

LogicalResult GroupMatcher::resolve(ResolvedTensor &tensor) {
  const Recipe &recipe = resolved.recipe;
  std::optional<bool> trainable, decoupled;
  std::optional<Decimal> lr, lrScale, weightDecay;
  std::optional<OptimizerSpec> optimizer;
  std::optional<ScheduleSpec> schedule;
  std::optional<Time> freezeTime;
  bool hasInit = false;
  Location freezeLoc = recipe.loc, scheduleLoc = recipe.stepsLoc;
  for (auto [index, group] : llvm::enumerate(recipe.groups)) {
    if (!matches(index, tensor))
      continue;
    groups[index].matched = true;
    if (!tensor.group)
      tensor.group = index;
    const std::optional<Time> &time = tensor.statistic ? group.freezeStatistics : group.freezeAt;
    if (!freezeTime && time) {
      freezeTime = time;
      freezeLoc = tensor.statistic ? group.freezeStatisticsLoc : group.freezeLoc;
    }
    if (tensor.statistic)
      continue;
    auto take = [](auto &into, const auto &from) {
      if (!into && from)
        into = from;
    };
    take(trainable, group.trainable);
    take(decoupled, group.decoupled);
    take(lr, group.lr);
    take(lrScale, group.lrScale);
    take(weightDecay, group.weightDecay);
    take(optimizer, group.optimizer);
    if (!schedule && group.schedule) {
      schedule = group.schedule;
      scheduleLoc = group.scheduleLoc;
    }
    if (!hasInit && group.init) {
      tensor.init = *group.init;
      hasInit = true;
    }
  }
  tensor.optimizer = optimizer.value_or(recipe.optimizer);
  tensor.optimizer.lr = lr.value_or(tensor.optimizer.lr);
  tensor.optimizer.weightDecay = weightDecay.value_or(tensor.optimizer.weightDecay);
  tensor.optimizer.decoupled = decoupled.value_or(tensor.optimizer.decoupled);
  tensor.lrScale = lrScale.value_or(tensor.lrScale);
  tensor.schedule = schedule.value_or(recipe.schedule);
  if (failed(checkSchedule(tensor.schedule, scheduleLoc, resolved)))
    return failure();
  bool trained = tensor.statistic || (mayBeTrained(tensor) && trainable.value_or(true));
  tensor.freezeStep = trained ? resolved.totalSteps : 0;
  return resolveFreeze(tensor, freezeTime, freezeLoc);
}

LogicalResult GroupMatcher::checkAllMatched() const {
  LogicalResult result = success();
  for (auto [group, glob] : llvm::zip_equal(resolved.recipe.groups, groups))
    if (!glob.matched)
      result = emitError(group.chooserLoc) << "group matches no tensor of the model; candidates are "
                                           << candidates(group.match, group.kind, group.freezeStatistics.has_value());
  auto check = [&](ArrayRef<PatternSpec> patterns, ArrayRef<NameGlob> globs) {
    for (auto [pattern, glob] : llvm::zip_equal(patterns, globs))
      if (!glob.matched)
        result = emitError(pattern.loc) << "'" << pattern.glob << "' matches no tensor of the model; candidates are "
                                        << candidates(pattern.glob, std::nullopt, false);
  };
  check(resolved.recipe.freeze, freeze);
  check(resolved.recipe.train, train);
  return result;
}

/// "'conv.weight', 'conv.bias'": the tensors of that kind, those of the nearest names first; where there are none, the kinds that there
/// are.
std::string GroupMatcher::candidates(const std::optional<std::string> &match, const std::optional<std::string> &kind,
                                     bool statistics) const {
  SmallVector<std::pair<unsigned, StringRef>> names;
  bool ofKind = llvm::any_of(resolved.tensors, [&](const ResolvedTensor &tensor) { return tensor.kind == kind; });
  if (kind && !ofKind) {
    llvm::SetVector<StringRef> kinds;
    for (const ResolvedTensor &tensor : resolved.tensors)
      if (!tensor.statistic)
        kinds.insert(tensor.kind);
    return "the kinds '" + llvm::join(kinds, "', '") + "'";
  }
  for (const ResolvedTensor &tensor : resolved.tensors)
    if (ofKind ? tensor.kind == kind : !tensor.statistic || statistics)
      names.emplace_back(match ? StringRef(tensor.name).edit_distance(*match) : 0, tensor.name);
  llvm::stable_sort(names, llvm::less_first());
  std::string list;
  for (auto [distance, name] : ArrayRef(names).take_front(5))
    list += (list.empty() ? "'" : ", '") + name.str() + "'";
  return names.size() > 5 ? list + ", ... (tally check --resolved lists all)" : list;
}

bool GroupMatcher::matches(size_t index, const ResolvedTensor &tensor) const {
  const GroupSpec &group = resolved.recipe.groups[index];
  const NameGlob &glob = groups[index];
  if (!tensor.statistic)
    return (!group.kind || *group.kind == tensor.kind) && (!group.match || glob.matches(tensor.weight));
  // A statistic follows its own name, or the scale and bias of its normalization.
  if (!group.freezeStatistics)
    return false;
  if (!group.kind && glob.matches(tensor.weight))
    return true;
  for (Operation *user : tensor.weight->getUsers())
    for (Value operand : user->getOperands())
      if (auto sibling = operand.getDefiningOp<nn::WeightOp>())
        if (sibling.getKind().starts_with("norm.") && (!group.kind || *group.kind == sibling.getKind()) && glob.matches(sibling))
          return true;
  return false;
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The sections that say how parameters change: schedule, initial values, groups.
#include "Sections.h"

using namespace mlir;
using namespace tally;

void tally::expandName(YamlNode &node) {
  if (node.kind != YamlNode::Kind::Scalar)
    return;
  YamlNode word = node;
  node.kind = YamlNode::Kind::Map;
  node.entries.push_back({"name", node.loc, std::move(word)});
}

void tally::checkRange(MapReader &reader, StringRef key, const Decimal &value, Decimal least, Decimal most) {
  if (value.compare(least) >= 0 && value.compare(most) <= 0)
    return;
  Location loc = reader.node.loc;
  for (const YamlEntry &entry : reader.node.entries)
    if (entry.key == key)
      loc = entry.value.loc;
  reader.problems.error(loc) << "expects " << key << " from " << least.str() << " to " << most.str() << ", got "
                             << value.str();
}

std::optional<bool> tally::readDecay(MapReader &reader) {
  std::optional<size_t> word = reader.readWord("decay", {"l2", "decoupled"});
  return word ? std::optional<bool>(*word == 1) : std::nullopt;
}

/// piecewise_linear: [[x, factor], ...] with x from 0 on, in order.
static void readPoints(MapReader &reader, ScheduleSpec &spec) {
  YamlNode *points = reader.require("points");
  if (!points)
    return;
  if (points->kind != YamlNode::Kind::List || points->items.empty()) {
    reader.problems.error(points->loc) << "expects a list of [time, factor], got " << points->describe();
    return;
  }
  for (YamlNode &item : points->items) {
    if (item.kind != YamlNode::Kind::List || item.items.size() != 2) {
      reader.problems.error(item.loc) << "expects [time, factor], got " << item.describe();
      continue;
    }
    std::optional<Time> time = readTime(item.items[0], reader.problems);
    std::optional<Decimal> factor = readDecimal(item.items[1], reader.problems);
    if (!time || !factor)
      continue;
    if (factor->isNegative())
      reader.problems.error(item.items[1].loc) << "expects a factor of at least 0, got " << factor->str();
    if (!spec.points.empty() && spec.points.back().first.unit == time->unit &&
        spec.points.back().first.value.compare(time->value) >= 0)
      reader.problems.error(item.loc) << "expects points in order of time, got " << time->str() << " after "
                                      << spec.points.back().first.str();
    spec.points.push_back({*time, *factor});
  }
}

ScheduleSpec tally::readSchedule(YamlNode &node, YamlProblems &problems) {
  ScheduleSpec spec;
  expandName(node);
  MapReader reader(node, problems, "schedule");
  YamlNode *name = reader.require("name");
  std::optional<size_t> word;
  if (name)
    word = readWord(*name, problems, {"constant", "step", "cosine", "one_cycle", "piecewise_linear"});
  if (!word)
    return spec;
  spec.kind = static_cast<ScheduleSpec::Kind>(*word);
  switch (spec.kind) {
  case ScheduleSpec::Kind::Constant:
    break;
  case ScheduleSpec::Kind::Step: {
    YamlNode *milestones = reader.find("milestones");
    reader.read("every", spec.every);
    if (!milestones == !spec.every)
      problems.error(node.loc) << "expects either 'milestones' or 'every' in schedule";
    if (milestones && milestones->kind != YamlNode::Kind::List)
      problems.error(milestones->loc) << "expects a list of times, got " << milestones->describe();
    if (milestones)
      for (YamlNode &item : milestones->items)
        if (std::optional<Time> time = readTime(item, problems))
          spec.milestones.push_back(*time);
    reader.read("gamma", spec.gamma);
    checkRange(reader, "gamma", spec.gamma, 0, largestFactor);
    break;
  }
  case ScheduleSpec::Kind::Cosine: {
    std::optional<Time> warmup;
    if (reader.read("warmup", warmup))
      spec.warmup = *warmup;
    reader.read("start", spec.start);
    checkRange(reader, "start", spec.start, 0, largestFactor);
    reader.read("final", spec.final);
    checkRange(reader, "final", spec.final, 0, largestFactor);
    break;
  }
  case ScheduleSpec::Kind::OneCycle:
    reader.read("pct_start", spec.pctStart);
    checkRange(reader, "pct_start", spec.pctStart, 0, 1);
    reader.read("div_factor", spec.divFactor);
    checkRange(reader, "div_factor", spec.divFactor, Decimal(1, -6), Decimal(1, 12));
    reader.read("final_div_factor", spec.finalDivFactor);
    checkRange(reader, "final_div_factor", spec.finalDivFactor, Decimal(1, -6), Decimal(1, 12));
    break;
  case ScheduleSpec::Kind::PiecewiseLinear:
    readPoints(reader, spec);
    break;
  }
  reader.finish();
  return spec;
}

static constexpr StringRef initWords[] = {"keep",           "zeros", "ones",           "uniform_fan_in",
                                          "kaiming_normal", "dirac", "patch_whitening"};

InitSpec tally::readInit(YamlNode &node, YamlProblems &problems) {
  InitSpec spec(node.loc);
  expandName(node);
  MapReader reader(node, problems, "init");
  YamlNode *name = reader.require("name");
  std::optional<size_t> word;
  if (name)
    word = readWord(*name, problems, initWords);
  if (!word)
    return spec;
  spec.kind = static_cast<InitSpec::Kind>(*word);
  if (std::optional<size_t> scale = reader.readWord("scale_to", {"unit_std"}))
    spec.unitStd = true;
  if (spec.kind == InitSpec::Kind::Dirac) {
    if (YamlNode *rest = reader.find("rest"))
      if (std::optional<size_t> restWord = readWord(*rest, problems, ArrayRef(initWords).slice(1, 4)))
        spec.rest = static_cast<InitSpec::Kind>(*restWord + 1);
  }
  if (spec.kind == InitSpec::Kind::PatchWhitening) {
    reader.readInteger("images", spec.images, 1);
    reader.readInteger("sweeps", spec.sweeps, 1, 100);
    reader.read("eps", spec.eps);
    checkRange(reader, "eps", spec.eps, 0, 1000);
    reader.read("centred", spec.centred);
  }
  reader.finish();
  return spec;
}

GroupSpec tally::readGroup(YamlNode &node, YamlProblems &problems) {
  GroupSpec spec(node.loc);
  MapReader reader(node, problems, "group");
  std::string text;
  if (reader.read("match", text))
    spec.match = text;
  static constexpr StringRef kinds[] = {"conv.weight", "linear.weight", "norm.scale", "norm.bias", "bias", "other"};
  if (std::optional<size_t> kind = reader.readWord("kind", kinds))
    spec.kind = kinds[*kind].str();
  if (node.kind == YamlNode::Kind::Map && !reader.find("match") && !reader.find("kind"))
    problems.error(node.loc) << "expects 'match' or 'kind' in group";
  for (auto [key, loc] : {std::pair(StringRef("kind"), &spec.chooserLoc), {"match", &spec.chooserLoc}, {"freeze_at", &spec.freezeLoc},
                          {"freeze_statistics", &spec.freezeStatisticsLoc}, {"schedule", &spec.scheduleLoc}})
    if (YamlNode *value = reader.find(key))
      *loc = value->loc;
  bool flag;
  if (reader.read("trainable", flag))
    spec.trainable = flag;
  reader.read("freeze_at", spec.freezeAt);
  reader.read("freeze_statistics", spec.freezeStatistics);
  reader.read("lr", spec.lr);
  reader.read("lr_scale", spec.lrScale);
  reader.read("weight_decay", spec.weightDecay);
  for (auto [key, value] : {std::pair(StringRef("lr"), spec.lr), std::pair(StringRef("lr_scale"), spec.lrScale),
                            std::pair(StringRef("weight_decay"), spec.weightDecay)})
    if (value)
      checkRange(reader, key, *value, 0, Decimal(1'000'000));
  spec.decoupled = readDecay(reader);
  if (YamlNode *schedule = reader.find("schedule"))
    spec.schedule = readSchedule(*schedule, problems);
  if (YamlNode *init = reader.find("init"))
    spec.init = readInit(*init, problems);
  if (YamlNode *optimizer = reader.find("optimizer"))
    spec.optimizer = readOptimizer(*optimizer, problems);
  reader.finish();
  return spec;
}

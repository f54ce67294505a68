// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The readers of a recipe's sections (private to this folder).
#ifndef TALLY_RECIPE_SECTIONS_H
#define TALLY_RECIPE_SECTIONS_H

#include "tally/Support/Yaml.h"
#include "tally/Recipe/Recipe.h"

namespace tally {

/// Steps of a run; what changes from step to step is kept in tables.
constexpr int64_t maximalSteps = int64_t{1} << 24;

/// A lone word `x` stands for `{name: x}`.
void expandName(YamlNode &node);

LossSpec readLoss(YamlNode &node, YamlProblems &problems);
ClipSpec readClip(YamlNode &node, YamlProblems &problems);
OptimizerSpec readOptimizer(YamlNode &node, YamlProblems &problems);
ScheduleSpec readSchedule(YamlNode &node, YamlProblems &problems);
InitSpec readInit(YamlNode &node, YamlProblems &problems);
GroupSpec readGroup(YamlNode &node, YamlProblems &problems);
DataSpec readData(YamlNode &node, YamlProblems &problems);
EvaluateSpec readEvaluate(YamlNode &node, YamlProblems &problems);
TargetSpec readTarget(YamlNode &node, YamlProblems &problems);

/// l2 or decoupled; true for the latter.
std::optional<bool> readDecay(MapReader &reader);

/// The largest label that the records of a data set can hold.
constexpr int64_t largestLabel = 65535;

/// The largest factor or learning rate that is read.
constexpr int64_t largestFactor = 1'000'000;

/// Reports a number outside [least, most].
void checkRange(MapReader &reader, llvm::StringRef key, const Decimal &value, Decimal least, Decimal most);

} // namespace tally

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the groups and the lists of names of a recipe say about each tensor (private to this folder).
#ifndef TALLY_RECIPE_MATCHGROUPS_H
#define TALLY_RECIPE_MATCHGROUPS_H

#include "tally/Recipe/Resolve.h"
#include "llvm/Support/GlobPattern.h"

namespace tally {

/// A glob of the recipe, whose text outlives it.
struct NameGlob {
  /// By its name; a tensor that import split also by its names in the file.
  bool matches(nn::WeightOp weight) const;

  llvm::GlobPattern pattern;
  bool matched = false; ///< has it matched a tensor
};

/// Decides group membership and keys of every tensor.
class GroupMatcher {
public:
  explicit GroupMatcher(ResolvedRecipe &resolved) : resolved(resolved) {}

  /// Refuses what is no glob.
  mlir::LogicalResult compile();
  /// Fills in all but the initial facts (weight, name, kind) of a tensor.
  mlir::LogicalResult resolve(ResolvedTensor &tensor);
  /// Refuses groups and names that no tensor has.
  mlir::LogicalResult checkAllMatched() const;

private:
  bool matches(size_t index, const ResolvedTensor &tensor) const;
  /// Whether the lists `freeze` and `train` leave a tensor to the groups.
  bool mayBeTrained(const ResolvedTensor &tensor);
  mlir::LogicalResult resolveFreeze(ResolvedTensor &tensor, const std::optional<Time> &freeze, mlir::Location loc) const;
  std::string candidates(const std::optional<std::string> &match, const std::optional<std::string> &kind, bool statistics) const;

  ResolvedRecipe &resolved;
  std::vector<NameGlob> groups, freeze, train;
};

/// The numbers of a schedule that only the total number of steps can judge.
mlir::LogicalResult checkSchedule(const ScheduleSpec &schedule, mlir::Location loc, const ResolvedRecipe &resolved);

} // namespace tally

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the ops of a graph count where a profile says it op by op.
#ifndef TALLY_COST_COSTRULE_H
#define TALLY_COST_COSTRULE_H

#include "mlir/IR/Operation.h"
#include "tally/Support/OpCount.h"
#include "tally/Support/Yaml.h"

namespace tally::nn {
class WeightOp;
} // namespace tally::nn

namespace tally {

/// One row of a profile's `rules`.
struct CostRule {
  std::vector<std::string> ops; ///< their names, "conv"
  std::string with;             ///< the kind of a weight that the op reads ("bias"); empty: whatever it reads
  int64_t rank = 0;             ///< of the first operand; 0: any
  std::vector<std::pair<std::string, int64_t>> count; ///< factors of quantities (docs/counting.md)

  bool matches(mlir::Operation *op) const;
  /// "2 per result and 1 per exp"; "nothing".
  std::string describe() const;
};

/// The first rule for an op; null where none is for it.
const CostRule *findRule(llvm::ArrayRef<CostRule> rules, mlir::Operation *op);

/// What an op counts by a rule; an error where the op does not say what it costs.
llvm::FailureOr<Count> countByRule(mlir::Operation *op, const CostRule &rule);

/// The weight behind a value, directly or through ops that only rearrange it; null where there is none.
nn::WeightOp weightBehind(mlir::Value value);

/// Whether a weight is a running statistic, which is no parameter.
bool isStatistic(nn::WeightOp weight);

/// Reads the list `rules`; names of ops are those of the dialect nn.
std::vector<CostRule> readRules(YamlNode &list, YamlProblems &problems);

} // namespace tally

#endif

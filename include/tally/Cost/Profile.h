// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Counting rules as data: how the facts of an op become a number.
#ifndef TALLY_COST_PROFILE_H
#define TALLY_COST_PROFILE_H

#include "tally/Cost/CostRule.h"
#include "tally/Interfaces/CostOpInterface.h"

namespace tally {

/// A profile; as it is made, haet.
struct CostProfile {
  std::string name = "haet";
  bool countsPadding = true;    ///< products that read padding
  bool countsFirstTerm = false; ///< a sum of K terms is K additions, else K - 1
  bool fusesProducts = false;   ///< a product and its addition are one operation
  std::map<OperationKind, int64_t> weights; ///< of a kind of operation
  int64_t otherWeight = 1;                  ///< of the kinds that `weights` leaves out
  int64_t productWeight = 1;                ///< of the operations of products: convolutions, matrix products
  std::optional<std::vector<CostRule>> rules; ///< in place of the above: what ops of the graph count in a forward pass

  /// Whether these are the rules by which loops and trainers are counted, whatever the name.
  bool isHaet() const { return countsPadding && !countsFirstTerm && !fusesProducts && weights.empty() && otherWeight == 1 && productWeight == 1 && !rules; }
  /// Adds what a fact counts.
  void add(const CostTerm &term, OpCount &count) const;
};

/// Reads a profile by its name (tools/profiles), or a file; errors are diagnostics with line and column.
llvm::FailureOr<CostProfile> readProfile(llvm::StringRef nameOrFile, mlir::MLIRContext *context);

} // namespace tally

#endif

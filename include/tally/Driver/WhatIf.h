// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What would a run cost with another recipe: tally cost --vary and --budget.
#ifndef TALLY_DRIVER_WHATIF_H
#define TALLY_DRIVER_WHATIF_H

#include "tally/Cost/Sheet.h"
#include "tally/Driver/DeriveCost.h"
#include "llvm/Support/Error.h"

namespace tally {

/// A key of the recipe and the values to try.
struct Variation {
  std::string key;
  std::vector<std::string> values;
  /// "epochs=8..12" (whole numbers), "batch_size=512,1024"; a value may be any YAML without a comma outside of brackets.
  static llvm::Expected<Variation> parse(llvm::StringRef text);
};

/// The number of operations and parameters behind "1e14", "2.5e12" or digits.
llvm::Expected<Count> parseBudget(llvm::StringRef text);

/// A row for each combination of values, the last key changing fastest: the values, then steps and the summary. With a budget each row is that of the
/// largest number of epochs whose complexity is within it. Errors are printed, with the combination.
DriverStatus deriveVariations(const CostRequest &request, llvm::ArrayRef<Variation> variations, std::optional<Count> budget, Sheet &sheet);

} // namespace tally

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The cost of a run as a polynomial of what a recipe and a model leave open.
#ifndef TALLY_DRIVER_SYMBOLICCOST_H
#define TALLY_DRIVER_SYMBOLICCOST_H

#include "tally/Cost/Sheet.h"
#include "tally/Driver/DeriveCost.h"

namespace tally {

/// A row for each number of a report: its name and its form in `keys` (of epochs, batch_size, image_size), such as "97*epochs*batch_size + 5". The count is
/// derived again for several values of the keys, from those of the recipe upwards (image_size in steps of 32: strides round), interpolated exactly in
/// rationals, and verified at two further points; "not polynomial" where these disagree. `derivations` is how many there were.
/// Errors are printed.
DriverStatus deriveSymbolic(const CostRequest &request, llvm::ArrayRef<std::string> keys, Sheet &sheet, int64_t &derivations);

} // namespace tally

#endif

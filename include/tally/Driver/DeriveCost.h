// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From a model and a recipe to the cost report: what tally cost and tally compare do.
#ifndef TALLY_DRIVER_DERIVECOST_H
#define TALLY_DRIVER_DERIVECOST_H

#include "tally/Cost/CostReport.h"
#include "tally/Driver/LoadProgram.h"

namespace tally {

struct CostRequest {
  std::string model, recipe;
  bool verify = false; ///< count again, from the loops, after each pass
  bool memory = true;  ///< plan the memory of the trainer
  std::vector<RecipeChange> changes = {};
  std::string profile = "haet"; ///< its name, or a file
  std::string machine = {};     ///< to estimate time and energy on: its name, or a file; none
};

struct DerivedCost {
  DriverStatus status;
  CostReport report; ///< when fine; belongs to the context
};

/// Errors are diagnostics of the context.
DerivedCost deriveCost(const CostRequest &request, mlir::MLIRContext &context);

} // namespace tally

#endif

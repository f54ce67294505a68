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
  Span span = Span::Run;        ///< what the numbers are for
  bool waterfall = false;       ///< derive what frozen parts and fast convolutions saved
  std::string machine = {};     ///< to estimate time and energy on: its name, or a file; none
};

struct DerivedCost {
  DriverStatus status;
  CostReport report; ///< when fine; belongs to the context
};

/// The stages that made the operations of a run fewer, the last being those of `report`: as written -> dead and repeated work dropped -> frozen
/// parts -> fast convolution. Each is the run derived again without what comes after it; what changes nothing, or cannot be derived, is left out.
std::vector<WaterfallStage> deriveWaterfall(const CostRequest &request, const CostProfile &profile, const CostReport &report);

/// Errors are diagnostics of the context.
DerivedCost deriveCost(const CostRequest &request, mlir::MLIRContext &context);

} // namespace tally

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From a model alone to the cost of its forward pass.
#ifndef TALLY_DRIVER_FORWARDCOST_H
#define TALLY_DRIVER_FORWARDCOST_H

#include "tally/Cost/ForwardReport.h"
#include "tally/Driver/LoadProgram.h"

namespace tally {

/// Counts the forward pass of one sample by each profile (names, or files). Errors are diagnostics of the context.
DriverStatus deriveForwardCost(llvm::StringRef model, llvm::ArrayRef<std::string> profiles, mlir::MLIRContext &context,
                               std::vector<ForwardReport> &reports);

} // namespace tally

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The bodies of programs.
#ifndef TALLY_INTERFACES_BODYOPINTERFACE_H
#define TALLY_INTERFACES_BODYOPINTERFACE_H

#include "mlir/IR/SymbolTable.h"
#include "tally/Support/Attribution.h"
#include "tally/Support/OpCount.h"

#include "tally/Interfaces/BodyOpInterface.h.inc"

namespace tally {

/// What computes in `root`: the functions that have a body and the bodies of programs, in order.
llvm::SmallVector<mlir::Operation *> findBodies(mlir::Operation *root);

} // namespace tally

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Declares the passes that end in LLVM.
#ifndef TALLY_TARGET_PASSES_H
#define TALLY_TARGET_PASSES_H

#include "mlir/Pass/Pass.h"

namespace tally {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "tally/Target/Passes.h.inc"
} // namespace tally

#endif

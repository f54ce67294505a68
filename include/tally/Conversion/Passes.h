// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Declares the lowering passes.
#ifndef TALLY_CONVERSION_PASSES_H
#define TALLY_CONVERSION_PASSES_H

#include "mlir/Pass/Pass.h"

namespace tally {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "tally/Conversion/Passes.h.inc"
} // namespace tally

#endif

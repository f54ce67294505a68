// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Declares the passes that turn kernels into vector loops.
#ifndef TALLY_VECTORIZE_PASSES_H
#define TALLY_VECTORIZE_PASSES_H

#include "dialects/Tally/Tally.h"
#include "mlir/Pass/Pass.h"

namespace tally {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "tally/Vectorize/Passes.h.inc"
} // namespace tally

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Declares the passes that build gradients.
#ifndef TALLY_AUTODIFF_PASSES_H
#define TALLY_AUTODIFF_PASSES_H

#include "mlir/Pass/Pass.h"

namespace tally {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "tally/Autodiff/Passes.h.inc"
} // namespace tally

#endif

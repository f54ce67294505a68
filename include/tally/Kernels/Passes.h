// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Declares the passes between the tensor level and the code generator.
#ifndef TALLY_KERNELS_PASSES_H
#define TALLY_KERNELS_PASSES_H

#include "mlir/Pass/Pass.h"

namespace tally {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "tally/Kernels/Passes.h.inc"
} // namespace tally

#endif

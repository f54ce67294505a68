// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Declares the passes between the imported graph and the training graph.
#ifndef TALLY_TRANSFORMS_PASSES_H
#define TALLY_TRANSFORMS_PASSES_H

#include "dialects/Train/Train.h"
#include "mlir/Pass/Pass.h"

namespace tally {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "tally/Transforms/Passes.h.inc"
} // namespace tally

#endif

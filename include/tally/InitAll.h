// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Registers everything that the tools know.
#ifndef TALLY_INITALL_H
#define TALLY_INITALL_H

#include "mlir/IR/DialectRegistry.h"

namespace tally {

/// Our dialects, and the upstream dialects and extensions that the pipelines use.
void registerAllDialects(mlir::DialectRegistry &registry);

/// Our passes and pipelines, and the upstream passes.
void registerAllPasses();

} // namespace tally

#endif

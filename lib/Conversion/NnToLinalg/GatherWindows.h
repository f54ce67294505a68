// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Gradients of windows in gather form (option gather-windows), preferred to those of the families (private to this folder).
#ifndef TALLY_CONVERSION_GATHERWINDOWS_H
#define TALLY_CONVERSION_GATHERWINDOWS_H

#include "NnToLinalg.h"

namespace tally {

void populateConvGather(mlir::RewritePatternSet &patterns);
void populatePoolGather(mlir::RewritePatternSet &patterns);

} // namespace tally

#endif

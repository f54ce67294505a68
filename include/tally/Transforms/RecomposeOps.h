// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Puts together what exporters have taken apart.
#ifndef TALLY_TRANSFORMS_RECOMPOSEOPS_H
#define TALLY_TRANSFORMS_RECOMPOSEOPS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/MapVector.h"

namespace tally {

/// How many chains became an op, by the name that ONNX has for it, in the order of the table of patterns.
using RecomposedOps = llvm::MapVector<llvm::StringRef, unsigned>;

/// Turns chains of nn ops of an L1 function into the one op that they are (see --recompose-ops). A weight that becomes a scale or bias of
/// a normalization gets that kind. What nothing uses any more is erased, except weights.
RecomposedOps recomposeOps(mlir::func::FuncOp graph);

} // namespace tally

#endif

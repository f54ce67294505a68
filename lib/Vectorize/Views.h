// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a memref looks at (private to this folder).
#ifndef TALLY_VECTORIZE_VIEWS_H
#define TALLY_VECTORIZE_VIEWS_H

#include "mlir/Interfaces/ViewLikeInterface.h"

namespace tally {

/// The memref below views.
inline mlir::Value rootOf(mlir::Value memref) {
  while (auto view = memref.getDefiningOp<mlir::ViewLikeOpInterface>())
    memref = view.getViewSource();
  return memref;
}

} // namespace tally

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How large a tensor is in memory.
#ifndef TALLY_SUPPORT_TYPESIZE_H
#define TALLY_SUPPORT_TYPESIZE_H

#include "mlir/IR/BuiltinTypes.h"

namespace tally {

/// Bytes of an element in memory: index is i64, i1 a byte.
inline int64_t elementBytes(mlir::Type element) { return element.isIndex() ? 8 : (element.getIntOrFloatBitWidth() + 7) / 8; }

/// Bytes of a tensor or memref of static shape in memory.
inline int64_t sizeInBytes(mlir::Type type) {
  auto shaped = llvm::cast<mlir::ShapedType>(type);
  return shaped.getNumElements() * elementBytes(shaped.getElementType());
}

} // namespace tally

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How large a tensor is in memory.
#ifndef TALLY_SUPPORT_TYPESIZE_H
#define TALLY_SUPPORT_TYPESIZE_H

#include "mlir/IR/BuiltinTypes.h"

namespace tally {

/// Bytes of a tensor or memref of static shape in memory: index is i64, i1 a byte.
inline int64_t sizeInBytes(mlir::Type type) {
  auto shaped = llvm::cast<mlir::ShapedType>(type);
  mlir::Type element = shaped.getElementType();
  return shaped.getNumElements() * (element.isIndex() ? 8 : (element.getIntOrFloatBitWidth() + 7) / 8);
}

} // namespace tally

#endif

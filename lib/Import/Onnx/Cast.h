// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Conversions as Cast does them, for the ops that contain one.
#ifndef TALLY_IMPORT_ONNX_CAST_H
#define TALLY_IMPORT_ONNX_CAST_H

#include "Composition.h"

namespace tally::onnx {

/// x converted to any type that is read. What is too large for a float of 8 bits becomes the largest one with `saturate`; `roundMode` is
/// that of powers of two (Float8E8M0): "up", "down" or "nearest".
mlir::Value convertTo(Composition &c, mlir::Value x, ElementType type, bool saturate = true, llvm::StringRef roundMode = "up");

/// 2^e of integers e, exactly.
mlir::Value powerOfTwo(Composition &c, mlir::Value exponent);

/// The exponent of a positive number: the integer e with 2^e <= a < 2^(e + 1).
mlir::Value exponentOf(Composition &c, mlir::Value a);

} // namespace tally::onnx

#endif

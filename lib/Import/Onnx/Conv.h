// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The convolution of integers, which QLinearConv contains.
#ifndef TALLY_IMPORT_ONNX_CONV_H
#define TALLY_IMPORT_ONNX_CONV_H

#include "Composition.h"

namespace tally::onnx {

/// The convolution of inputs 0 and `weightInput`, each less the zero point that another input is, in f64: exact while sums stay below 2^53.
/// [N, K, ...]; null after an error.
mlir::Value convolveIntegers(Composition &c, size_t xZero, size_t weightInput, size_t weightZero);

} // namespace tally::onnx

#endif

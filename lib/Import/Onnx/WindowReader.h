// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads the window attributes that Conv and the pooling ops share.
#ifndef TALLY_IMPORT_ONNX_WINDOWREADER_H
#define TALLY_IMPORT_ONNX_WINDOWREADER_H

#include "NodeReader.h"

namespace tally::onnx {

/// A two-dimensional window; pads are [top, left, bottom, right].
struct Window {
  llvm::SmallVector<int64_t> kernel, strides, dilations, pads;
};

/// Reads strides, dilations, pads, auto_pad and, if `ceilMode`, ceil_mode for an input of the given type; auto_pad and ceil_mode
/// become pads. An empty `kernel` is read from kernel_shape, a given one is compared with it.
llvm::FailureOr<Window> readWindow(NodeReader &node, mlir::Value x, llvm::ArrayRef<int64_t> kernel, bool ceilMode);

/// The error unless `x` is [N, C, H, W].
llvm::LogicalResult requireImages(NodeReader &node, mlir::Value x);

} // namespace tally::onnx

#endif

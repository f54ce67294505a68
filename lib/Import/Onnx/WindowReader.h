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

/// Reads strides, dilations, pads and auto_pad, which becomes pads, for an input x. An empty `kernel` is read from kernel_shape, a
/// given one is compared with it.
llvm::FailureOr<Window> readWindow(NodeReader &node, mlir::Value x, llvm::ArrayRef<int64_t> kernel);

/// The attributes of nn.max_pool and nn.average_pool for a window.
Attributes poolAttributes(NodeReader &node, const Window &window);

/// The maximum over height and width of x, [N, C, H, W], as [N, C, 1, 1]: what exporters write as GlobalMaxPool or ReduceMax
/// costs the same, and its gradient goes to one position.
llvm::FailureOr<mlir::Value> emitGlobalMaxPool(NodeReader &node, mlir::Value x);

/// The error unless `x` is [N, C, H, W].
llvm::LogicalResult requireImages(NodeReader &node, mlir::Value x);

} // namespace tally::onnx

#endif

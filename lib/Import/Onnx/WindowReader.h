// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What convolutions, pools and their likes share: their windows, in any number of dimensions, and how they are taken from a tensor and put
// back.
#ifndef TALLY_IMPORT_ONNX_WINDOWREADER_H
#define TALLY_IMPORT_ONNX_WINDOWREADER_H

#include "Composition.h"
#include "dialects/Nn/Window.h"

namespace tally::onnx {

/// A window over the spatial dimensions of [N, C, ...]; pads are those before each dimension, then those behind each.
struct Window {
  llvm::SmallVector<int64_t> kernel, strides, dilations, pads;
  bool ceil = false; ///< round the number of outputs up

  size_t rank() const { return kernel.size(); }
  /// The window along one of its dimensions, of size `size`.
  nn::Window along(size_t dimension, int64_t size) const {
    return {size, kernel[dimension], strides[dimension], dilations[dimension], pads[dimension], pads[rank() + dimension], ceil};
  }
  /// The window along `number` of its dimensions.
  Window part(size_t first, size_t number) const;
  /// The same with one more dimension of size 1 in front of dimension `at`.
  Window withUnit(size_t at) const;
};

/// Reads strides, dilations, pads, and kernel_shape unless the shape of a weight gives `kernel`. auto_pad is not read.
llvm::FailureOr<Window> readWindowAttributes(NodeReader &node, size_t rank, llvm::ArrayRef<int64_t> kernel);

/// NOTSET, VALID, SAME_UPPER or SAME_LOWER.
llvm::FailureOr<llvm::StringRef> readAutoPad(NodeReader &node);

/// A number of pads before and behind a dimension; the odd one is behind for SAME_UPPER.
std::pair<int64_t, int64_t> splitPads(llvm::StringRef automatic, int64_t total);

/// The window over spatial dimensions of these sizes; auto_pad becomes pads.
llvm::FailureOr<Window> readWindow(NodeReader &node, llvm::ArrayRef<int64_t> sizes, llvm::ArrayRef<int64_t> kernel);

/// The error unless `x` is [N, C, ...] with at least one spatial dimension.
llvm::LogicalResult requireSpatial(NodeReader &node, mlir::Value x);

/// Attribute group: at least 1.
llvm::FailureOr<int64_t> readGroup(NodeReader &node);

/// y and a bias for each of its channels, dimension 1, from an input that may be absent.
mlir::Value addBias(Composition &c, mlir::Value y, size_t input);

/// The error where a window has more taps than an op should be made for each.
llvm::LogicalResult requireFewTaps(NodeReader &node, const nn::Window &window);

/// [..., size, ...] as [..., kernel, outputs, ...]: what each output of a window along dimension `axis` reads, 0 outside.
mlir::Value unfold(Composition &c, mlir::Value x, int64_t axis, const nn::Window &window);

/// The adjoint of unfold: the sum over all taps and outputs that stand for one element, 0 where there are none.
mlir::Value fold(Composition &c, mlir::Value x, int64_t axis, const nn::Window &window);

/// The maximum over all spatial dimensions of x, [N, C, ...], as [N, C, 1, ...]: what exporters write as GlobalMaxPool or ReduceMax
/// costs the same, and its gradient goes to one position.
llvm::FailureOr<mlir::Value> emitGlobalMaxPool(NodeReader &node, mlir::Value x);

} // namespace tally::onnx

#endif

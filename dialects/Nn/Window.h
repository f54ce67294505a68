// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The arithmetic of a window that slides along one spatial dimension (convolution, pooling).
#ifndef TALLY_NN_WINDOW_H
#define TALLY_NN_WINDOW_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/ArrayRef.h"
#include <optional>

namespace tally::nn {

/// One dimension: output o reads the positions o*stride + tap*dilation - before, tap = 0 ... kernel - 1.
struct Window {
  int64_t size, kernel, stride, dilation, before, after;
  bool ceil = false; ///< round the number of outputs up; the last window still starts inside input or left padding

  int64_t extent() const { return dilation * (kernel - 1) + 1; }
  /// Number of outputs; 0 or less when the window does not fit.
  int64_t outputs() const;
  /// Size of a buffer with padding on both sides that every tap falls into.
  int64_t paddedSize() const;
  bool isPadded() const { return paddedSize() != size; }
  /// Taps of all outputs that read the input, not padding.
  int64_t validTaps() const;
  /// Positions of the input that at least one tap reads.
  int64_t touched() const;
  /// Taps of output o that count in a mean: those on the input, with `padding` also those on the declared padding.
  int64_t meanTaps(int64_t output, bool padding) const;
};

/// The windows of height and width: size [H, W], kernel [R, S], strides and dilations [h, w], pads [top, left, bottom,
/// right]. An error when a list has the wrong length or an entry is out of range.
llvm::FailureOr<std::pair<Window, Window>> windowsOf(std::optional<mlir::Location> loc, llvm::ArrayRef<int64_t> size,
                                                     llvm::ArrayRef<int64_t> kernel, llvm::ArrayRef<int64_t> strides,
                                                     llvm::ArrayRef<int64_t> dilations, llvm::ArrayRef<int64_t> pads,
                                                     bool ceil = false);

/// The type of a value as a float tensor of static shape and of this rank; an error that calls it `name` otherwise.
llvm::FailureOr<mlir::RankedTensorType> floatTensorOfRank(std::optional<mlir::Location> loc, mlir::Value value,
                                                          llvm::StringRef name, int64_t rank);

} // namespace tally::nn

#endif

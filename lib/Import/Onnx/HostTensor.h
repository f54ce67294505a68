// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Values that are known at import time: shapes, axes, scalars, and the arithmetic on them that exporters leave behind.
#ifndef TALLY_IMPORT_ONNX_HOSTTENSOR_H
#define TALLY_IMPORT_ONNX_HOSTTENSOR_H

#include "OnnxModel.h"

namespace tally::onnx {

/// A small tensor in memory. Floats are kept as double, all else as int64_t.
struct HostTensor {
  ElementType type = ElementType::Undefined;
  llvm::SmallVector<int64_t> shape;
  std::vector<double> reals;     ///< of a float tensor
  std::vector<int64_t> integers; ///< of any other

  /// No tensor of more elements is folded.
  static constexpr int64_t maximalElements = 1 << 16;

  bool isFloat() const { return onnx::isFloat(type); }
  int64_t size() const { return static_cast<int64_t>(isFloat() ? reals.size() : integers.size()); }
  bool operator==(const HostTensor &other) const = default;

  /// The content of a tensor of the file; nullopt if it is too large.
  static std::optional<HostTensor> from(const Tensor &tensor);
  static HostTensor scalar(double value, ElementType type = ElementType::Float);
  static HostTensor vector(llvm::ArrayRef<int64_t> values);

  /// A tensor of the same type whose element i is element `source(i)` of this one.
  HostTensor gather(llvm::ArrayRef<int64_t> newShape, llvm::function_ref<int64_t(int64_t)> source) const;
  /// Broadcast to a shape to which it broadcasts; nullopt if it does not, or if the result is too large.
  std::optional<HostTensor> expand(llvm::ArrayRef<int64_t> newShape) const;
};

/// The numpy broadcast of two shapes; nullopt if there is none.
std::optional<llvm::SmallVector<int64_t>> broadcastShapes(llvm::ArrayRef<int64_t> a, llvm::ArrayRef<int64_t> b);

} // namespace tally::onnx

#endif

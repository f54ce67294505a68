// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sizes and tap counts of sliding windows.
#include "dialects/Nn/Window.h"
#include "llvm/ADT/SmallVector.h"
#include <algorithm>

using namespace mlir;
using namespace tally;
using namespace tally::nn;

int64_t Window::outputs() const {
  int64_t room = before + size + after - extent();
  if (room < 0)
    return 0;
  int64_t number = (room + (ceil ? stride - 1 : 0)) / stride + 1;
  // As PyTorch and ONNX: no window starts in the padding behind the input.
  return ceil && (number - 1) * stride >= before + size ? number - 1 : number;
}

int64_t Window::paddedSize() const { return std::max(before + size, (outputs() - 1) * stride + extent()); }

int64_t Window::validTaps() const {
  int64_t taps = 0;
  for (int64_t output = 0, end = outputs(); output < end; ++output)
    taps += meanTaps(output, /*padding=*/false);
  return taps;
}

int64_t Window::touched() const {
  llvm::SmallVector<bool> seen(size, false);
  for (int64_t output = 0, end = outputs(); output < end; ++output)
    for (int64_t tap = 0; tap < kernel; ++tap)
      if (int64_t position = output * stride + tap * dilation - before; position >= 0 && position < size)
        seen[position] = true;
  return std::count(seen.begin(), seen.end(), true);
}

int64_t Window::meanTaps(int64_t output, bool padding) const {
  int64_t first = padding ? -before : 0, last = padding ? size + after : size, taps = 0;
  for (int64_t tap = 0; tap < kernel; ++tap)
    if (int64_t position = output * stride + tap * dilation - before; position >= first && position < last)
      ++taps;
  return taps;
}

FailureOr<std::pair<Window, Window>> nn::windowsOf(std::optional<Location> loc, ArrayRef<int64_t> size,
                                                   ArrayRef<int64_t> kernel, ArrayRef<int64_t> strides,
                                                   ArrayRef<int64_t> dilations, ArrayRef<int64_t> pads, bool ceil) {
  if (size.size() != 2 || kernel.size() != 2 || strides.size() != 2 || dilations.size() != 2 || pads.size() != 4)
    return emitOptionalError(loc, "requires kernel, strides and dilations of 2 entries and pads of 4, got ",
                             kernel.size(), ", ", strides.size(), ", ", dilations.size(), " and ", pads.size());
  constexpr int64_t limit = int64_t{1} << 31; // keeps every product in 64 bits
  auto outOfRange = [](int64_t low) { return [low](int64_t entry) { return entry < low || entry >= limit; }; };
  if (llvm::any_of(size, outOfRange(1)) || llvm::any_of(kernel, outOfRange(1)) ||
      llvm::any_of(strides, outOfRange(1)) || llvm::any_of(dilations, outOfRange(1)) ||
      llvm::any_of(pads, outOfRange(0)))
    return emitOptionalError(
        loc, "requires positive sizes, kernel, strides and dilations and pads of at least 0, got sizes [", size,
        "], kernel [", kernel, "], strides [", strides, "], dilations [", dilations, "], pads [", pads, "]");
  Window height{size[0], kernel[0], strides[0], dilations[0], pads[0], pads[2], ceil};
  Window width{size[1], kernel[1], strides[1], dilations[1], pads[1], pads[3], ceil};
  if (height.outputs() < 1 || width.outputs() < 1)
    return emitOptionalError(loc, "expects a window that fits into the padded input (got ", height.extent(), "x",
                             width.extent(), " in ", height.before + height.size + height.after, "x",
                             width.before + width.size + width.after, ")");
  return std::pair(height, width);
}

FailureOr<RankedTensorType> nn::floatTensorOfRank(std::optional<Location> loc, Value value, StringRef name,
                                                  int64_t rank) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || !type.hasStaticShape() || !isa<FloatType>(type.getElementType()) || type.getRank() != rank)
    return emitOptionalError(loc, "requires ", name, " to be a ", rank, "-d float tensor of static shape, got ",
                             value.getType());
  return type;
}

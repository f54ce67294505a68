// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which tensors of a body are images, and what they look like in blocks of channels (private to this folder).
#ifndef TALLY_LAYOUT_BLOCKEDIMAGES_H
#define TALLY_LAYOUT_BLOCKEDIMAGES_H

#include "SplitLoops.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace tally {

/// The images of a block: seeds are what windows slide over; whatever shares their batch loop follows.
llvm::DenseSet<mlir::Value> findImages(mlir::Block &block);

/// [N, C, H, W] as [N, C/b, H, W, b], and so on for windows of one or more dimensions.
mlir::RankedTensorType blockedType(mlir::RankedTensorType type, int64_t wanted);

/// A slice that takes all channels; only such slices of blocked images are slices again.
template <typename Slice>
bool keepsChannels(Slice slice) {
  auto whole = slice.getStaticSizes();
  auto source = slice.getSourceType(), result = llvm::cast<mlir::RankedTensorType>(slice->getResult(0).getType());
  return slice.hasUnitStride() && whole.size() >= 3 && slice.getStaticOffsets()[1] == 0 &&
         llvm::none_of(slice.getStaticOffsets(), mlir::ShapedType::isDynamic) && source.getRank() == result.getRank() &&
         whole[1] == result.getDimSize(1) && whole[1] == source.getDimSize(1);
}

} // namespace tally

#endif

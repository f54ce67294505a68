// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which tensors of a body are images, and what they look like in blocks of channels (private to this folder).
#ifndef TALLY_LAYOUT_BLOCKEDIMAGES_H
#define TALLY_LAYOUT_BLOCKEDIMAGES_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace tally {

/// The images of a block: seeds are what windows slide over; whatever shares their batch loop follows.
llvm::DenseSet<mlir::Value> findImages(mlir::Block &block);

/// Channels of a block for an image of `channels`; `wanted` where it divides.
int64_t blockOf(int64_t channels, int64_t wanted);

/// [N, C, H, W] as [N, C/b, H, W, b].
mlir::RankedTensorType blockedType(mlir::RankedTensorType type, int64_t wanted);

/// A slice that takes all channels; only such slices of blocked images are slices again.
template <typename Slice>
bool keepsChannels(Slice slice) {
  auto whole = slice.getStaticSizes();
  return slice.hasUnitStride() && whole.size() == 4 && slice.getStaticOffsets()[1] == 0 &&
         llvm::none_of(slice.getStaticOffsets(), mlir::ShapedType::isDynamic) &&
         whole[1] == llvm::cast<mlir::RankedTensorType>(slice->getResult(0).getType()).getDimSize(1) &&
         whole[1] == llvm::cast<mlir::RankedTensorType>(slice.getSource().getType()).getDimSize(1) &&
         slice.getSourceType().getRank() == 4 && llvm::cast<mlir::RankedTensorType>(slice->getResult(0).getType()).getRank() == 4;
}

} // namespace tally

#endif

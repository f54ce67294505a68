// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Images with a border, for ops with sliding windows (private to this folder).
#ifndef TALLY_CONVERSION_PADDING_H
#define TALLY_CONVERSION_PADDING_H

#include "NnToLinalg.h"
#include "dialects/Nn/Window.h"

namespace tally {

using WindowPair = std::pair<nn::Window, nn::Window>;

/// The type of an image [..., H, W] with the border that the windows of height and width need.
inline mlir::RankedTensorType paddedType(mlir::RankedTensorType type, const WindowPair &windows) {
  llvm::SmallVector<int64_t> shape(type.getShape());
  shape[shape.size() - 2] = windows.first.paddedSize();
  shape[shape.size() - 1] = windows.second.paddedSize();
  return type.clone(shape);
}

/// Where an image [..., H, W] lies in its padded form.
struct ImageSlice {
  llvm::SmallVector<mlir::OpFoldResult> offsets, sizes, strides;
  ImageSlice(mlir::Builder &builder, mlir::RankedTensorType image, const WindowPair &windows) {
    offsets.assign(image.getRank() - 2, builder.getIndexAttr(0));
    offsets.push_back(builder.getIndexAttr(windows.first.before));
    offsets.push_back(builder.getIndexAttr(windows.second.before));
    for (int64_t size : image.getShape())
      sizes.push_back(builder.getIndexAttr(size));
    strides.assign(image.getRank(), builder.getIndexAttr(1));
  }
};

/// The image with a border of `value`; itself when no window leaves it.
inline mlir::Value padImage(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value image, const WindowPair &windows,
                            double value) {
  auto type = llvm::cast<mlir::RankedTensorType>(image.getType());
  mlir::RankedTensorType padded = paddedType(type, windows);
  if (padded == type)
    return image;
  ImageSlice slice(builder, type, windows);
  return mlir::tensor::InsertSliceOp::create(builder, loc, image, createFilled(builder, loc, padded, value),
                                             slice.offsets, slice.sizes, slice.strides);
}

/// The inverse of padImage: the part of type `image`.
inline mlir::Value cropImage(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value padded,
                             mlir::RankedTensorType image, const WindowPair &windows) {
  if (image == padded.getType())
    return padded;
  ImageSlice slice(builder, image, windows);
  return mlir::tensor::ExtractSliceOp::create(builder, loc, image, padded, slice.offsets, slice.sizes, slice.strides);
}

} // namespace tally

#endif

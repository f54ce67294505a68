// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Images with a border, for ops with sliding windows (private to this folder).
#ifndef TALLY_CONVERSION_PADDING_H
#define TALLY_CONVERSION_PADDING_H

#include "NnToLinalg.h"
#include "dialects/Nn/Window.h"

namespace tally {

using WindowPair = std::pair<nn::Window, nn::Window>;

/// The type of an image [N, C, H, W] with the border that the windows of height and width need.
inline mlir::RankedTensorType paddedType(mlir::RankedTensorType type, const WindowPair &windows) {
  return type.clone({type.getDimSize(0), type.getDimSize(1), windows.first.paddedSize(), windows.second.paddedSize()});
}

/// The part of a padded image that is the image.
struct ImageSlice {
  llvm::SmallVector<mlir::OpFoldResult> offsets, sizes, strides;
  ImageSlice(mlir::Builder &builder, mlir::RankedTensorType image, int64_t top, int64_t left) {
    for (int64_t offset : {int64_t{0}, int64_t{0}, top, left})
      offsets.push_back(builder.getIndexAttr(offset));
    for (int64_t size : image.getShape())
      sizes.push_back(builder.getIndexAttr(size));
    strides.assign(4, builder.getIndexAttr(1));
  }
};

/// The image with a border of `value`; itself when no window leaves it.
inline mlir::Value padImage(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value image, const WindowPair &windows,
                            double value) {
  auto type = llvm::cast<mlir::RankedTensorType>(image.getType());
  mlir::RankedTensorType padded = paddedType(type, windows);
  if (padded == type)
    return image;
  ImageSlice slice(builder, type, windows.first.before, windows.second.before);
  return mlir::tensor::InsertSliceOp::create(builder, loc, image, createFilled(builder, loc, padded, value), slice.offsets,
                                             slice.sizes, slice.strides);
}

/// The inverse of padImage.
inline mlir::Value cropImage(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value padded, const WindowPair &windows) {
  auto type = llvm::cast<mlir::RankedTensorType>(padded.getType());
  auto image = type.clone({type.getDimSize(0), type.getDimSize(1), windows.first.size, windows.second.size});
  if (image == type)
    return padded;
  ImageSlice slice(builder, image, windows.first.before, windows.second.before);
  return mlir::tensor::ExtractSliceOp::create(builder, loc, image, padded, slice.offsets, slice.sizes, slice.strides);
}

} // namespace tally

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The loops of pooling and of its gradients (private to this folder).
#ifndef TALLY_CONVERSION_POOLLOOPS_H
#define TALLY_CONVERSION_POOLLOOPS_H

#include "Padding.h"

namespace tally {

/// The loops n c h w r s of a pooling op.
struct PoolLoops {
  mlir::AffineMap image, output, taps;
  llvm::SmallVector<mlir::utils::IteratorType> gather, scatter;

  PoolLoops(mlir::MLIRContext *context, const WindowPair &windows) {
    mlir::AffineExpr n, c, h, w, r, s;
    bindDims(context, n, c, h, w, r, s);
    const auto &[height, width] = windows;
    image = mlir::AffineMap::get(
        6, 0, {n, c, h * height.stride + r * height.dilation, w * width.stride + s * width.dilation}, context);
    output = mlir::AffineMap::get(6, 0, {n, c, h, w}, context);
    taps = mlir::AffineMap::get(6, 0, {r, s}, context);
    gather.assign(4, mlir::utils::IteratorType::parallel);
    gather.append(2, mlir::utils::IteratorType::reduction);
    scatter.assign(2, mlir::utils::IteratorType::parallel);
    scatter.append(4, mlir::utils::IteratorType::reduction);
  }
};

/// An operand that is never read: it gives the loops over the taps their ranges.
inline mlir::Value createTaps(mlir::OpBuilder &builder, mlir::Location loc, const WindowPair &windows, mlir::Type type) {
  return mlir::tensor::EmptyOp::create(builder, loc, {windows.first.kernel, windows.second.kernel}, type);
}

/// i*W + j of the element that the loops h, w, r, s read.
mlir::Value createPosition(mlir::OpBuilder &builder, mlir::Location loc, const WindowPair &windows);

inline llvm::ArrayRef<int64_t> imageSize(mlir::Value x) {
  return llvm::cast<mlir::RankedTensorType>(x.getType()).getShape().take_back(2);
}

template <typename Pool>
mlir::FailureOr<WindowPair> poolWindows(Pool op, llvm::ArrayRef<int64_t> size) {
  return nn::windowsOf(op.getLoc(), size, op.getKernel(), op.getStrides(), op.getDilations(), op.getPads(),
                       op.getCeilMode());
}

} // namespace tally

#endif

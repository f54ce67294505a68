// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The maps of Winograd's convolution: all elements of a tile are read, transformed and written at once.
#include "Padding.h"
#include "dialects/Nn/Winograd.h"

using namespace mlir;
using namespace tally;

/// From the indices of a plane to (n, c, h*stride + row, w*stride + column) of the image.
static AffineMap elementMap(Builder &builder, bool batchLast, int64_t stride, int64_t row, int64_t column) {
  AffineExpr n, c, h, w;
  bindDims(builder.getContext(), n, c, h, w);
  if (batchLast)
    bindDims(builder.getContext(), h, c, w, n);
  return AffineMap::get(4, 0, {n, c, h * stride + row, w * stride + column}, builder.getContext());
}

/// One loop over all tiles: the elements at `maps` of `inputs` become those of `to` x `to` tensors.
static linalg::GenericOp transformTiles(OpBuilder &builder, Location loc, nn::WinogradMap map, ValueRange inputs, ArrayRef<AffineMap> inputMaps,
                                        RankedTensorType plane) {
  int64_t to = nn::sizesOf(map).to;
  SmallVector<Value> planes;
  for (int64_t i = 0; i < to * to; ++i)
    planes.push_back(createEmpty(builder, loc, plane));
  SmallVector<AffineMap> maps(inputMaps);
  maps.append(to * to, builder.getMultiDimIdentityMap(4));
  SmallVector<utils::IteratorType> iterators(4, utils::IteratorType::parallel);
  return linalg::GenericOp::create(builder, loc, ValueRange(planes).getTypes(), inputs, planes, maps, iterators,
                                   [&](OpBuilder &nested, Location nestedLoc, ValueRange in) {
                                     linalg::YieldOp::create(nested, nestedLoc, nn::transformTile(nested, nestedLoc, map, in.take_front(inputs.size())));
                                   });
}

namespace {
struct WinogradSplitLowering : OpConversionPattern<nn::WinogradSplitOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::WinogradSplitOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto plane = cast<RankedTensorType>(op.getResult(0).getType());
    ArrayRef<int64_t> image = cast<RankedTensorType>(op.getX().getType()).getShape();
    int64_t from = nn::sizesOf(op.getMap()).from, stride = op.getStride();
    auto window = [&](int64_t dimension) {
      int64_t before = op.getPads()[dimension], read = (op.getTiles()[dimension] - 1) * stride + from, size = image[2 + dimension];
      return nn::Window{size, from, stride, /*dilation=*/1, before, std::max<int64_t>(read - before - size, 0)};
    };
    Value padded = padImage(rewriter, loc, adaptor.getX(), {window(0), window(1)}, 0);
    SmallVector<AffineMap> maps;
    for (int64_t row = 0; row < from; ++row)
      for (int64_t column = 0; column < from; ++column)
        maps.push_back(op.getRotated() ? elementMap(rewriter, op.getBatchLast(), stride, from - 1 - row, from - 1 - column)
                                       : elementMap(rewriter, op.getBatchLast(), stride, row, column));
    SmallVector<Value> inputs(from * from, padded);
    rewriter.replaceOp(op, transformTiles(rewriter, loc, op.getMap(), inputs, maps, plane));
    return success();
  }
};

/// The elements are planes first: a loop writes each tensor once. Then they move to their places, which is no operation.
struct WinogradJoinLowering : OpConversionPattern<nn::WinogradJoinOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::WinogradJoinOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto x = cast<RankedTensorType>(op.getType()), plane = cast<RankedTensorType>(op.getPlanes().front().getType());
    auto [from, to] = nn::sizesOf(op.getMap());
    SmallVector<AffineMap> maps(from * from, rewriter.getMultiDimIdentityMap(4));
    linalg::GenericOp elements = transformTiles(rewriter, loc, op.getMap(), adaptor.getPlanes(), maps, plane);
    SmallVector<int64_t> covered(x.getShape());
    for (int64_t &extent : MutableArrayRef(covered).drop_front(2))
      extent = llvm::alignTo(extent, to);
    Value image = createEmpty(rewriter, loc, x.clone(covered));
    SmallVector<utils::IteratorType> iterators(4, utils::IteratorType::parallel);
    for (auto [number, element] : llvm::enumerate(elements.getResults()))
      image = linalg::GenericOp::create(rewriter, loc, image.getType(), element, image,
                                        {rewriter.getMultiDimIdentityMap(4), elementMap(rewriter, op.getBatchLast(), to, number / to, number % to)}, iterators,
                                        [](OpBuilder &nested, Location nestedLoc, ValueRange in) { linalg::YieldOp::create(nested, nestedLoc, in[0]); })
                  .getResult(0);
    if (covered != x.getShape()) {
      auto attributes = [&](ArrayRef<int64_t> values) { return getAsIndexOpFoldResult(rewriter.getContext(), values); };
      image = tensor::ExtractSliceOp::create(rewriter, loc, x, image, attributes({0, 0, 0, 0}), attributes(x.getShape()), attributes({1, 1, 1, 1}));
    }
    rewriter.replaceOp(op, image);
    return success();
  }
};
} // namespace

void tally::populateWinogradLowering(RewritePatternSet &patterns) {
  patterns.add<WinogradSplitLowering, WinogradJoinLowering>(patterns.getContext());
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The maps of Winograd's convolution: all elements of a tile are read, transformed and written at once.
#include "Padding.h"
#include "dialects/Nn/Winograd.h"

using namespace mlir;
using namespace tally;

/// (n, c, h, w) -> (n, c, h*stride + row, w*stride + column)
static AffineMap elementMap(Builder &builder, int64_t stride, int64_t row, int64_t column) {
  AffineExpr n, c, h, w;
  bindDims(builder.getContext(), n, c, h, w);
  return AffineMap::get(4, 0, {n, c, h * stride + row, w * stride + column}, builder.getContext());
}

/// (n, c, h, w) -> the element of a plane
static AffineMap planeMap(Builder &builder, bool batchLast) {
  SmallVector<unsigned> order{0, 1, 2, 3};
  if (batchLast)
    order = {2, 1, 3, 0};
  return AffineMap::getPermutationMap(order, builder.getContext());
}

/// One loop over all tiles: the elements at `inputMaps` of `inputs` become those at `planeMap` of `to` x `to` tensors.
static linalg::GenericOp transformTiles(OpBuilder &builder, Location loc, nn::WinogradMap map, ValueRange inputs, ArrayRef<AffineMap> inputMaps,
                                        RankedTensorType plane, AffineMap planeMap) {
  int64_t to = nn::sizesOf(map).to;
  SmallVector<Value> inits;
  for (int64_t i = 0; i < to * to; ++i)
    inits.push_back(createEmpty(builder, loc, plane));
  SmallVector<AffineMap> maps(inputMaps);
  maps.append(to * to, planeMap);
  SmallVector<utils::IteratorType> iterators(4, utils::IteratorType::parallel);
  return linalg::GenericOp::create(builder, loc, ValueRange(inits).getTypes(), inputs, inits, maps, iterators,
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
        maps.push_back(elementMap(rewriter, stride, row, column));
    if (op.getRotated())
      std::reverse(maps.begin(), maps.end());
    SmallVector<Value> inputs(from * from, padded);
    rewriter.replaceOp(op, transformTiles(rewriter, loc, op.getMap(), inputs, maps, plane, planeMap(rewriter, op.getBatchLast())));
    return success();
  }
};

/// The elements are planes first: a loop writes each tensor once. Then they move to their places, which is no operation. The loops follow the planes,
/// most of which are read and the fewer ones written.
struct WinogradJoinLowering : OpConversionPattern<nn::WinogradJoinOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::WinogradJoinOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto x = cast<RankedTensorType>(op.getType()), plane = cast<RankedTensorType>(op.getPlanes().front().getType());
    auto [from, to] = nn::sizesOf(op.getMap());
    AffineMap identity = rewriter.getMultiDimIdentityMap(4), fromPlane = inversePermutation(planeMap(rewriter, op.getBatchLast()));
    SmallVector<AffineMap> maps(from * from, identity);
    linalg::GenericOp elements = transformTiles(rewriter, loc, op.getMap(), adaptor.getPlanes(), maps, plane, identity);
    SmallVector<int64_t> covered(x.getShape());
    for (int64_t &extent : MutableArrayRef(covered).drop_front(2))
      extent = llvm::alignTo(extent, to);
    Value image = createEmpty(rewriter, loc, x.clone(covered));
    SmallVector<utils::IteratorType> iterators(4, utils::IteratorType::parallel);
    for (auto [number, element] : llvm::enumerate(elements.getResults()))
      image = linalg::GenericOp::create(rewriter, loc, image.getType(), element, image,
                                        {identity, elementMap(rewriter, to, number / to, number % to).compose(fromPlane)}, iterators,
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

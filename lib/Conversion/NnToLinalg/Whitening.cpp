// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The covariance of patches.
#include "NnToLinalg.h"
#include "dialects/Nn/ScalarBuilder.h"

using namespace mlir;
using namespace tally;
using nn::ScalarBuilder;

namespace {
struct PatchCovarianceLowering : OpConversionPattern<nn::PatchCovarianceOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::PatchCovarianceOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto x = cast<RankedTensorType>(op.getX().getType()), cov = cast<RankedTensorType>(op.getType());
    int64_t rows = x.getDimSize(2) - op.getKernel()[0] + 1, columns = x.getDimSize(3) - op.getKernel()[1] + 1;
    double patches = static_cast<double>(x.getDimSize(0)) * rows * columns;
    Value places = tensor::EmptyOp::create(rewriter, loc, {rows, columns}, x.getElementType());

    Value moments = sumProducts(rewriter, op, adaptor.getX(), places);
    moments = tensor::CollapseShapeOp::create(rewriter, loc, cov, moments,
                                              ArrayRef<ReassociationIndices>{{0, 1, 2}, {3, 4, 5}});
    if (!op.getCentred()) {
      rewriter.replaceOp(
          op, createElementwise(rewriter, loc, cov, moments, [&](OpBuilder &nested, Location nestedLoc, ValueRange in) {
            ScalarBuilder b(nested, nestedLoc, cov.getElementType());
            return b.mul(in[0], b.constant(1 / patches));
          }));
      return success();
    }
    Value sums = sumElements(rewriter, op, adaptor.getX(), places);
    sums = tensor::CollapseShapeOp::create(rewriter, loc, cov.clone(cov.getDimSize(0)), sums,
                                           ArrayRef<ReassociationIndices>{{0, 1, 2}});
    AffineMap all = rewriter.getMultiDimIdentityMap(2);
    AffineMap row = AffineMap::get(2, 0, rewriter.getAffineDimExpr(0)),
              column = AffineMap::get(2, 0, rewriter.getAffineDimExpr(1));
    rewriter.replaceOp(op, linalg::GenericOp::create(
                               rewriter, loc, cov, ValueRange{moments, sums, sums}, createEmpty(rewriter, loc, cov),
                               ArrayRef<AffineMap>{all, row, column, all},
                               SmallVector<utils::IteratorType>(2, utils::IteratorType::parallel),
                               [&](OpBuilder &nested, Location nestedLoc, ValueRange in) {
                                 ScalarBuilder b(nested, nestedLoc, cov.getElementType());
                                 Value moment = b.mul(in[0], b.constant(1 / (patches - 1)));
                                 Value means = b.mul(b.mul(in[1], in[2]), b.constant(1 / (patches * (patches - 1))));
                                 linalg::YieldOp::create(nested, nestedLoc, b.sub(moment, means));
                               }));
    return success();
  }

  /// [c, r, s, c', r', s'] = sum of the products of two elements of a patch, over the patches of an image, then over
  /// the images.
  static Value sumProducts(OpBuilder &builder, nn::PatchCovarianceOp op, Value x, Value places) {
    auto type = cast<RankedTensorType>(x.getType());
    AffineExpr n, c, r, s, c2, r2, s2, h, w;
    bindDims(builder.getContext(), n, c, r, s, c2, r2, s2, h, w);
    auto map = [&](ArrayRef<AffineExpr> results) { return AffineMap::get(9, 0, results, builder.getContext()); };
    SmallVector<AffineMap> maps{map({n, c, h + r, w + s}), map({n, c2, h + r2, w + s2}), map({h, w}),
                                map({n, c, r, s, c2, r2, s2})};
    ArrayRef<int64_t> kernel = op.getKernel();
    auto result = type.clone(
        {type.getDimSize(0), type.getDimSize(1), kernel[0], kernel[1], type.getDimSize(1), kernel[0], kernel[1]});
    return sumPatches(builder, op.getLoc(), ValueRange{x, x, places}, maps, result,
                      [](ScalarBuilder &b, ValueRange in) { return b.add(in[3], b.mul(in[0], in[1])); });
  }

  /// [c, r, s] = sum of one element of a patch.
  static Value sumElements(OpBuilder &builder, nn::PatchCovarianceOp op, Value x, Value places) {
    auto type = cast<RankedTensorType>(x.getType());
    AffineExpr n, c, r, s, h, w;
    bindDims(builder.getContext(), n, c, r, s, h, w);
    auto map = [&](ArrayRef<AffineExpr> results) { return AffineMap::get(6, 0, results, builder.getContext()); };
    SmallVector<AffineMap> maps{map({n, c, h + r, w + s}), map({h, w}), map({n, c, r, s})};
    ArrayRef<int64_t> kernel = op.getKernel();
    auto result = type.clone({type.getDimSize(0), type.getDimSize(1), kernel[0], kernel[1]});
    return sumPatches(builder, op.getLoc(), ValueRange{x, places}, maps, result,
                      [](ScalarBuilder &b, ValueRange in) { return b.add(in[2], in[0]); });
  }

  /// One sum for each image (the two innermost loops run over its patches), then their sum: partial sums keep f32
  /// accurate.
  static Value sumPatches(OpBuilder &builder, Location loc, ValueRange operands, ArrayRef<AffineMap> maps,
                          RankedTensorType images, llvm::function_ref<Value(ScalarBuilder &, ValueRange)> body) {
    SmallVector<utils::IteratorType> iterators(maps.back().getNumDims(), utils::IteratorType::parallel);
    std::fill_n(iterators.rbegin(), 2, utils::IteratorType::reduction);
    Value partial = linalg::GenericOp::create(builder, loc, images, operands, createFilled(builder, loc, images, 0),
                                              maps, iterators,
                                              [&](OpBuilder &nested, Location nestedLoc, ValueRange in) {
                                                ScalarBuilder b(nested, nestedLoc, images.getElementType());
                                                linalg::YieldOp::create(nested, nestedLoc, body(b, in));
                                              })
                        .getResult(0);
    return createReduction(builder, loc, partial, {0}, 0,
                           [](OpBuilder &nested, Location nestedLoc, ValueRange in) -> Value {
                             return arith::AddFOp::create(nested, nestedLoc, in[1], in[0]);
                           });
  }
};
} // namespace

void tally::populateWhiteningLowering(RewritePatternSet &patterns) {
  patterns.add<PatchCovarianceLowering>(patterns.getContext());
}

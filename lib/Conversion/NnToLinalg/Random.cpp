// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Random numbers of a batch: one nn.philox per element.
#include "NnToLinalg.h"

using namespace mlir;
using namespace tally;

namespace {
struct RandomLowering : OpConversionPattern<nn::RandomOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::RandomOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getType());
    unsigned rank = type.getRank();
    AffineMap scalar = AffineMap::get(rank, 0, rewriter.getContext());
    SmallVector<AffineMap> maps{scalar, scalar, AffineMap::get(rank, 0, rewriter.getAffineDimExpr(0)),
                                rewriter.getMultiDimIdentityMap(rank)};
    SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
    rewriter.replaceOp(
        op, linalg::GenericOp::create(
                rewriter, op.getLoc(), type, ValueRange{adaptor.getSeed(), adaptor.getEpoch(), adaptor.getSamples()},
                createEmpty(rewriter, op.getLoc(), type), maps, iterators,
                [&](OpBuilder &nested, Location loc, ValueRange in) {
                  Value use = arith::ConstantIndexOp::create(nested, loc, op.getUse());
                  Value number = nn::PhiloxOp::create(nested, loc, type.getElementType(), in[0], use, in[1], in[2],
                                                      createDraw(nested, loc, type.getShape()), op.getDistribution(),
                                                      op.getRangeAttr());
                  linalg::YieldOp::create(nested, loc, number);
                }));
    return success();
  }

  /// The linear position of the loops but the first.
  static Value createDraw(OpBuilder &builder, Location loc, ArrayRef<int64_t> shape) {
    Value draw = arith::ConstantIndexOp::create(builder, loc, 0);
    for (size_t dimension = 1; dimension < shape.size(); ++dimension) {
      Value size = arith::ConstantIndexOp::create(builder, loc, shape[dimension]);
      Value row = arith::MulIOp::create(builder, loc, draw, size);
      draw = arith::AddIOp::create(builder, loc, row, linalg::IndexOp::create(builder, loc, dimension));
    }
    return draw;
  }
};
} // namespace

void tally::populateRandomLowering(RewritePatternSet &patterns) { patterns.add<RandomLowering>(patterns.getContext()); }

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Matrix products.
#include "NnToLinalg.h"

using namespace mlir;
using namespace tally;

namespace {
/// Loops (b..., m, l, k), the last one reducing: z[b, m, l] += x[b, m, k] * y[b, k, l].
struct MatMulLowering : OpConversionPattern<nn::MatMulOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::MatMulOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getZ().getType());
    int64_t rank = type.getRank();
    AffineExpr m = rewriter.getAffineDimExpr(rank - 2), l = rewriter.getAffineDimExpr(rank - 1),
               k = rewriter.getAffineDimExpr(rank);
    auto mapOf = [&](Value operand, AffineExpr row, AffineExpr column, bool transposed) {
      auto stack = cast<RankedTensorType>(operand.getType());
      auto leading = RankedTensorType::get(stack.getShape().drop_back(2), stack.getElementType());
      SmallVector<AffineExpr> exprs(
          broadcastMap(leading, type.getShape().drop_back(2), rewriter.getContext()).getResults());
      if (transposed)
        std::swap(row, column);
      exprs.append({row, column});
      return AffineMap::get(rank + 1, 0, exprs, rewriter.getContext());
    };
    SmallVector<AffineMap> maps = {mapOf(adaptor.getX(), m, k, op.getTransposeX()),
                                   mapOf(adaptor.getY(), k, l, op.getTransposeY()),
                                   rewriter.getMultiDimIdentityMap(rank + 1).dropResult(rank)};
    SmallVector<utils::IteratorType> iterators(rank + 1, utils::IteratorType::parallel);
    iterators.back() = utils::IteratorType::reduction;
    Value start = createFilled(rewriter, op.getLoc(), type, 0);
    rewriter.replaceOpWithNewOp<linalg::GenericOp>(
        op, type, ValueRange{adaptor.getX(), adaptor.getY()}, start, maps, iterators,
        [](OpBuilder &builder, Location loc, ValueRange in) {
          Value product = createProduct(builder, loc, in[0], in[1], in[2].getType());
          linalg::YieldOp::create(builder, loc, arith::AddFOp::create(builder, loc, in[2], product).getResult());
        });
    return success();
  }
};
} // namespace

void tally::populateMatMulLowering(RewritePatternSet &patterns) { patterns.add<MatMulLowering>(patterns.getContext()); }

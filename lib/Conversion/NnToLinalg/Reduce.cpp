// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reductions.
#include "NnToLinalg.h"
#include <limits>

using namespace mlir;
using namespace tally;

/// The accumulator in[1] combined with the value in[0], of floats, integers or positions.
template <typename FloatOp, typename IntegerOp>
static Value combine(OpBuilder &builder, Location loc, ValueRange in) {
  if (isa<FloatType>(in[0].getType()))
    return FloatOp::create(builder, loc, in[1], in[0]);
  return IntegerOp::create(builder, loc, in[1], in[0]);
}

constexpr auto addScalars = combine<arith::AddFOp, arith::AddIOp>;

static Value createScalar(OpBuilder &builder, Location loc, Type type, double value) {
  return arith::ConstantOp::create(builder, loc, builder.getFloatAttr(type, value));
}

namespace {
struct ReduceSumLowering : OpConversionPattern<nn::ReduceSumOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::ReduceSumOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, createReduction(rewriter, op.getLoc(), adaptor.getX(), op.getAxes(), 0, addScalars));
    return success();
  }
};

/// The sum, times 1 / K.
struct ReduceMeanLowering : OpConversionPattern<nn::ReduceMeanOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::ReduceMeanOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    Value sum = createReduction(rewriter, op.getLoc(), adaptor.getX(), op.getAxes(), 0, addScalars);
    auto type = cast<RankedTensorType>(sum.getType());
    int64_t terms = cast<RankedTensorType>(op.getX().getType()).getNumElements() / std::max<int64_t>(type.getNumElements(), 1);
    if (terms != 1)
      sum = createElementwise(rewriter, op.getLoc(), type, sum, [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
        Value factor = createScalar(builder, loc, type.getElementType(), 1.0 / terms);
        return arith::MulFOp::create(builder, loc, in[0], factor);
      });
    rewriter.replaceOp(op, sum);
    return success();
  }
};

/// The extremum by `body`, from `start` on.
template <typename Op, typename FloatOp, typename IntegerOp, int sign> struct ExtremumLowering : OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;
  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, createReduction(rewriter, op.getLoc(), adaptor.getX(), op.getAxes(),
                                           sign * std::numeric_limits<double>::infinity(), combine<FloatOp, IntegerOp>));
    return success();
  }
};
using ReduceMaxLowering = ExtremumLowering<nn::ReduceMaxOp, arith::MaximumFOp, arith::MaxSIOp, -1>;
using ReduceMinLowering = ExtremumLowering<nn::ReduceMinOp, arith::MinimumFOp, arith::MinSIOp, 1>;

/// m = (x = y); r = dy / sum m; dx = m * r
struct ReduceMaxGradLowering : OpConversionPattern<nn::ReduceMaxGradOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::ReduceMaxGradOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getX().getType());
    Value mask = createElementwise(
        rewriter, loc, type, adaptor.getX(), adaptor.getY(), op.getAxes(),
        [&](OpBuilder &builder, Location loc, ValueRange in) -> Value {
          Value equal = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OEQ, in[0], in[1]);
          Value one = createScalar(builder, loc, type.getElementType(), 1);
          Value zero = createScalar(builder, loc, type.getElementType(), 0);
          return arith::SelectOp::create(builder, loc, equal, one, zero);
        });
    Value number = createReduction(rewriter, loc, mask, op.getAxes(), 0, addScalars);
    Value share = createElementwise(rewriter, loc, cast<RankedTensorType>(number.getType()), {adaptor.getDy(), number},
                                    [](OpBuilder &builder, Location loc, ValueRange in) -> Value {
                                      return arith::DivFOp::create(builder, loc, in[0], in[1]);
                                    });
    rewriter.replaceOp(op, createElementwise(rewriter, loc, type, mask, share, op.getAxes(),
                                             [](OpBuilder &builder, Location loc, ValueRange in) -> Value {
                                               return arith::MulFOp::create(builder, loc, in[0], in[1]);
                                             }));
    return success();
  }
};
} // namespace

void tally::populateReduceLowering(RewritePatternSet &patterns) {
  patterns.add<ReduceSumLowering, ReduceMeanLowering, ReduceMaxLowering, ReduceMinLowering, ReduceMaxGradLowering>(patterns.getContext());
}

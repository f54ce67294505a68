// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Softmax and its logarithm, along one dimension.
#include "NnToLinalg.h"
#include "dialects/Nn/ScalarBuilder.h"
#include <limits>

using namespace mlir;
using namespace tally;

namespace {
/// Structured ops on tensors of one type and on their reductions along one axis.
class Rows {
public:
  using Body = llvm::function_ref<Value(nn::ScalarBuilder &, ValueRange)>;
  Rows(OpBuilder &builder, Location loc, Value tensor, int64_t axis)
      : builder(builder), loc(loc), type(cast<RankedTensorType>(tensor.getType())), axis(axis) {}

  Value maximum(Value x) {
    return createReduction(builder, loc, x, axis, -std::numeric_limits<double>::infinity(),
                           [&](OpBuilder &b, Location l, ValueRange in) { return scalar(b, l).max(in[1], in[0]); });
  }
  Value sum(Value x) {
    return createReduction(builder, loc, x, axis, 0,
                           [&](OpBuilder &b, Location l, ValueRange in) { return scalar(b, l).add(in[1], in[0]); });
  }
  /// body(elements of `full` ..., elements of `reduced` of the same row ...)
  Value each(ValueRange full, ValueRange reduced, Body body) {
    return createElementwise(builder, loc, type, full, reduced, axis, [&](OpBuilder &b, Location l, ValueRange in) {
      nn::ScalarBuilder builder = scalar(b, l);
      return body(builder, in);
    });
  }
  Value eachRow(Value reduced, Body body) {
    return createElementwise(builder, loc, cast<RankedTensorType>(reduced.getType()), reduced,
                             [&](OpBuilder &b, Location l, ValueRange in) {
                               nn::ScalarBuilder builder = scalar(b, l);
                               return body(builder, in);
                             });
  }

private:
  nn::ScalarBuilder scalar(OpBuilder &b, Location l) { return nn::ScalarBuilder(b, l, type.getElementType()); }

  OpBuilder &builder;
  Location loc;
  RankedTensorType type;
  int64_t axis;
};

Value subtract(nn::ScalarBuilder &b, ValueRange in) { return b.sub(in[0], in[1]); }
Value exponential(nn::ScalarBuilder &b, ValueRange in) { return b.exp(in[0]); }

/// e = exp(x - max x); y = e / sum e
struct SoftmaxLowering : OpConversionPattern<nn::SoftmaxOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::SoftmaxOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    Rows rows(rewriter, op.getLoc(), adaptor.getX(), op.getAxis());
    Value e = rows.each(adaptor.getX(), rows.maximum(adaptor.getX()),
                        [](nn::ScalarBuilder &b, ValueRange in) { return b.exp(b.sub(in[0], in[1])); });
    rewriter.replaceOp(op, rows.each(e, rows.sum(e), [](nn::ScalarBuilder &b, ValueRange in) { return b.div(in[0], in[1]); }));
    return success();
  }
};

/// dx = y * (dy - sum of dy * y)
struct SoftmaxGradLowering : OpConversionPattern<nn::SoftmaxGradOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::SoftmaxGradOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    Rows rows(rewriter, op.getLoc(), adaptor.getY(), op.getAxis());
    Value products = rows.each({adaptor.getDy(), adaptor.getY()}, {},
                               [](nn::ScalarBuilder &b, ValueRange in) { return b.mul(in[0], in[1]); });
    rewriter.replaceOp(op, rows.each({adaptor.getY(), adaptor.getDy()}, rows.sum(products),
                                     [](nn::ScalarBuilder &b, ValueRange in) { return b.mul(in[0], b.sub(in[1], in[2])); }));
    return success();
  }
};

/// d = x - max x; y = d - log(sum of exp(d))
struct LogSoftmaxLowering : OpConversionPattern<nn::LogSoftmaxOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::LogSoftmaxOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    Rows rows(rewriter, op.getLoc(), adaptor.getX(), op.getAxis());
    Value d = rows.each(adaptor.getX(), rows.maximum(adaptor.getX()), subtract);
    Value logarithm = rows.eachRow(rows.sum(rows.each(d, {}, exponential)),
                                   [](nn::ScalarBuilder &b, ValueRange in) { return b.log(in[0]); });
    rewriter.replaceOp(op, rows.each(d, logarithm, subtract));
    return success();
  }
};

/// dx = dy - exp(y) * sum dy
struct LogSoftmaxGradLowering : OpConversionPattern<nn::LogSoftmaxGradOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::LogSoftmaxGradOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Rows rows(rewriter, op.getLoc(), adaptor.getY(), op.getAxis());
    rewriter.replaceOp(op, rows.each({adaptor.getY(), adaptor.getDy()}, rows.sum(adaptor.getDy()),
                                     [](nn::ScalarBuilder &b, ValueRange in) {
                                       return b.sub(in[1], b.mul(b.exp(in[0]), in[2]));
                                     }));
    return success();
  }
};
} // namespace

void tally::populateSoftmaxLowering(RewritePatternSet &patterns) {
  patterns.add<SoftmaxLowering, SoftmaxGradLowering, LogSoftmaxLowering, LogSoftmaxGradLowering>(patterns.getContext());
}

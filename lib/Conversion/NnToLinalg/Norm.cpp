// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Batch normalization: reductions to channels, arithmetic on channels, one pass over the elements.
#include "NnToLinalg.h"
#include "dialects/Nn/ScalarBuilder.h"

using namespace mlir;
using namespace tally;
using nn::ScalarBuilder;

namespace {
/// Builds structured ops on x: [N, K, ...] and on its channels [K].
class ChannelBuilder {
public:
  ChannelBuilder(OpBuilder &builder, Location loc, Value x)
      : builder(builder), loc(loc), type(cast<RankedTensorType>(x.getType())),
        channel(RankedTensorType::get(type.getDimSize(1), type.getElementType())) {}

  using Formula = llvm::function_ref<Value(ScalarBuilder &, ValueRange)>;

  /// channels = formula(channels...)
  Value perChannel(ValueRange operands, Formula formula) {
    return createElementwise(builder, loc, channel, operands,
                             [&](OpBuilder &nested, Location nestedLoc, ValueRange in) {
                               ScalarBuilder scalars(nested, nestedLoc, type.getElementType());
                               return formula(scalars, in);
                             });
  }
  /// elements = formula(elements or channels...)
  Value perElement(ValueRange operands, Formula formula) {
    SmallVector<utils::IteratorType> iterators(type.getRank(), utils::IteratorType::parallel);
    return generic(operands, type, createEmpty(builder, loc, type), iterators,
                   [&](ScalarBuilder &b, ValueRange in) { return formula(b, in.drop_back()); });
  }
  /// channels = sum of formula(elements or channels...)
  Value sum(ValueRange operands, Formula formula) {
    SmallVector<utils::IteratorType> iterators(type.getRank(), utils::IteratorType::reduction);
    iterators[1] = utils::IteratorType::parallel;
    return generic(operands, channel, createFilled(builder, loc, channel, 0), iterators,
                   [&](ScalarBuilder &b, ValueRange in) { return b.add(in.back(), formula(b, in.drop_back())); });
  }

  /// Elements of a channel.
  int64_t elementsOfChannel() const { return type.getNumElements() / type.getDimSize(1); }
  /// channels * factor
  Value scale(Value channels, double factor) {
    return perChannel(channels, [&](ScalarBuilder &b, ValueRange in) { return b.mul(in[0], b.constant(factor)); });
  }
  /// rsqrt(variance + epsilon)
  Value reciprocalDeviation(Value variance, double epsilon) {
    return perChannel(variance,
                      [&](ScalarBuilder &b, ValueRange in) { return b.rsqrt(b.add(in[0], b.constant(epsilon))); });
  }
  /// gain = scale * rstd; rstd itself without a scale.
  Value gain(Value scale, Value rstd) {
    return scale ? perChannel({scale, rstd}, [](ScalarBuilder &b, ValueRange in) { return b.mul(in[0], in[1]); })
                 : rstd;
  }
  /// gain * x + (bias - mean * gain); without a bias gain * x - mean * gain.
  Value affine(Value x, Value gain, Value mean, Value bias) {
    if (!bias) {
      Value shift = perChannel({mean, gain}, [](ScalarBuilder &b, ValueRange in) { return b.mul(in[0], in[1]); });
      return perElement({gain, x, shift},
                        [](ScalarBuilder &b, ValueRange in) { return b.sub(b.mul(in[0], in[1]), in[2]); });
    }
    Value shift = perChannel({bias, mean, gain},
                             [](ScalarBuilder &b, ValueRange in) { return b.sub(in[0], b.mul(in[1], in[2])); });
    return perElement({gain, x, shift},
                      [](ScalarBuilder &b, ValueRange in) { return b.add(b.mul(in[0], in[1]), in[2]); });
  }

private:
  Value generic(ValueRange operands, RankedTensorType result, Value init, ArrayRef<utils::IteratorType> iterators,
                Formula formula) {
    SmallVector<AffineMap> maps;
    for (Value operand : operands)
      maps.push_back(mapOf(cast<RankedTensorType>(operand.getType())));
    maps.push_back(mapOf(result));
    return linalg::GenericOp::create(builder, loc, result, operands, init, maps, iterators,
                                     [&](OpBuilder &nested, Location nestedLoc, ValueRange in) {
                                       ScalarBuilder scalars(nested, nestedLoc, type.getElementType());
                                       linalg::YieldOp::create(nested, nestedLoc, formula(scalars, in));
                                     })
        .getResult(0);
  }
  /// Channels are read along dimension 1, anything else as it is.
  AffineMap mapOf(RankedTensorType operand) {
    if (operand == channel)
      return AffineMap::get(type.getRank(), 0, builder.getAffineDimExpr(1));
    return builder.getMultiDimIdentityMap(type.getRank());
  }

  OpBuilder &builder;
  Location loc;
  RankedTensorType type, channel;
};

struct BatchNormLowering : OpConversionPattern<nn::BatchNormOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::BatchNormOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ChannelBuilder build(rewriter, op.getLoc(), op.getX());
    Value rstd = build.reciprocalDeviation(adaptor.getVariance(), op.getEpsilon().convertToDouble());
    Value gain = build.gain(adaptor.getScale(), rstd);
    rewriter.replaceOp(op, build.affine(adaptor.getX(), gain, adaptor.getMean(), adaptor.getBias()));
    return success();
  }
};

struct BatchNormTrainingLowering : OpConversionPattern<nn::BatchNormTrainingOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::BatchNormTrainingOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ChannelBuilder build(rewriter, op.getLoc(), op.getX());
    double share = 1.0 / build.elementsOfChannel();
    Value x = adaptor.getX();
    Value mean = build.scale(build.sum(x, [](ScalarBuilder &, ValueRange in) { return in[0]; }), share);
    Value squares = build.sum({x, mean}, [](ScalarBuilder &b, ValueRange in) {
      Value centred = b.sub(in[0], in[1]);
      return b.mul(centred, centred);
    });
    Value variance = build.scale(squares, share);
    Value rstd = build.reciprocalDeviation(variance, op.getEpsilon().convertToDouble());
    Value gain = build.gain(adaptor.getScale(), rstd);
    rewriter.replaceOp(op, {build.affine(x, gain, mean, adaptor.getBias()), mean, variance, rstd, gain});
    return success();
  }
};

struct BatchNormGradScaleLowering : OpConversionPattern<nn::BatchNormGradScaleOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::BatchNormGradScaleOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ChannelBuilder build(rewriter, op.getLoc(), op.getX());
    Value sum = build.sum({adaptor.getX(), adaptor.getDy(), adaptor.getMean()},
                          [](ScalarBuilder &b, ValueRange in) { return b.mul(in[1], b.sub(in[0], in[2])); });
    rewriter.replaceOp(op, build.gain(sum, adaptor.getRstd()));
    return success();
  }
};

struct BatchNormGradInputLowering : OpConversionPattern<nn::BatchNormGradInputOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::BatchNormGradInputOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ChannelBuilder build(rewriter, op.getLoc(), op.getX());
    double share = -1.0 / build.elementsOfChannel();
    Value slope = build.perChannel(
        {adaptor.getGain(), adaptor.getRstd(), adaptor.getDscale()},
        [&](ScalarBuilder &b, ValueRange in) { return b.mul(b.mul(b.mul(in[0], in[1]), in[2]), b.constant(share)); });
    Value shift = build.perChannel({adaptor.getGain(), adaptor.getDbias(), slope, adaptor.getMean()},
                                   [&](ScalarBuilder &b, ValueRange in) {
                                     return b.sub(b.mul(b.mul(in[0], in[1]), b.constant(share)), b.mul(in[2], in[3]));
                                   });
    rewriter.replaceOp(op, build.perElement({adaptor.getGain(), adaptor.getDy(), slope, adaptor.getX(), shift},
                                            [](ScalarBuilder &b, ValueRange in) {
                                              return b.add(b.add(b.mul(in[0], in[1]), b.mul(in[2], in[3])), in[4]);
                                            }));
    return success();
  }
};
} // namespace

void tally::populateNormLowering(RewritePatternSet &patterns) {
  patterns.add<BatchNormLowering, BatchNormTrainingLowering, BatchNormGradScaleLowering, BatchNormGradInputLowering>(
      patterns.getContext());
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Cross entropy, its gradient, and the number of correct predictions.
#include "NnToLinalg.h"
#include "dialects/Nn/ScalarBuilder.h"
#include <cmath>

using namespace mlir;
using namespace tally;
using nn::ScalarBuilder;

namespace {
/// Builds structured ops on logits [N, L] and on values of samples [N].
class SampleBuilder {
public:
  SampleBuilder(OpBuilder &builder, Location loc, Value logits)
      : builder(builder), loc(loc), type(cast<RankedTensorType>(logits.getType())),
        sample(RankedTensorType::get(type.getDimSize(0), type.getElementType())) {}

  using Formula = llvm::function_ref<Value(ScalarBuilder &, ValueRange)>;

  /// result = formula(operands...), result and operands of logits or of samples.
  Value map(RankedTensorType result, ValueRange operands, Formula formula) {
    SmallVector<utils::IteratorType> iterators(result.getRank(), utils::IteratorType::parallel);
    return generic(result, operands, createEmpty(builder, loc, result), iterators,
                   [&](ScalarBuilder &b, ValueRange in) { return formula(b, in.drop_back()); });
  }
  /// samples = formula(logits, accumulator), from `start`.
  Value reduce(Value logits, double start, Formula formula) {
    return generic(sample, logits, createFilled(builder, loc, sample, start),
                   {utils::IteratorType::parallel, utils::IteratorType::reduction}, formula);
  }
  /// [] = sum of the samples.
  Value total(Value samples) {
    return createReduction(builder, loc, samples, {0}, 0,
                           [](OpBuilder &nested, Location nestedLoc, ValueRange in) -> Value {
                             return arith::AddFOp::create(nested, nestedLoc, in[1], in[0]);
                           });
  }
  Value sum(Value logits) {
    return reduce(logits, 0, [](ScalarBuilder &b, ValueRange in) { return b.add(in[1], in[0]); });
  }
  /// z - max z
  Value shifted(Value logits) {
    Value greatest = reduce(logits, -INFINITY, [](ScalarBuilder &b, ValueRange in) { return b.max(in[1], in[0]); });
    return map(type, {logits, greatest}, [](ScalarBuilder &b, ValueRange in) { return b.sub(in[0], in[1]); });
  }
  Value exponential(Value logits) {
    return map(type, logits, [](ScalarBuilder &b, ValueRange in) { return b.exp(in[0]); });
  }
  /// samples = logits at the labels.
  Value atLabels(Value logits, Value labels) {
    return linalg::GenericOp::create(
               builder, loc, sample, labels, createEmpty(builder, loc, sample),
               SmallVector<AffineMap>(2, builder.getMultiDimIdentityMap(1)), utils::IteratorType::parallel,
               [&](OpBuilder &nested, Location nestedLoc, ValueRange in) {
                 Value row = linalg::IndexOp::create(nested, nestedLoc, 0);
                 Value logit = tensor::ExtractOp::create(nested, nestedLoc, logits, ValueRange{row, in[0]});
                 linalg::YieldOp::create(nested, nestedLoc, logit);
               })
        .getResult(0);
  }

  OpBuilder &builder;
  Location loc;
  RankedTensorType type, sample;

private:
  Value generic(RankedTensorType result, ValueRange operands, Value init, ArrayRef<utils::IteratorType> iterators,
                Formula formula) {
    SmallVector<AffineMap> maps;
    for (Value operand : operands)
      maps.push_back(mapOf(cast<RankedTensorType>(operand.getType()), iterators.size()));
    maps.push_back(mapOf(result, iterators.size()));
    return linalg::GenericOp::create(builder, loc, result, operands, init, maps, iterators,
                                     [&](OpBuilder &nested, Location nestedLoc, ValueRange in) {
                                       ScalarBuilder scalars(nested, nestedLoc, type.getElementType());
                                       linalg::YieldOp::create(nested, nestedLoc, formula(scalars, in));
                                     })
        .getResult(0);
  }
  /// The leading loops.
  AffineMap mapOf(RankedTensorType operand, unsigned loops) {
    SmallVector<AffineExpr> leading;
    for (int64_t dimension = 0; dimension < operand.getRank(); ++dimension)
      leading.push_back(builder.getAffineDimExpr(dimension));
    return AffineMap::get(loops, 0, leading, builder.getContext());
  }
};

struct CrossEntropyLowering : OpConversionPattern<nn::CrossEntropyOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::CrossEntropyOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    SampleBuilder build(rewriter, loc, op.getLogits());
    double smoothing = op.getLabelSmoothing().convertToDouble();
    Value shifted = build.shifted(adaptor.getLogits());
    Value sum = build.sum(build.exponential(shifted)), atLabel = build.atLabels(shifted, adaptor.getLabels());
    Value losses;
    if (smoothing == 0) {
      losses = build.map(build.sample, {sum, atLabel},
                         [](ScalarBuilder &b, ValueRange in) { return b.sub(b.log(in[0]), in[1]); });
    } else {
      losses = build.map(build.sample, {sum, atLabel, build.sum(shifted)}, [&](ScalarBuilder &b, ValueRange in) {
        Value sharp = b.mul(in[1], b.constant(1 - smoothing));
        Value uniform = b.mul(in[2], b.constant(smoothing / build.type.getDimSize(1)));
        return b.sub(b.sub(b.log(in[0]), sharp), uniform);
      });
    }
    Value loss = build.total(losses);
    if (op.getReduction() == nn::Reduction::Mean)
      loss = build.map(cast<RankedTensorType>(op.getType()), loss, [&](ScalarBuilder &b, ValueRange in) {
        return b.mul(in[0], b.constant(1.0 / build.type.getDimSize(0)));
      });
    rewriter.replaceOp(op, loss);
    return success();
  }
};

struct CrossEntropyGradLowering : OpConversionPattern<nn::CrossEntropyGradOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::CrossEntropyGradOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    SampleBuilder build(rewriter, loc, op.getLogits());
    double smoothing = op.getLabelSmoothing().convertToDouble();
    double weight = op.getReduction() == nn::Reduction::Mean ? 1.0 / build.type.getDimSize(0) : 1;
    Value exponentials = build.exponential(build.shifted(adaptor.getLogits()));
    Value reciprocals = build.map(build.sample, build.sum(exponentials),
                                  [&](ScalarBuilder &b, ValueRange in) { return b.div(b.constant(weight), in[0]); });
    Value gradient = build.map(build.type, {exponentials, reciprocals}, [&](ScalarBuilder &b, ValueRange in) {
      Value probability = b.mul(in[0], in[1]);
      return smoothing == 0 ? probability
                            : b.sub(probability, b.constant(weight * smoothing / build.type.getDimSize(1)));
    });
    rewriter.replaceOp(op, subtractAtLabels(build, gradient, adaptor.getLabels(), weight * (1 - smoothing)));
    return success();
  }

  /// gradient[n, labels[n]] -= value: one operation per sample, at a position that depends on data.
  static Value subtractAtLabels(SampleBuilder &build, Value gradient, Value labels, double value) {
    OpBuilder &builder = build.builder;
    Value zero = arith::ConstantIndexOp::create(builder, build.loc, 0),
          one = arith::ConstantIndexOp::create(builder, build.loc, 1);
    Value samples = arith::ConstantIndexOp::create(builder, build.loc, build.type.getDimSize(0));
    Value amount =
        arith::ConstantOp::create(builder, build.loc, builder.getFloatAttr(build.type.getElementType(), value));
    return scf::ForOp::create(builder, build.loc, zero, samples, one, gradient,
                              [&](OpBuilder &nested, Location loc, Value row, ValueRange state) {
                                Value label = tensor::ExtractOp::create(nested, loc, labels, row);
                                Value old = tensor::ExtractOp::create(nested, loc, state[0], ValueRange{row, label});
                                Value changed = arith::SubFOp::create(nested, loc, old, amount);
                                Value next =
                                    tensor::InsertOp::create(nested, loc, changed, state[0], ValueRange{row, label});
                                scf::YieldOp::create(nested, loc, next);
                              })
        .getResult(0);
  }
};

struct CountCorrectLowering : OpConversionPattern<nn::CountCorrectOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::CountCorrectOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    SampleBuilder build(rewriter, loc, op.getLogits());
    Value hits =
        linalg::GenericOp::create(
            rewriter, loc, build.sample, ValueRange{findMaxima(build, adaptor.getLogits()), adaptor.getLabels()},
            createEmpty(rewriter, loc, build.sample), SmallVector<AffineMap>(3, rewriter.getMultiDimIdentityMap(1)),
            utils::IteratorType::parallel,
            [&](OpBuilder &nested, Location nestedLoc, ValueRange in) {
              ScalarBuilder b(nested, nestedLoc, build.type.getElementType());
              Value same = arith::CmpIOp::create(nested, nestedLoc, arith::CmpIPredicate::eq, in[0], in[1]);
              linalg::YieldOp::create(nested, nestedLoc, b.select(same, b.constant(1), b.constant(0)));
            })
            .getResult(0);
    rewriter.replaceOp(op, build.total(hits));
    return success();
  }

  /// The position of the first maximum of each sample.
  static Value findMaxima(SampleBuilder &build, Value logits) {
    OpBuilder &builder = build.builder;
    auto positions = RankedTensorType::get(build.sample.getShape(), builder.getIndexType());
    Value zero = arith::ConstantIndexOp::create(builder, build.loc, 0);
    Value first =
        linalg::FillOp::create(builder, build.loc, zero, createEmpty(builder, build.loc, positions)).getResult(0);
    AffineMap all = builder.getMultiDimIdentityMap(2), row = all.getMajorSubMap(1);
    return linalg::GenericOp::create(
               builder, build.loc, TypeRange{build.sample, positions}, logits,
               ValueRange{createFilled(builder, build.loc, build.sample, -INFINITY), first},
               ArrayRef<AffineMap>{all, row, row},
               ArrayRef<utils::IteratorType>{utils::IteratorType::parallel, utils::IteratorType::reduction},
               [](OpBuilder &nested, Location loc, ValueRange in) {
                 Value greater = arith::CmpFOp::create(nested, loc, arith::CmpFPredicate::OGT, in[0], in[1]);
                 Value value = arith::SelectOp::create(nested, loc, greater, in[0], in[1]);
                 Value here = linalg::IndexOp::create(nested, loc, 1);
                 Value position = arith::SelectOp::create(nested, loc, greater, here, in[2]);
                 linalg::YieldOp::create(nested, loc, ValueRange{value, position});
               })
        .getResult(1);
  }
};
} // namespace

void tally::populateLossLowering(RewritePatternSet &patterns) {
  patterns.add<CrossEntropyLowering, CrossEntropyGradLowering, CountCorrectLowering>(patterns.getContext());
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Group normalization on views [N, G, C/G, ...] that are 1 along the dimensions on which a value does not depend.
#include "NnToLinalg.h"
#include "dialects/Nn/ScalarBuilder.h"

using namespace mlir;
using namespace tally;
using nn::ScalarBuilder;

namespace {
/// Builds structured ops on such views of tensors of one image batch x: [N, C, ...].
class GroupBuilder {
public:
  GroupBuilder(OpBuilder &builder, Location loc, Value x, Value mean)
      : builder(builder), loc(loc), type(cast<RankedTensorType>(x.getType())),
        groups(cast<RankedTensorType>(mean.getType()).getDimSize(1)) {}

  using Formula = llvm::function_ref<Value(ScalarBuilder &, ValueRange)>;

  /// The view of an image [N, C, ...], of channels [N, C] or [C], of groups [N, G].
  Value view(Value value) {
    auto from = cast<RankedTensorType>(value.getType());
    SmallVector<int64_t> shape(type.getRank() + 1, 1);
    shape[0] = from.getRank() == 1 ? 1 : type.getDimSize(0);
    shape[1] = groups;
    if (from.getShape().back() != groups || from.getRank() != 2)
      shape[2] = type.getDimSize(1) / groups;
    if (from == type)
      llvm::copy(type.getShape().drop_front(2), shape.begin() + 3);
    return reshape(value, shape);
  }
  /// The tensor of `type` of which `value` is the view.
  Value tensor(Value value, Type type) { return reshape(value, cast<RankedTensorType>(type).getShape()); }

  /// formula(elements...), as large as the operands together.
  Value each(ValueRange operands, Formula formula) {
    SmallVector<int64_t> shape(type.getRank() + 1, 1);
    for (Value operand : operands)
      for (auto [size, other] : llvm::zip_equal(shape, cast<RankedTensorType>(operand.getType()).getShape()))
        size = std::max(size, other);
    return createElementwise(builder, loc, type.clone(shape), operands,
                             [&](OpBuilder &nested, Location nestedLoc, ValueRange in) {
                               ScalarBuilder scalars(nested, nestedLoc, type.getElementType());
                               return formula(scalars, in);
                             });
  }
  /// Sum of formula(elements...) over the dimensions from `first`; the first operand is the largest.
  Value sum(ValueRange operands, int64_t first, Formula formula) {
    auto axes = llvm::to_vector(llvm::seq<int64_t>(first, type.getRank() + 1));
    Value result =
        createReduction(builder, loc, operands, axes, 0, [&](OpBuilder &nested, Location nestedLoc, ValueRange in) {
          ScalarBuilder scalars(nested, nestedLoc, type.getElementType());
          return scalars.add(in.back(), formula(scalars, in.drop_back()));
        });
    SmallVector<int64_t> shape(cast<RankedTensorType>(result.getType()).getShape());
    shape.resize(type.getRank() + 1, 1);
    return reshape(result, shape);
  }
  Value scale(Value value, double factor) {
    return each(value, [&](ScalarBuilder &b, ValueRange in) { return b.mul(in[0], b.constant(factor)); });
  }
  Value multiply(Value a, Value b) {
    return each({a, b}, [](ScalarBuilder &b, ValueRange in) { return b.mul(in[0], in[1]); });
  }
  /// 1 / elements of a group of one sample.
  double share() const { return static_cast<double>(type.getDimSize(0) * groups) / type.getNumElements(); }

private:
  Value reshape(Value value, ArrayRef<int64_t> shape) { return createReshape(builder, loc, value, type.clone(shape)); }

  OpBuilder &builder;
  Location loc;
  RankedTensorType type;
  int64_t groups;
};

Value identity(ScalarBuilder &, ValueRange in) { return in[0]; }

struct GroupNormLowering : OpConversionPattern<nn::GroupNormOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::GroupNormOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    GroupBuilder build(rewriter, op.getLoc(), op.getX(), op.getMean());
    double epsilon = op.getEpsilon().convertToDouble();
    Value x = build.view(adaptor.getX());
    Value mean = build.scale(build.sum(x, 2, identity), build.share());
    Value squares = build.sum({x, mean}, 2, [](ScalarBuilder &b, ValueRange in) {
      Value centred = b.sub(in[0], in[1]);
      return b.mul(centred, centred);
    });
    Value rstd = build.each(build.scale(squares, build.share()), [&](ScalarBuilder &b, ValueRange in) {
      return b.rsqrt(b.add(in[0], b.constant(epsilon)));
    });
    Value gain = adaptor.getScale() ? build.multiply(build.view(adaptor.getScale()), rstd) : rstd;
    Value shift = build.multiply(mean, gain), y;
    if (adaptor.getBias()) {
      shift = build.each({build.view(adaptor.getBias()), shift},
                         [](ScalarBuilder &b, ValueRange in) { return b.sub(in[0], in[1]); });
      y = build.each({gain, x, shift},
                     [](ScalarBuilder &b, ValueRange in) { return b.add(b.mul(in[0], in[1]), in[2]); });
    } else {
      y = build.each({gain, x, shift},
                     [](ScalarBuilder &b, ValueRange in) { return b.sub(b.mul(in[0], in[1]), in[2]); });
    }
    SmallVector<Value> results{y, mean, rstd, gain};
    for (auto [value, type] : llvm::zip_equal(results, op.getResultTypes()))
      value = build.tensor(value, type);
    rewriter.replaceOp(op, results);
    return success();
  }
};

struct GroupNormGradScaleLowering : OpConversionPattern<nn::GroupNormGradScaleOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::GroupNormGradScaleOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    GroupBuilder build(rewriter, op.getLoc(), op.getX(), op.getMean());
    Value sum = build.sum({build.view(adaptor.getX()), build.view(adaptor.getDy()), build.view(adaptor.getMean())}, 3,
                          [](ScalarBuilder &b, ValueRange in) { return b.mul(in[1], b.sub(in[0], in[2])); });
    rewriter.replaceOp(op, build.tensor(build.multiply(sum, build.view(adaptor.getRstd())), op.getType()));
    return success();
  }
};

struct GroupNormGradInputLowering : OpConversionPattern<nn::GroupNormGradInputOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::GroupNormGradInputOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    GroupBuilder build(rewriter, op.getLoc(), op.getX(), op.getMean());
    Value x = build.view(adaptor.getX()), dy = build.view(adaptor.getDy()), mean = build.view(adaptor.getMean()),
          rstd = build.view(adaptor.getRstd()), gain = build.view(adaptor.getGain());
    // One gain for the group comes out of the sum.
    bool common = op.getGain().getType() == op.getMean().getType();
    auto sumOf = [&](Value channels) {
      Value view = build.view(channels);
      if (common)
        return build.multiply(gain, build.sum(view, 2, identity));
      return build.sum({view, gain}, 2, [](ScalarBuilder &b, ValueRange in) { return b.mul(in[0], in[1]); });
    };
    Value p = sumOf(adaptor.getDbias()), q = sumOf(adaptor.getDscale());
    double share = -build.share();
    Value slope = build.each(
        {rstd, q}, [&](ScalarBuilder &b, ValueRange in) { return b.mul(b.mul(in[0], in[1]), b.constant(share)); });
    Value shift = build.each({p, slope, mean}, [&](ScalarBuilder &b, ValueRange in) {
      return b.sub(b.mul(in[0], b.constant(share)), b.mul(in[1], in[2]));
    });
    Value dx = build.each({gain, dy, slope, x, shift}, [](ScalarBuilder &b, ValueRange in) {
      return b.add(b.add(b.mul(in[0], in[1]), b.mul(in[2], in[3])), in[4]);
    });
    rewriter.replaceOp(op, build.tensor(dx, op.getType()));
    return success();
  }
};
} // namespace

void tally::populateGroupNormLowering(RewritePatternSet &patterns) {
  patterns.add<GroupNormLowering, GroupNormGradScaleLowering, GroupNormGradInputLowering>(patterns.getContext());
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Pooling: loops n c h w r s over a padded image; the gradient of a maximum goes to the position that was kept.
#include "PoolLoops.h"
#include <cmath>

using namespace mlir;
using namespace tally;

Value tally::createPosition(OpBuilder &builder, Location loc, const WindowPair &windows) {
  const auto &[height, width] = windows;
  Value sum = arith::ConstantIndexOp::create(builder, loc, -height.before * width.size - width.before);
  int64_t steps[] = {height.stride * width.size, width.stride, height.dilation * width.size, width.dilation};
  for (auto [number, step] : llvm::enumerate(steps)) {
    Value loop = linalg::IndexOp::create(builder, loc, number + 2);
    Value distance = arith::MulIOp::create(builder, loc, loop, arith::ConstantIndexOp::create(builder, loc, step));
    sum = arith::AddIOp::create(builder, loc, sum, distance);
  }
  return sum;
}

/// y = reduction of each window, from `start`, which is also the value of the padding.
static Value reduceWindows(OpBuilder &builder, Location loc, Value x, RankedTensorType y, const WindowPair &windows,
                           double start, BodyBuilder body) {
  PoolLoops loops(builder.getContext(), windows);
  Value image = padImage(builder, loc, x, windows, start), taps = createTaps(builder, loc, windows, y.getElementType());
  return linalg::GenericOp::create(builder, loc, y, ValueRange{image, taps}, createFilled(builder, loc, y, start),
                                   ArrayRef<AffineMap>{loops.image, loops.taps, loops.output}, loops.gather,
                                   [&](OpBuilder &nested, Location nestedLoc, ValueRange in) {
                                     linalg::YieldOp::create(nested, nestedLoc,
                                                             body(nested, nestedLoc, {in[0], in[2]}));
                                   })
      .getResult(0);
}

namespace {
struct MaxPoolLowering : OpConversionPattern<nn::MaxPoolOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::MaxPoolOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto windows = poolWindows(op, imageSize(op.getX()));
    if (failed(windows))
      return failure();
    auto y = cast<RankedTensorType>(op.getType());
    rewriter.replaceOp(op, reduceWindows(rewriter, op.getLoc(), adaptor.getX(), y, *windows, -INFINITY,
                                         [](OpBuilder &builder, Location loc, ValueRange in) -> Value {
                                           return arith::MaximumFOp::create(builder, loc, in[1], in[0]);
                                         }));
    return success();
  }
};

struct MaxPoolTrainingLowering : OpConversionPattern<nn::MaxPoolTrainingOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::MaxPoolTrainingOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto windows = poolWindows(op, imageSize(op.getX()));
    if (failed(windows))
      return failure();
    auto y = cast<RankedTensorType>(op.getY().getType()), position = cast<RankedTensorType>(op.getPosition().getType());
    PoolLoops loops(rewriter.getContext(), *windows);
    Value image = padImage(rewriter, loc, adaptor.getX(), *windows, -INFINITY);
    Value taps = createTaps(rewriter, loc, *windows, y.getElementType());
    Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0);
    Value start = linalg::FillOp::create(rewriter, loc, zero, createEmpty(rewriter, loc, position)).getResult(0);
    SmallVector<Value> starts{createFilled(rewriter, loc, y, -INFINITY), start};
    // Values and positions apart: the maximum keeps a NaN, and padding is never greater than anything.
    rewriter.replaceOp(
        op, linalg::GenericOp::create(rewriter, loc, TypeRange{y, position}, ValueRange{image, taps}, starts,
                                      ArrayRef<AffineMap>{loops.image, loops.taps, loops.output, loops.output},
                                      loops.gather, [&](OpBuilder &nested, Location nestedLoc, ValueRange in) {
                                        Value greater = arith::CmpFOp::create(nested, nestedLoc,
                                                                              arith::CmpFPredicate::OGT, in[0], in[2]);
                                        Value maximum = arith::MaximumFOp::create(nested, nestedLoc, in[2], in[0]);
                                        Value here = createPosition(nested, nestedLoc, *windows);
                                        Value kept = arith::SelectOp::create(nested, nestedLoc, greater, here, in[3]);
                                        linalg::YieldOp::create(nested, nestedLoc, ValueRange{maximum, kept});
                                      }));
    return success();
  }
};

/// One addition for each element of dy, at a position that depends on data: a loop, not a structured op.
struct MaxPoolGradLowering : OpConversionPattern<nn::MaxPoolGradOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::MaxPoolGradOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto dy = cast<RankedTensorType>(op.getDy().getType()), dx = cast<RankedTensorType>(op.getType());
    SmallVector<ReassociationIndices> flat{{0}, {1}, {2, 3}};
    RankedTensorType flatType = dx.clone({dx.getDimSize(0), dx.getDimSize(1), dx.getDimSize(2) * dx.getDimSize(3)});
    Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0),
          one = arith::ConstantIndexOp::create(rewriter, loc, 1);
    SmallVector<Value> lower(4, zero), steps(4, one), upper;
    for (int64_t size : dy.getShape())
      upper.push_back(arith::ConstantIndexOp::create(rewriter, loc, size));
    auto nest = scf::buildLoopNest(
        rewriter, loc, lower, upper, steps, createFilled(rewriter, loc, flatType, 0),
        [&](OpBuilder &nested, Location nestedLoc, ValueRange at, ValueRange sums) -> scf::ValueVector {
          Value position = tensor::ExtractOp::create(nested, nestedLoc, adaptor.getPosition(), at);
          Value term = tensor::ExtractOp::create(nested, nestedLoc, adaptor.getDy(), at);
          SmallVector<Value> target{at[0], at[1], position};
          Value old = tensor::ExtractOp::create(nested, nestedLoc, sums[0], target);
          Value sum = arith::AddFOp::create(nested, nestedLoc, old, term);
          return {tensor::InsertOp::create(nested, nestedLoc, sum, sums[0], target)};
        });
    rewriter.replaceOp(op, tensor::ExpandShapeOp::create(rewriter, loc, dx, nest.results.front(), flat));
    return success();
  }
};
} // namespace

/// The constant 1/D: of rank 0 when it is the same for all outputs, else [H', W'].
static Value createReciprocals(OpBuilder &builder, Location loc, const WindowPair &windows, bool includePadding,
                               FloatType type) {
  SmallVector<Attribute> values;
  for (int64_t h = 0; h < windows.first.outputs(); ++h)
    for (int64_t w = 0; w < windows.second.outputs(); ++w) {
      int64_t taps = windows.first.meanTaps(h, includePadding) * windows.second.meanTaps(w, includePadding);
      values.push_back(builder.getFloatAttr(type, taps ? 1.0 / taps : 0)); // a dilated window may miss the input
    }
  SmallVector<int64_t> shape;
  if (llvm::all_equal(values))
    values.resize(1);
  else
    shape = {windows.first.outputs(), windows.second.outputs()};
  return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(RankedTensorType::get(shape, type), values));
}

/// value * (1/D)
static Value multiplyByReciprocals(OpBuilder &builder, Location loc, Value value, const WindowPair &windows,
                                   bool includePadding) {
  auto type = cast<RankedTensorType>(value.getType());
  Value factors = createReciprocals(builder, loc, windows, includePadding, cast<FloatType>(type.getElementType()));
  return createElementwise(builder, loc, type, {value, factors},
                           [](OpBuilder &nested, Location nestedLoc, ValueRange in) -> Value {
                             return arith::MulFOp::create(nested, nestedLoc, in[0], in[1]);
                           });
}

namespace {
struct AveragePoolLowering : OpConversionPattern<nn::AveragePoolOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::AveragePoolOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto windows = poolWindows(op, imageSize(op.getX()));
    if (failed(windows))
      return failure();
    Value sum = reduceWindows(rewriter, loc, adaptor.getX(), cast<RankedTensorType>(op.getType()), *windows, 0,
                              [](OpBuilder &builder, Location bodyLoc, ValueRange in) -> Value {
                                return arith::AddFOp::create(builder, bodyLoc, in[1], in[0]);
                              });
    rewriter.replaceOp(op, multiplyByReciprocals(rewriter, loc, sum, *windows, op.getCountIncludePad()));
    return success();
  }
};

struct AveragePoolGradLowering : OpConversionPattern<nn::AveragePoolGradOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::AveragePoolGradOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto dx = cast<RankedTensorType>(op.getType());
    auto windows = poolWindows(op, op.getSize());
    if (failed(windows))
      return failure();
    PoolLoops loops(rewriter.getContext(), *windows);
    Value share = multiplyByReciprocals(rewriter, loc, adaptor.getDy(), *windows, op.getCountIncludePad());
    RankedTensorType padded = paddedType(dx, *windows);
    Value taps = createTaps(rewriter, loc, *windows, dx.getElementType());
    Value sum = linalg::GenericOp::create(rewriter, loc, padded, ValueRange{share, taps},
                                          createFilled(rewriter, loc, padded, 0),
                                          ArrayRef<AffineMap>{loops.output, loops.taps, loops.image}, loops.scatter,
                                          [](OpBuilder &nested, Location nestedLoc, ValueRange in) {
                                            Value next = arith::AddFOp::create(nested, nestedLoc, in[2], in[0]);
                                            linalg::YieldOp::create(nested, nestedLoc, next);
                                          })
                    .getResult(0);
    rewriter.replaceOp(op, cropImage(rewriter, loc, sum, dx, *windows));
    return success();
  }
};
} // namespace

void tally::populatePoolLowering(RewritePatternSet &patterns) {
  patterns
      .add<MaxPoolLowering, MaxPoolTrainingLowering, MaxPoolGradLowering, AveragePoolLowering, AveragePoolGradLowering>(
          patterns.getContext());
}

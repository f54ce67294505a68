// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ops that only move data.
#include "NnToLinalg.h"

using namespace mlir;
using namespace tally;

static RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

static SmallVector<OpFoldResult> toFoldResults(OpBuilder &builder, ArrayRef<int64_t> values) {
  return getAsIndexOpFoldResult(builder.getContext(), values);
}

namespace {
struct ReshapeLowering : OpConversionPattern<nn::ReshapeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::ReshapeOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, createReshape(rewriter, op.getLoc(), adaptor.getX(), typeOf(op)));
    return success();
  }
};

/// y[i] = x[i permuted], a copy.
struct TransposeLowering : OpConversionPattern<nn::TransposeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::TransposeOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = typeOf(op);
    // The map of x takes the loops (over y) to the dimensions of x.
    AffineMap map = inversePermutation(AffineMap::getPermutationMap(op.getPermutation(), op.getContext()));
    SmallVector<utils::IteratorType> iterators(type.getRank(), utils::IteratorType::parallel);
    rewriter.replaceOpWithNewOp<linalg::GenericOp>(
        op, type, adaptor.getX(), createEmpty(rewriter, op.getLoc(), type),
        ArrayRef<AffineMap>{map, rewriter.getMultiDimIdentityMap(type.getRank())}, iterators,
        [](OpBuilder &builder, Location loc, ValueRange in) { linalg::YieldOp::create(builder, loc, in[0]); });
    return success();
  }
};

struct BroadcastLowering : OpConversionPattern<nn::BroadcastOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::BroadcastOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, createElementwise(rewriter, op.getLoc(), typeOf(op), adaptor.getX(),
                                             [](OpBuilder &, Location, ValueRange in) { return in[0]; }));
    return success();
  }
};

struct ConcatLowering : OpConversionPattern<nn::ConcatOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::ConcatOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    Value result = createEmpty(rewriter, op.getLoc(), typeOf(op));
    SmallVector<int64_t> offsets(typeOf(op).getRank(), 0), strides(typeOf(op).getRank(), 1);
    for (Value input : adaptor.getInputs()) {
      ArrayRef<int64_t> shape = typeOf(input).getShape();
      if (typeOf(input).getNumElements() == 0)
        continue; // it would begin outside
      result = tensor::InsertSliceOp::create(rewriter, op.getLoc(), input, result, toFoldResults(rewriter, offsets),
                                             toFoldResults(rewriter, shape), toFoldResults(rewriter, strides));
      offsets[op.getAxis()] += shape[op.getAxis()];
    }
    rewriter.replaceOp(op, result);
    return success();
  }
};

/// A part without elements may begin outside of x.
struct SliceLowering : OpConversionPattern<nn::SliceOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::SliceOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    if (typeOf(op).getNumElements() == 0) {
      rewriter.replaceOp(op, createEmpty(rewriter, op.getLoc(), typeOf(op)));
      return success();
    }
    rewriter.replaceOpWithNewOp<tensor::ExtractSliceOp>(
        op, adaptor.getX(), toFoldResults(rewriter, op.getStarts()), toFoldResults(rewriter, typeOf(op).getShape()),
        toFoldResults(rewriter, op.getSteps()));
    return success();
  }
};

/// A broadcast: what `like` holds is not read.
struct ExpandBatchLowering : OpConversionPattern<nn::ExpandBatchOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::ExpandBatchOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, createElementwise(rewriter, op.getLoc(), typeOf(op), adaptor.getX(),
                                             [](OpBuilder &, Location, ValueRange in) { return in[0]; }));
    return success();
  }
};

/// Zeros, then the part.
struct SliceGradLowering : OpConversionPattern<nn::SliceGradOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::SliceGradOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    Value zeros = createFilled(rewriter, op.getLoc(), typeOf(op), 0);
    rewriter.replaceOpWithNewOp<tensor::InsertSliceOp>(
        op, adaptor.getDy(), zeros, toFoldResults(rewriter, op.getStarts()),
        toFoldResults(rewriter, typeOf(adaptor.getDy()).getShape()), toFoldResults(rewriter, op.getSteps()));
    return success();
  }
};
} // namespace

void tally::populateShapeLowering(RewritePatternSet &patterns) {
  patterns.add<ReshapeLowering, TransposeLowering, BroadcastLowering, ExpandBatchLowering, ConcatLowering, SliceLowering,
               SliceGradLowering>(patterns.getContext());
}

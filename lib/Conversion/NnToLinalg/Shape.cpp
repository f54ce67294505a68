// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ops that only move data.
#include "NnToLinalg.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"

using namespace mlir;
using namespace tally;

static RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

/// All dimensions of `type` as one group; none for rank 0.
static SmallVector<ReassociationIndices> oneGroup(RankedTensorType type) {
  if (type.getRank() == 0)
    return {};
  return {llvm::to_vector(llvm::seq<int64_t>(type.getRank()))};
}

static SmallVector<OpFoldResult> toFoldResults(OpBuilder &builder, ArrayRef<int64_t> values) {
  return getAsIndexOpFoldResult(builder.getContext(), values);
}

namespace {
struct ReshapeLowering : OpConversionPattern<nn::ReshapeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::ReshapeOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    RankedTensorType from = typeOf(adaptor.getX()), to = typeOf(op);
    if (from == to) {
      rewriter.replaceOp(op, adaptor.getX());
      return success();
    }
    if (auto groups = getReassociationIndicesForReshape(from, to)) {
      if (from.getRank() > to.getRank())
        rewriter.replaceOpWithNewOp<tensor::CollapseShapeOp>(op, to, adaptor.getX(), *groups);
      else
        rewriter.replaceOpWithNewOp<tensor::ExpandShapeOp>(op, to, adaptor.getX(), *groups);
      return success();
    }
    // Neither shape groups the other's dimensions: through one dimension.
    auto flat = RankedTensorType::get({from.getNumElements()}, from.getElementType());
    Value row = tensor::CollapseShapeOp::create(rewriter, op.getLoc(), flat, adaptor.getX(), oneGroup(from));
    rewriter.replaceOpWithNewOp<tensor::ExpandShapeOp>(op, to, row, oneGroup(to));
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
      result = tensor::InsertSliceOp::create(rewriter, op.getLoc(), input, result, toFoldResults(rewriter, offsets),
                                             toFoldResults(rewriter, shape), toFoldResults(rewriter, strides));
      offsets[op.getAxis()] += shape[op.getAxis()];
    }
    rewriter.replaceOp(op, result);
    return success();
  }
};

struct SliceLowering : OpConversionPattern<nn::SliceOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::SliceOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<tensor::ExtractSliceOp>(
        op, adaptor.getX(), toFoldResults(rewriter, op.getStarts()), toFoldResults(rewriter, typeOf(op).getShape()),
        toFoldResults(rewriter, op.getSteps()));
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
  patterns.add<ReshapeLowering, TransposeLowering, BroadcastLowering, ConcatLowering, SliceLowering, SliceGradLowering>(
      patterns.getContext());
}

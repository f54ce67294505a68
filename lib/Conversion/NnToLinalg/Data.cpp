// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The data ops of the train dialect: positions, takes, loads, the shuffle.
#include "NnToLinalg.h"

using namespace mlir;
using namespace tally;

/// The arith ops of an affine expression on positions, which are never negative.
static Value expandPosition(OpBuilder &builder, Location loc, AffineExpr expression, ValueRange dims) {
  if (auto dim = dyn_cast<AffineDimExpr>(expression))
    return dims[dim.getPosition()];
  if (auto constant = dyn_cast<AffineConstantExpr>(expression))
    return arith::ConstantIndexOp::create(builder, loc, constant.getValue());
  auto binary = cast<AffineBinaryOpExpr>(expression);
  Value a = expandPosition(builder, loc, binary.getLHS(), dims), b = expandPosition(builder, loc, binary.getRHS(), dims);
  switch (binary.getKind()) {
  case AffineExprKind::Add:
    return arith::AddIOp::create(builder, loc, a, b);
  case AffineExprKind::Mul:
    return arith::MulIOp::create(builder, loc, a, b);
  case AffineExprKind::Mod:
    return arith::RemUIOp::create(builder, loc, a, b);
  case AffineExprKind::FloorDiv:
    return arith::DivUIOp::create(builder, loc, a, b);
  default: { // ceildiv: what arith has for it is not lowered to LLVM
    Value last = arith::SubIOp::create(builder, loc, b, arith::ConstantIndexOp::create(builder, loc, 1));
    return arith::DivUIOp::create(builder, loc, arith::AddIOp::create(builder, loc, a, last), b);
  }
  }
}

/// linalg.generic over the elements of `result`, of which some operands are read in place and the rest by the body itself.
static Value createByPosition(OpBuilder &builder, Location loc, RankedTensorType result, ValueRange operands,
                              ArrayRef<AffineMap> operandMaps, BodyBuilder body) {
  SmallVector<AffineMap> maps(operandMaps);
  maps.push_back(builder.getMultiDimIdentityMap(result.getRank()));
  SmallVector<utils::IteratorType> iterators(result.getRank(), utils::IteratorType::parallel);
  return linalg::GenericOp::create(builder, loc, result, operands, createEmpty(builder, loc, result), maps, iterators,
                                   [&](OpBuilder &nested, Location nestedLoc, ValueRange scalars) {
                                     linalg::YieldOp::create(nested, nestedLoc,
                                                             body(nested, nestedLoc, scalars.drop_back()));
                                   })
      .getResult(0);
}

/// The coordinates of the element that a linalg.generic body computes.
static SmallVector<Value> coordinates(OpBuilder &builder, Location loc, int64_t first, int64_t end) {
  SmallVector<Value> values;
  for (int64_t dimension = first; dimension < end; ++dimension)
    values.push_back(linalg::IndexOp::create(builder, loc, dimension));
  return values;
}

/// The map of an operand that is indexed by the first `rank` of `loops` dimensions.
static AffineMap leadingMap(OpBuilder &builder, int64_t loops, int64_t rank) {
  SmallVector<AffineExpr> leading;
  for (int64_t dimension = 0; dimension < rank; ++dimension)
    leading.push_back(builder.getAffineDimExpr(dimension));
  return AffineMap::get(loops, 0, leading, builder.getContext());
}

namespace {
// y[i...] = map(i..., operands)
struct PositionLowering : OpConversionPattern<train::PositionOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(train::PositionOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getType());
    SmallVector<AffineMap> maps;
    for (Value operand : adaptor.getOperands())
      maps.push_back(leadingMap(rewriter, type.getRank(), cast<RankedTensorType>(operand.getType()).getRank()));
    rewriter.replaceOp(op, createByPosition(rewriter, op.getLoc(), type, adaptor.getOperands(), maps,
                                            [&](OpBuilder &builder, Location loc, ValueRange scalars) {
                                              auto dims = coordinates(builder, loc, 0, type.getRank());
                                              llvm::append_range(dims, scalars);
                                              return expandPosition(builder, loc, op.getMap().getResult(0), dims);
                                            }));
    return success();
  }
};

// y[p..., d...] = x[positions[p...], d...]
struct TakeLowering : OpConversionPattern<train::TakeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(train::TakeOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getType());
    int64_t rank = cast<RankedTensorType>(op.getPositions().getType()).getRank();
    rewriter.replaceOp(op, createByPosition(rewriter, op.getLoc(), type, adaptor.getPositions(),
                                            leadingMap(rewriter, type.getRank(), rank),
                                            [&](OpBuilder &builder, Location loc, ValueRange scalars) -> Value {
                                              SmallVector<Value> at = {scalars[0]};
                                              llvm::append_range(at, coordinates(builder, loc, rank, type.getRank()));
                                              return tensor::ExtractOp::create(builder, loc, adaptor.getX(), at);
                                            }));
    return success();
  }
};

// y[n, c, h, w] = dataset[records[n], offset + (c*H + h)*W + w]
struct LoadImagesLowering : OpConversionPattern<train::LoadImagesOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(train::LoadImagesOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getType());
    AffineExpr c = rewriter.getAffineDimExpr(0), h = rewriter.getAffineDimExpr(1), w = rewriter.getAffineDimExpr(2);
    AffineExpr byte = (c * type.getDimSize(2) + h) * type.getDimSize(3) + w + static_cast<int64_t>(op.getOffset());
    rewriter.replaceOp(op, createByPosition(rewriter, op.getLoc(), type, adaptor.getRecords(), leadingMap(rewriter, 4, 1),
                                            [&](OpBuilder &builder, Location loc, ValueRange scalars) -> Value {
                                              auto pixel = coordinates(builder, loc, 1, 4);
                                              Value at[] = {scalars[0], expandPosition(builder, loc, byte, pixel)};
                                              return tensor::ExtractOp::create(builder, loc, adaptor.getDataset(), at);
                                            }));
    return success();
  }
};

// y[n] = dataset[records[n], offset]
struct LoadLabelsLowering : OpConversionPattern<train::LoadLabelsOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(train::LoadLabelsOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getType());
    rewriter.replaceOp(op, createByPosition(rewriter, op.getLoc(), type, adaptor.getRecords(), leadingMap(rewriter, 1, 1),
                                            [&](OpBuilder &builder, Location loc, ValueRange scalars) -> Value {
                                              Value offset = arith::ConstantIndexOp::create(builder, loc, op.getOffset());
                                              Value label = tensor::ExtractOp::create(builder, loc, adaptor.getDataset(),
                                                                                      ValueRange{scalars[0], offset});
                                              return arith::IndexCastUIOp::create(builder, loc, builder.getIndexType(),
                                                                                  label);
                                            }));
    return success();
  }
};

// for i = 1 ... n-1: swap y[i] and y[floor(word(i) * (i + 1) / 2^32)]
struct ShuffleLowering : OpConversionPattern<train::ShuffleOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(train::ShuffleOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto constant = [&](int64_t value) -> Value { return arith::ConstantIndexOp::create(rewriter, loc, value); };
    Value seed = tensor::ExtractOp::create(rewriter, loc, adaptor.getSeed());
    Value epoch = tensor::ExtractOp::create(rewriter, loc, adaptor.getEpoch());
    Value zero = constant(0), one = constant(1), shift = constant(32), use = constant(op.getUse());
    int64_t number = cast<RankedTensorType>(op.getType()).getNumElements();
    auto loop = scf::ForOp::create(
        rewriter, loc, one, constant(number), one, adaptor.getX(),
        [&](OpBuilder &builder, Location nested, Value i, ValueRange carried) {
          Value word = nn::PhiloxOp::create(builder, nested, builder.getIndexType(), seed, use, epoch, i, zero,
                                            nn::Distribution::Position, builder.getI64IntegerAttr((int64_t{1} << 32) - 1));
          Value wide = arith::MulIOp::create(builder, nested, word, arith::AddIOp::create(builder, nested, i, one));
          Value j = arith::ShRUIOp::create(builder, nested, wide, shift);
          Value atI = tensor::ExtractOp::create(builder, nested, carried[0], i);
          Value atJ = tensor::ExtractOp::create(builder, nested, carried[0], j);
          Value half = tensor::InsertOp::create(builder, nested, atJ, carried[0], i);
          Value whole = tensor::InsertOp::create(builder, nested, atI, half, j);
          scf::YieldOp::create(builder, nested, whole);
        });
    rewriter.replaceOp(op, loop.getResult(0));
    return success();
  }
};
} // namespace

void tally::populateDataLowering(RewritePatternSet &patterns) {
  patterns.add<PositionLowering, TakeLowering, LoadImagesLowering, LoadLabelsLowering,
               ShuffleLowering>(patterns.getContext());
}

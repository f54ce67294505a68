// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rows taken from a table, and put into one, at places that are data.
#include "NnToLinalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace tally;

/// A place as a position in [0, size): below 0 it counts from the end; the nearest in range. Whether a value is below 0 is one
/// operation, the rest is arithmetic on positions.
static Value createPlace(OpBuilder &builder, Location loc, Value place, int64_t size) {
  Value zero = arith::ConstantOp::create(builder, loc, builder.getIntegerAttr(place.getType(), 0));
  Value fromEnd = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::slt, place, zero);
  Type index = builder.getIndexType();
  Value position = place.getType().isIndex() ? place : arith::IndexCastOp::create(builder, loc, index, place).getResult();
  Value end = arith::ConstantIndexOp::create(builder, loc, size);
  Value counted = arith::AddIOp::create(builder, loc, position, end);
  Value chosen = arith::SelectOp::create(builder, loc, fromEnd, counted, position);
  Value last = arith::ConstantIndexOp::create(builder, loc, size - 1);
  Value first = arith::ConstantIndexOp::create(builder, loc, 0);
  Value below = arith::MinSIOp::create(builder, loc, chosen, last);
  return arith::MaxSIOp::create(builder, loc, below, first);
}

namespace {
// y[b, m, d] = x[b, places[b, m], d]
struct GatherLowering : OpConversionPattern<nn::GatherOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::GatherOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    auto x = cast<RankedTensorType>(op.getX().getType()), places = cast<RankedTensorType>(op.getPlaces().getType());
    auto type = cast<RankedTensorType>(op.getType());
    AffineExpr table = rewriter.getAffineDimExpr(0), zero = rewriter.getAffineConstantExpr(0);
    AffineMap row = AffineMap::get(3, 0, {places.getDimSize(0) == type.getDimSize(0) ? table : zero, rewriter.getAffineDimExpr(1)},
                                   rewriter.getContext());
    SmallVector<AffineMap> maps = {row, rewriter.getMultiDimIdentityMap(3)};
    SmallVector<utils::IteratorType> iterators(3, utils::IteratorType::parallel);
    bool shared = x.getDimSize(0) != type.getDimSize(0);
    rewriter.replaceOp(op, linalg::GenericOp::create(
                               rewriter, op.getLoc(), type, adaptor.getPlaces(), createEmpty(rewriter, op.getLoc(), type), maps, iterators,
                               [&](OpBuilder &nested, Location loc, ValueRange in) {
                                 Value first = shared ? arith::ConstantIndexOp::create(nested, loc, 0).getResult()
                                                      : linalg::IndexOp::create(nested, loc, 0).getResult();
                                 Value place = createPlace(nested, loc, in[0], x.getDimSize(1));
                                 Value inner = linalg::IndexOp::create(nested, loc, 2);
                                 Value element = tensor::ExtractOp::create(nested, loc, adaptor.getX(), ValueRange{first, place, inner});
                                 linalg::YieldOp::create(nested, loc, element);
                               })
                               .getResults());
    return success();
  }
};

/// What becomes of `old` where `update` reaches it.
Value combine(OpBuilder &builder, Location loc, nn::ScatterReduction reduction, Value old, Value update) {
  bool isFloat = isa<FloatType>(old.getType());
  switch (reduction) {
  case nn::ScatterReduction::None:
    return update;
  case nn::ScatterReduction::Add:
    return isFloat ? arith::AddFOp::create(builder, loc, old, update).getResult() : arith::AddIOp::create(builder, loc, old, update);
  case nn::ScatterReduction::Mul:
    return isFloat ? arith::MulFOp::create(builder, loc, old, update).getResult() : arith::MulIOp::create(builder, loc, old, update);
  case nn::ScatterReduction::Max:
    return isFloat ? arith::MaximumFOp::create(builder, loc, old, update).getResult() : arith::MaxSIOp::create(builder, loc, old, update);
  case nn::ScatterReduction::Min:
    return isFloat ? arith::MinimumFOp::create(builder, loc, old, update).getResult() : arith::MinSIOp::create(builder, loc, old, update);
  }
  llvm_unreachable("every reduction is named");
}

/// One update after the other, at places that depend on data: a loop, not a structured op.
struct ScatterLowering : OpConversionPattern<nn::ScatterOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::ScatterOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto updates = cast<RankedTensorType>(op.getUpdates().getType());
    bool shared = cast<RankedTensorType>(op.getPlaces().getType()).getDimSize(0) != updates.getDimSize(0);
    int64_t rows = cast<RankedTensorType>(op.getType()).getDimSize(1);
    Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0), one = arith::ConstantIndexOp::create(rewriter, loc, 1);
    SmallVector<Value> lower(3, zero), steps(3, one), upper;
    for (int64_t size : updates.getShape())
      upper.push_back(arith::ConstantIndexOp::create(rewriter, loc, size));
    auto nest = scf::buildLoopNest(rewriter, loc, lower, upper, steps, adaptor.getX(),
                                   [&](OpBuilder &nested, Location at, ValueRange i, ValueRange state) -> scf::ValueVector {
                                     Value number = tensor::ExtractOp::create(nested, at, adaptor.getPlaces(),
                                                                              ValueRange{shared ? zero : i[0], i[1]});
                                     Value update = tensor::ExtractOp::create(nested, at, adaptor.getUpdates(), i);
                                     SmallVector<Value> target = {i[0], createPlace(nested, at, number, rows), i[2]};
                                     if (op.getReduction() != nn::ScatterReduction::None) {
                                       Value old = tensor::ExtractOp::create(nested, at, state[0], target);
                                       update = combine(nested, at, op.getReduction(), old, update);
                                     }
                                     return {tensor::InsertOp::create(nested, at, update, state[0], target)};
                                   });
    rewriter.replaceOp(op, nest.results.front());
    return success();
  }
};
} // namespace

void tally::populateGatherLowering(RewritePatternSet &patterns) {
  patterns.add<GatherLowering, ScatterLowering>(patterns.getContext());
}

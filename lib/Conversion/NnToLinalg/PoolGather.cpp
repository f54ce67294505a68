// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The gradient of a maximum in gather form: each tap of a window asks whether it was the one.
#include "GatherWindows.h"
#include "PoolLoops.h"
#include "mlir/IR/BuiltinOps.h"
#include "tally/Support/CountChange.h"

using namespace mlir;
using namespace tally;

/// Each tap of a window asks, and adds dy or zero; the first addition at a position is not counted.
static void declareChange(nn::MaxPoolGradOp op, const WindowPair &windows) {
  const auto &[height, width] = windows;
  auto dy = cast<RankedTensorType>(op.getDy().getType());
  Count elements = dy.getNumElements(), asked = elements * height.kernel * width.kernel;
  Count touched = Count(dy.getDimSize(0)) * dy.getDimSize(1) * height.touched() * width.touched();
  OpCount surplus, avoided;
  surplus.add(OperationKind::Select, dy.getElementType(), asked);
  surplus.add(OperationKind::Add, dy.getElementType(), asked - touched);
  avoided.add(OperationKind::Add, dy.getElementType(), elements);
  declareCountChange(op, "maxima that each tap asks for", surplus, avoided);
}

namespace {
/// dx[n, c, row(h, r), column(w, s)] += position[n, c, h, w] == here(h, w, r, s) ? dy[n, c, h, w] : 0, over the windows of the
/// op that made the positions. Positions from elsewhere may be anything.
struct MaxPoolGradGather : OpConversionPattern<nn::MaxPoolGradOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::MaxPoolGradOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto pool = op.getPosition().getDefiningOp<nn::MaxPoolTrainingOp>();
    if (!pool || pool.getX().getType() != op.getType())
      return rewriter.notifyMatchFailure(op, "requires the positions of a pooling op of an image like dx");
    auto windows = poolWindows(pool, imageSize(pool.getX()));
    if (failed(windows))
      return failure();
    PoolLoops loops(rewriter.getContext(), *windows);
    auto dx = cast<RankedTensorType>(op.getType());
    RankedTensorType padded = paddedType(dx, *windows);
    Value zero = arith::ConstantOp::create(rewriter, loc, rewriter.getFloatAttr(dx.getElementType(), 0));
    Value taps = createTaps(rewriter, loc, *windows, dx.getElementType());
    Value sum = linalg::GenericOp::create(
                    rewriter, loc, padded, ValueRange{adaptor.getDy(), adaptor.getPosition(), taps},
                    createFilled(rewriter, loc, padded, 0),
                    ArrayRef<AffineMap>{loops.output, loops.output, loops.taps, loops.image}, loops.scatter,
                    [&](OpBuilder &nested, Location nestedLoc, ValueRange in) {
                      Value here = createPosition(nested, nestedLoc, *windows);
                      Value hit = arith::CmpIOp::create(nested, nestedLoc, arith::CmpIPredicate::eq, in[1], here);
                      Value term = arith::SelectOp::create(nested, nestedLoc, hit, in[0], zero);
                      Value next = arith::AddFOp::create(nested, nestedLoc, in[3], term);
                      linalg::YieldOp::create(nested, nestedLoc, next);
                    })
                    .getResult(0);
    rewriter.modifyOpInPlace(op->getParentOfType<ModuleOp>(), [&] { declareChange(op, *windows); });
    rewriter.replaceOp(op, cropImage(rewriter, loc, sum, dx, *windows));
    return success();
  }
};
} // namespace

void tally::populatePoolGather(RewritePatternSet &patterns) {
  patterns.add<MaxPoolGradGather>(patterns.getContext(), /*benefit=*/2);
}

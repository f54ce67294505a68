// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reductions.
#include "NnToLinalg.h"

using namespace mlir;
using namespace tally;

namespace {
struct ReduceSumLowering : OpConversionPattern<nn::ReduceSumOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::ReduceSumOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, createReduction(rewriter, op.getLoc(), adaptor.getX(), op.getAxes(), 0,
                                           [](OpBuilder &builder, Location loc, ValueRange in) -> Value {
                                             return arith::AddFOp::create(builder, loc, in[1], in[0]);
                                           }));
    return success();
  }
};
} // namespace

void tally::populateReduceLowering(RewritePatternSet &patterns) { patterns.add<ReduceSumLowering>(patterns.getContext()); }

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Constants; in a function of its own the weights of a graph are constants, too.
#include "NnToLinalg.h"

using namespace mlir;
using namespace tally;

namespace {
template <typename OpTy>
struct ConstantLowering : OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;
  LogicalResult matchAndRewrite(OpTy op, typename OpTy::Adaptor, ConversionPatternRewriter &rewriter) const override {
    if (op.getType().getNumElements() == 0)
      rewriter.replaceOp(op, createEmpty(rewriter, op.getLoc(), op.getType()));
    else
      rewriter.replaceOpWithNewOp<arith::ConstantOp>(op, cast<TypedAttr>(op.getValue()));
    return success();
  }
};
} // namespace

void tally::populateWeightLowering(RewritePatternSet &patterns) {
  patterns.add<ConstantLowering<nn::ConstantOp>, ConstantLowering<nn::WeightOp>>(patterns.getContext());
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Constants.
#include "NnToLinalg.h"

using namespace mlir;
using namespace tally;

namespace {
struct ConstantLowering : OpConversionPattern<nn::ConstantOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::ConstantOp op, OpAdaptor, ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<arith::ConstantOp>(op, cast<TypedAttr>(op.getValue()));
    return success();
  }
};
} // namespace

void tally::populateWeightLowering(RewritePatternSet &patterns) { patterns.add<ConstantLowering>(patterns.getContext()); }

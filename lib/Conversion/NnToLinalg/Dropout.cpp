// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Dropout in inference: nothing.
#include "NnToLinalg.h"

using namespace mlir;
using namespace tally;

namespace {
struct DropoutLowering : OpConversionPattern<nn::DropoutOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::DropoutOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, adaptor.getX());
    return success();
  }
};
} // namespace

void tally::populateDropoutLowering(RewritePatternSet &patterns) {
  patterns.add<DropoutLowering>(patterns.getContext());
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What stands in a body besides computations.
#include "NnToLinalg.h"

using namespace mlir;
using namespace tally;

namespace {
/// An update is the gradient itself.
struct UpdateLowering : OpConversionPattern<train::UpdateOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(train::UpdateOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, adaptor.getGradient());
    return success();
  }
};
} // namespace

void tally::populateBodyLowering(RewritePatternSet &patterns) { patterns.add<UpdateLowering>(patterns.getContext()); }

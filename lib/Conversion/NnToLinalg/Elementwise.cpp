// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every op with a scalar body, by its body.
#include "NnToLinalg.h"

using namespace mlir;
using namespace tally;

namespace {
/// y = body(x...) elementwise.
struct ScalarBodyLowering : OpInterfaceConversionPattern<ScalarBodyOpInterface> {
  using OpInterfaceConversionPattern::OpInterfaceConversionPattern;
  LogicalResult matchAndRewrite(ScalarBodyOpInterface op, ArrayRef<Value> operands,
                                ConversionPatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op->getResult(0).getType());
    rewriter.replaceOp(op, createElementwise(rewriter, op.getLoc(), type, operands,
                                             [&](OpBuilder &builder, Location loc, ValueRange scalars) {
                                               return op.buildScalarBody(builder, loc, scalars);
                                             }));
    return success();
  }
};
} // namespace

void tally::populateElementwiseLowering(RewritePatternSet &patterns) {
  patterns.add<ScalarBodyLowering>(patterns.getContext());
}

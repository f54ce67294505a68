// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The ops of initial values.
#include "NnToLinalg.h"

using namespace mlir;
using namespace tally;

namespace {
// w = 0; w[k, k, R/2, S/2] = 1
struct DiracLowering : OpConversionPattern<train::DiracOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(train::DiracOp op, OpAdaptor, ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getType());
    auto constant = [&](int64_t value) -> Value { return arith::ConstantIndexOp::create(rewriter, loc, value); };
    Value one = arith::ConstantOp::create(rewriter, loc, rewriter.getFloatAttr(type.getElementType(), 1));
    Value middle[] = {constant(type.getDimSize(2) / 2), constant(type.getDimSize(3) / 2)};
    auto loop = scf::ForOp::create(
        rewriter, loc, constant(0), constant(std::min(type.getDimSize(0), type.getDimSize(1))), constant(1),
        createFilled(rewriter, loc, type, 0), [&](OpBuilder &builder, Location nested, Value k, ValueRange carried) {
          Value w = tensor::InsertOp::create(builder, nested, one, carried[0], ValueRange{k, k, middle[0], middle[1]});
          scf::YieldOp::create(builder, nested, w);
        });
    rewriter.replaceOp(op, loop.getResult(0));
    return success();
  }
};
} // namespace

void tally::populateInitializeLowering(RewritePatternSet &patterns) { patterns.add<DiracLowering>(patterns.getContext()); }

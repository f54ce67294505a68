// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Convolution and its gradients: one sum of products each, over a padded image.
#include "ConvLoops.h"
#include "Padding.h"

using namespace mlir;
using namespace tally;

/// The image that the windows slide over: [n, (q,) c, h*stride + r*dilation, w*stride + s*dilation]
static AffineMap imageMap(const ConvolutionLoops &loops, const WindowPair &windows) {
  const auto &[height, width] = windows;
  AffineExpr row = loops.loop('h') * height.stride + loops.loop('r') * height.dilation;
  AffineExpr column = loops.loop('w') * width.stride + loops.loop('s') * width.dilation;
  return loops.map({loops.loop('n'), loops.loop('q'), loops.loop('c'), row, column});
}

namespace {
struct ConvLowering : OpConversionPattern<nn::ConvOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::ConvOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto x = cast<RankedTensorType>(op.getX().getType()), weight = cast<RankedTensorType>(op.getWeight().getType());
    auto y = cast<RankedTensorType>(op.getType());
    int64_t group = op.getGroup();
    auto windows = nn::windowsOf(loc, x.getShape().drop_front(2), weight.getShape().drop_front(2), op.getStrides(),
                                 op.getDilations(), op.getPads());
    if (failed(windows))
      return failure();
    ConvolutionLoops loops(rewriter.getContext(), "nqkhwcrs", "crs", group > 1);
    Value image = splitChannels(rewriter, loc, padImage(rewriter, loc, adaptor.getX(), *windows, 0), 1, group);
    Value kernel = splitChannels(rewriter, loc, adaptor.getWeight(), 0, group);
    Value zeros = createFilled(rewriter, loc, splitChannels(y, 1, group), 0);
    Value result = loops.multiplyAccumulate(rewriter, loc, {image, kernel}, {imageMap(loops, *windows), loops.weight()},
                                            zeros, loops.output());
    rewriter.replaceOp(op, createReshape(rewriter, loc, result, y));
    return success();
  }
};

/// Scatter form: every output adds to the positions of the padded image that it has read.
struct ConvGradInputLowering : OpConversionPattern<nn::ConvGradInputOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::ConvGradInputOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto weight = cast<RankedTensorType>(op.getWeight().getType()), dx = cast<RankedTensorType>(op.getType());
    int64_t group = op.getGroup();
    auto windows = nn::windowsOf(loc, op.getSize(), weight.getShape().drop_front(2), op.getStrides(), op.getDilations(),
                                 op.getPads());
    if (failed(windows))
      return failure();
    ConvolutionLoops loops(rewriter.getContext(), "nqckhwrs", "khwrs", group > 1);
    RankedTensorType image = splitChannels(dx, 1, group);
    Value outputs = splitChannels(rewriter, loc, adaptor.getDy(), 1, group);
    Value kernel = splitChannels(rewriter, loc, adaptor.getWeight(), 0, group);
    Value zeros = createFilled(rewriter, loc, paddedType(image, *windows), 0);
    Value result = loops.multiplyAccumulate(rewriter, loc, {outputs, kernel}, {loops.output(), loops.weight()}, zeros,
                                            imageMap(loops, *windows));
    rewriter.replaceOp(op, createReshape(rewriter, loc, cropImage(rewriter, loc, result, image, *windows), dx));
    return success();
  }
};

struct ConvGradWeightLowering : OpConversionPattern<nn::ConvGradWeightOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::ConvGradWeightOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto x = cast<RankedTensorType>(op.getX().getType()), dweight = cast<RankedTensorType>(op.getType());
    int64_t group = op.getGroup();
    auto windows = nn::windowsOf(loc, x.getShape().drop_front(2), op.getKernel(), op.getStrides(), op.getDilations(),
                                 op.getPads());
    if (failed(windows))
      return failure();
    ConvolutionLoops loops(rewriter.getContext(), "qkcrsnhw", "nhw", group > 1);
    Value image = splitChannels(rewriter, loc, padImage(rewriter, loc, adaptor.getX(), *windows, 0), 1, group);
    Value outputs = splitChannels(rewriter, loc, adaptor.getDy(), 1, group);
    Value zeros = createFilled(rewriter, loc, splitChannels(dweight, 0, group), 0);
    Value result = loops.multiplyAccumulate(rewriter, loc, {image, outputs}, {imageMap(loops, *windows), loops.output()},
                                            zeros, loops.weight());
    rewriter.replaceOp(op, createReshape(rewriter, loc, result, dweight));
    return success();
  }
};
} // namespace

void tally::populateConvLowering(RewritePatternSet &patterns) {
  patterns.add<ConvLowering, ConvGradInputLowering, ConvGradWeightLowering>(patterns.getContext());
}

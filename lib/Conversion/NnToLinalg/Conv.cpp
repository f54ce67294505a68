// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Convolution and its gradients: one sum of products each, over a padded image.
#include "NnToLinalg.h"
#include "Padding.h"
#include "dialects/Nn/Window.h"

using namespace mlir;
using namespace tally;
using nn::Window;

namespace {
/// The loops of a convolution, n q k h w c r s in any order (q = group, left out when there is one group), and the maps
/// of the three tensors over them.
class ConvolutionLoops {
public:
  /// `order` lists the loops, outermost first; `reduced` those over which the result is summed.
  ConvolutionLoops(MLIRContext *context, StringRef order, StringRef reduced, std::pair<Window, Window> windows,
                   bool grouped)
      : context(context), windows(windows) {
    for (char loop : order)
      if (grouped || loop != 'q') {
        names.push_back(loop);
        iterators.push_back(reduced.contains(loop) ? utils::IteratorType::reduction : utils::IteratorType::parallel);
      }
  }

  AffineMap image() { // [n, (q,) c, h*stride + r*dilation, w*stride + s*dilation]
    auto [height, width] = windows;
    AffineExpr row = loop('h') * height.stride + loop('r') * height.dilation;
    AffineExpr column = loop('w') * width.stride + loop('s') * width.dilation;
    return map({loop('n'), loop('q'), loop('c'), row, column});
  }
  AffineMap weight() { return map({loop('q'), loop('k'), loop('c'), loop('r'), loop('s')}); }
  AffineMap output() { return map({loop('n'), loop('q'), loop('k'), loop('h'), loop('w')}); }

  /// result += a * b, from a zero-filled result.
  Value multiplyAccumulate(OpBuilder &builder, Location loc, Value a, AffineMap aMap, Value b, AffineMap bMap,
                           Value zeros, AffineMap resultMap) {
    return linalg::GenericOp::create(builder, loc, zeros.getType(), ValueRange{a, b}, zeros,
                                     ArrayRef<AffineMap>{aMap, bMap, resultMap}, iterators,
                                     [](OpBuilder &nested, Location nestedLoc, ValueRange in) {
                                       Value product = arith::MulFOp::create(nested, nestedLoc, in[0], in[1]);
                                       Value sum = arith::AddFOp::create(nested, nestedLoc, in[2], product);
                                       linalg::YieldOp::create(nested, nestedLoc, sum);
                                     })
        .getResult(0);
  }

private:
  /// Null for a loop that is left out.
  AffineExpr loop(char name) {
    auto *position = llvm::find(names, name);
    return position == names.end() ? AffineExpr() : getAffineDimExpr(position - names.begin(), context);
  }
  AffineMap map(ArrayRef<AffineExpr> results) {
    SmallVector<AffineExpr> present;
    for (AffineExpr result : results)
      if (result)
        present.push_back(result);
    return AffineMap::get(names.size(), 0, present, context);
  }

  MLIRContext *context;
  std::pair<Window, Window> windows;
  SmallVector<char> names;
  SmallVector<utils::IteratorType> iterators;
};
} // namespace

/// The type with dimension `dimension` split into [group, rest]; the type itself for one group.
static RankedTensorType splitType(RankedTensorType type, int64_t dimension, int64_t group) {
  if (group == 1)
    return type;
  SmallVector<int64_t> shape(type.getShape());
  shape[dimension] /= group;
  shape.insert(shape.begin() + dimension, group);
  return type.clone(shape);
}

static SmallVector<ReassociationIndices> splitIndices(int64_t rank, int64_t dimension) {
  SmallVector<ReassociationIndices> indices(rank);
  for (int64_t from = 0, to = 0; from < rank; ++from) {
    indices[from].push_back(to++);
    if (from == dimension)
      indices[from].push_back(to++);
  }
  return indices;
}

/// `value` with its channels split by group, and back.
static Value split(OpBuilder &builder, Location loc, Value value, int64_t dimension, int64_t group) {
  auto type = cast<RankedTensorType>(value.getType());
  if (group == 1)
    return value;
  return tensor::ExpandShapeOp::create(builder, loc, splitType(type, dimension, group), value,
                                       splitIndices(type.getRank(), dimension));
}
static Value unsplit(OpBuilder &builder, Location loc, Value value, RankedTensorType type, int64_t dimension) {
  if (value.getType() == type)
    return value;
  return tensor::CollapseShapeOp::create(builder, loc, type, value, splitIndices(type.getRank(), dimension));
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
    ConvolutionLoops loops(rewriter.getContext(), "nqkhwcrs", "crs", *windows, group > 1);
    Value image = split(rewriter, loc, padImage(rewriter, loc, adaptor.getX(), *windows, 0), 1, group);
    Value zeros = createFilled(rewriter, loc, splitType(y, 1, group), 0);
    Value result = loops.multiplyAccumulate(rewriter, loc, image, loops.image(),
                                            split(rewriter, loc, adaptor.getWeight(), 0, group), loops.weight(), zeros,
                                            loops.output());
    rewriter.replaceOp(op, unsplit(rewriter, loc, result, y, 1));
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
    ConvolutionLoops loops(rewriter.getContext(), "nqckhwrs", "khwrs", *windows, group > 1);
    RankedTensorType image = splitType(dx, 1, group);
    Value zeros = createFilled(rewriter, loc, paddedType(image, *windows), 0);
    Value result = loops.multiplyAccumulate(rewriter, loc, split(rewriter, loc, adaptor.getDy(), 1, group),
                                            loops.output(), split(rewriter, loc, adaptor.getWeight(), 0, group),
                                            loops.weight(), zeros, loops.image());
    rewriter.replaceOp(op, unsplit(rewriter, loc, cropImage(rewriter, loc, result, image, *windows), dx, 1));
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
    ConvolutionLoops loops(rewriter.getContext(), "qkcrsnhw", "nhw", *windows, group > 1);
    Value image = split(rewriter, loc, padImage(rewriter, loc, adaptor.getX(), *windows, 0), 1, group);
    Value zeros = createFilled(rewriter, loc, splitType(dweight, 0, group), 0);
    Value result =
        loops.multiplyAccumulate(rewriter, loc, image, loops.image(), split(rewriter, loc, adaptor.getDy(), 1, group),
                                 loops.output(), zeros, loops.weight());
    rewriter.replaceOp(op, unsplit(rewriter, loc, result, dweight, 0));
    return success();
  }
};
} // namespace

void tally::populateConvLowering(RewritePatternSet &patterns) {
  patterns.add<ConvLowering, ConvGradInputLowering, ConvGradWeightLowering>(patterns.getContext());
}

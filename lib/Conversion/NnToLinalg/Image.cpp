// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Augmentation: y[n, c, h, w] = source[n, c, row, column] with rows and columns computed from positions.
#include "NnToLinalg.h"
#include "Padding.h"

using namespace mlir;
using namespace tally;

namespace {
/// Arithmetic on positions.
class PositionBuilder {
public:
  PositionBuilder(OpBuilder &builder, Location loc) : builder(builder), loc(loc) {}
  Value constant(int64_t value) { return arith::ConstantIndexOp::create(builder, loc, value); }
  Value loop(int64_t dimension) { return linalg::IndexOp::create(builder, loc, dimension); }
  Value add(Value a, Value b) { return arith::AddIOp::create(builder, loc, a, b); }
  Value sub(Value a, Value b) { return arith::SubIOp::create(builder, loc, a, b); }
  Value select(Value condition, Value a, Value b) { return arith::SelectOp::create(builder, loc, condition, a, b); }
  Value compare(arith::CmpIPredicate predicate, Value a, Value b) {
    return arith::CmpIOp::create(builder, loc, predicate, a, b);
  }
  /// first <= position < first + size
  Value inside(Value position, Value first, int64_t size) {
    return compare(arith::CmpIPredicate::ult, sub(position, first), constant(size));
  }
  /// A position outside of [0, size) reflected into it: -1 is 1, size is size - 2.
  Value reflect(Value position, int64_t size) {
    Value magnitude = arith::MaxSIOp::create(builder, loc, position, sub(constant(0), position));
    Value mirrored = sub(constant(2 * (size - 1)), magnitude);
    return arith::MinSIOp::create(builder, loc, magnitude, mirrored);
  }

private:
  OpBuilder &builder;
  Location loc;
};
} // namespace

using Place =
    llvm::function_ref<std::pair<Value, Value>(PositionBuilder &, Value row, Value column, ValueRange positions)>;

/// y[n, c, h, w] = source[n, c, place(h, w, positions[n])]
static Value gatherPixels(OpBuilder &builder, Location loc, RankedTensorType type, Value source, ValueRange positions,
                          Place place) {
  SmallVector<AffineMap> maps(positions.size(), AffineMap::get(4, 0, builder.getAffineDimExpr(0)));
  maps.push_back(builder.getMultiDimIdentityMap(4));
  SmallVector<utils::IteratorType> iterators(4, utils::IteratorType::parallel);
  return linalg::GenericOp::create(builder, loc, type, positions, createEmpty(builder, loc, type), maps, iterators,
                                   [&](OpBuilder &nested, Location nestedLoc, ValueRange in) {
                                     PositionBuilder b(nested, nestedLoc);
                                     Value image = b.loop(0), channel = b.loop(1);
                                     auto [row, column] = place(b, b.loop(2), b.loop(3), in.drop_back());
                                     Value pixel = tensor::ExtractOp::create(nested, nestedLoc, source,
                                                                             ValueRange{image, channel, row, column});
                                     linalg::YieldOp::create(nested, nestedLoc, pixel);
                                   })
      .getResult(0);
}

/// x with zeros around it.
static Value padWithZeros(OpBuilder &builder, Location loc, Value x, int64_t top, int64_t left, int64_t bottom,
                          int64_t right) {
  auto type = cast<RankedTensorType>(x.getType());
  nn::Window height{type.getDimSize(2), 1, 1, 1, top, bottom}, width{type.getDimSize(3), 1, 1, 1, left, right};
  return padImage(builder, loc, x, {height, width}, 0);
}

namespace {
struct FlipLowering : OpConversionPattern<nn::FlipOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::FlipOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getType());
    SmallVector<Value> flags;
    if (adaptor.getFlags())
      flags.push_back(adaptor.getFlags());
    rewriter.replaceOp(op, gatherPixels(rewriter, op.getLoc(), type, adaptor.getX(), flags,
                                        [&](PositionBuilder &b, Value row, Value column, ValueRange in) {
                                          Value mirrored = b.sub(b.constant(type.getDimSize(3) - 1), column);
                                          if (!in.empty())
                                            mirrored =
                                                b.select(b.compare(arith::CmpIPredicate::ne, in[0], b.constant(0)),
                                                         mirrored, column);
                                          return std::pair(row, mirrored);
                                        }));
    return success();
  }
};

struct CropLowering : OpConversionPattern<nn::CropOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::CropOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getType());
    int64_t pad = op.getPad();
    bool reflect = op.getBorder() == nn::Border::Reflect;
    Value source = reflect ? adaptor.getX() : padWithZeros(rewriter, op.getLoc(), adaptor.getX(), pad, pad, pad, pad);
    rewriter.replaceOp(op, gatherPixels(rewriter, op.getLoc(), type, source, {adaptor.getDy(), adaptor.getDx()},
                                        [&](PositionBuilder &b, Value row, Value column, ValueRange in) {
                                          row = b.add(row, in[0]);
                                          column = b.add(column, in[1]);
                                          if (reflect) {
                                            row = b.reflect(b.sub(row, b.constant(pad)), type.getDimSize(2));
                                            column = b.reflect(b.sub(column, b.constant(pad)), type.getDimSize(3));
                                          }
                                          return std::pair(row, column);
                                        }));
    return success();
  }
};

struct TranslateLowering : OpConversionPattern<nn::TranslateOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::TranslateOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getType());
    int64_t down = op.getBy()[0], right = op.getBy()[1];
    bool reflect = op.getBorder() == nn::Border::Reflect;
    auto positive = [](int64_t distance) { return std::max<int64_t>(distance, 0); };
    Value source = adaptor.getX();
    if (!reflect)
      source = padWithZeros(rewriter, op.getLoc(), source, positive(down), positive(right), positive(-down),
                            positive(-right));
    rewriter.replaceOp(op, gatherPixels(rewriter, op.getLoc(), type, source, {},
                                        [&](PositionBuilder &b, Value row, Value column, ValueRange) {
                                          if (reflect)
                                            return std::pair(
                                                b.reflect(b.sub(row, b.constant(down)), type.getDimSize(2)),
                                                b.reflect(b.sub(column, b.constant(right)), type.getDimSize(3)));
                                          return std::pair(b.add(row, b.constant(positive(-down))),
                                                           b.add(column, b.constant(positive(-right))));
                                        }));
    return success();
  }
};

/// The square reads a row of zeros that is put below each image: a select of positions, not of values.
struct CutoutLowering : OpConversionPattern<nn::CutoutOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::CutoutOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getType());
    Value source = padWithZeros(rewriter, op.getLoc(), adaptor.getX(), 0, 0, 1, 0);
    rewriter.replaceOp(op, gatherPixels(rewriter, op.getLoc(), type, source, {adaptor.getTop(), adaptor.getLeft()},
                                        [&](PositionBuilder &b, Value row, Value column, ValueRange in) {
                                          Value below = b.constant(type.getDimSize(2));
                                          Value rowCut = b.select(b.inside(row, in[0], op.getSize()), below, row);
                                          return std::pair(b.select(b.inside(column, in[1], op.getSize()), rowCut, row),
                                                           column);
                                        }));
    return success();
  }
};
} // namespace

void tally::populateImageLowering(RewritePatternSet &patterns) {
  patterns.add<FlipLowering, CropLowering, TranslateLowering, CutoutLowering>(patterns.getContext());
}

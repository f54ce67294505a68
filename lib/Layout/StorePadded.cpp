// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --store-padded.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "tally/Interfaces/BodyOpInterface.h"
#include "tally/Layout/Passes.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_STOREPADDED
#include "tally/Layout/Passes.h.inc"
} // namespace tally

namespace {
/// A border of one constant around an image.
struct Border {
  RankedTensorType type; ///< with the border
  SmallVector<int64_t> offsets;
  Attribute content;

  bool operator==(const Border &other) const {
    return type == other.type && offsets == other.offsets && content == other.content;
  }
};
} // namespace

/// The border that `insert` puts around its source, if that is all it does. A dimension that starts where the image does must end
/// there, too: linalg takes a map without an offset for the whole dimension.
static std::optional<Border> borderOf(tensor::InsertSliceOp insert) {
  auto fill = insert.getDest().getDefiningOp<linalg::FillOp>();
  Border border{insert.getType(), SmallVector<int64_t>(insert.getStaticOffsets()), {}};
  if (!fill || !matchPattern(fill.getInputs().front(), m_Constant(&border.content)) || !insert.hasUnitStride() ||
      llvm::any_of(border.offsets, ShapedType::isDynamic) || insert.getSourceType().getShape() != insert.getStaticSizes())
    return std::nullopt;
  for (auto [offset, from, to] : llvm::zip_equal(border.offsets, insert.getSourceType().getShape(), border.type.getShape()))
    if (offset == 0 && from != to)
      return std::nullopt;
  return border;
}

/// The border that all padded copies of `value` have, where every other reader can read inside of it.
static std::optional<Border> findBorder(OpResult value) {
  auto producer = dyn_cast<linalg::GenericOp>(value.getOwner());
  if (!producer || !producer.hasPureTensorSemantics() || producer.getNumParallelLoops() != producer.getNumLoops() ||
      !producer.getIndexingMapMatchingResult(value).isPermutation() ||
      !producer.getRegionOutputArgs()[value.getResultNumber()].use_empty())
    return std::nullopt;
  std::optional<Border> border;
  for (OpOperand &use : value.getUses()) {
    if (use.getOwner()->getBlock() != producer->getBlock())
      return std::nullopt;
    if (auto insert = dyn_cast<tensor::InsertSliceOp>(use.getOwner()); insert && insert.getSource() == value) {
      std::optional<Border> next = borderOf(insert);
      if (!next || (border && !(*border == *next)))
        return std::nullopt;
      border = next;
      continue;
    }
    auto reader = dyn_cast<linalg::GenericOp>(use.getOwner());
    if (!reader || !reader.hasPureTensorSemantics() || !reader.isDpsInput(&use))
      return std::nullopt;
  }
  return border;
}

static AffineMap moved(AffineMap map, ArrayRef<int64_t> offsets) {
  SmallVector<AffineExpr> results;
  for (auto [result, offset] : llvm::zip_equal(map.getResults(), offsets))
    results.push_back(result + offset);
  return AffineMap::get(map.getNumDims(), 0, results, map.getContext());
}

/// `op` again, with other inits and with the operands that are `image` inside of `padded`. Loops whose steps no operand tells any
/// more get one that is never read.
static linalg::GenericOp rebuild(OpBuilder &builder, linalg::GenericOp op, Value image, Value padded, ArrayRef<int64_t> offsets) {
  SmallVector<Value> inputs, inits;
  SmallVector<AffineMap> inputMaps, initMaps;
  for (OpOperand &operand : op->getOpOperands()) {
    bool isInit = op.isDpsInit(&operand), changes = (isInit ? Value(op.getTiedOpResult(&operand)) : operand.get()) == image;
    AffineMap map = op.getMatchingIndexingMap(&operand);
    (isInit ? inits : inputs).push_back(changes ? padded : operand.get());
    (isInit ? initMaps : inputMaps).push_back(changes ? moved(map, offsets) : map);
  }
  size_t known = inputs.size();
  for (auto [loop, steps] : llvm::enumerate(op.getStaticLoopRanges())) {
    AffineExpr expression = builder.getAffineDimExpr(loop);
    auto tells = [&](AffineMap map) { return llvm::is_contained(map.getResults(), expression); };
    if (llvm::any_of(inputMaps, tells) || llvm::any_of(initMaps, tells))
      continue;
    inputs.push_back(tensor::EmptyOp::create(builder, op.getLoc(), steps, builder.getI8Type()));
    inputMaps.push_back(AffineMap::get(op.getNumLoops(), 0, expression));
  }
  llvm::append_range(inputMaps, initMaps);
  auto made = linalg::GenericOp::create(builder, op.getLoc(), ValueRange(inits).getTypes(), inputs, inits, inputMaps,
                                        op.getIteratorTypesArray());
  made->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  made.getRegion().takeBody(op.getRegion());
  for (size_t number = known; number < inputs.size(); ++number)
    made.getRegion().front().insertArgument(number, builder.getI8Type(), op.getLoc());
  return made;
}

/// `into` with `content` in the slabs [first + k*step, first + k*step + width), k = 0 ... count - 1, of dimension `dimension`. The
/// other dimensions go over `offsets` and `sizes`.
static Value writeSlabs(OpBuilder &builder, Location loc, Value content, Value into, ArrayRef<int64_t> offsets,
                        ArrayRef<int64_t> sizes, int64_t dimension, int64_t first, int64_t step, int64_t count, int64_t width) {
  int64_t rank = sizes.size();
  SmallVector<int64_t> ranges(sizes);
  ranges[dimension] = width;
  ranges.insert(ranges.begin() + dimension, count);
  SmallVector<AffineExpr> results;
  for (int64_t d = 0; d < rank; ++d)
    results.push_back(builder.getAffineDimExpr(d < dimension ? d : d + 1) + (d == dimension ? first : offsets[d]));
  results[dimension] = results[dimension] + builder.getAffineDimExpr(dimension) * step;
  SmallVector<Value> inputs{content};
  SmallVector<AffineMap> maps{AffineMap::get(rank + 1, 0, builder.getContext())};
  for (auto [loop, steps] : llvm::enumerate(ranges)) {
    inputs.push_back(tensor::EmptyOp::create(builder, loc, steps, builder.getI8Type()));
    maps.push_back(AffineMap::get(rank + 1, 0, builder.getAffineDimExpr(loop)));
  }
  maps.push_back(AffineMap::get(rank + 1, 0, results, builder.getContext()));
  SmallVector<utils::IteratorType> iterators(rank + 1, utils::IteratorType::parallel);
  return linalg::GenericOp::create(builder, loc, into.getType(), inputs, into, maps, iterators,
                                   [](OpBuilder &nested, Location nestedLoc, ValueRange in) {
                                     linalg::YieldOp::create(nested, nestedLoc, in[0]);
                                   })
      .getResult(0);
}

/// A tensor that holds the border of an image of shape `image`; what lies inside is not defined.
static Value createBorder(OpBuilder &builder, Location loc, const Border &border, ArrayRef<int64_t> image) {
  Value padded = tensor::EmptyOp::create(builder, loc, border.type.getShape(), border.type.getElementType());
  Value content = arith::ConstantOp::create(builder, loc, cast<TypedAttr>(border.content));
  SmallVector<int64_t> offsets(image.size(), 0), sizes(border.type.getShape());
  for (auto [dimension, size] : llvm::enumerate(image)) {
    int64_t before = border.offsets[dimension], end = before + size, after = sizes[dimension] - end;
    auto write = [&](int64_t first, int64_t count, int64_t width) {
      if (width != 0)
        padded = writeSlabs(builder, loc, content, padded, offsets, sizes, dimension, first, end, count, width);
    };
    if (before == after) {
      write(0, 2, before);
    } else {
      write(0, 1, before);
      write(end, 1, after);
    }
    offsets[dimension] = before;
    sizes[dimension] = size;
  }
  return padded;
}

/// Lets `value` be computed inside of its border and read there. Returns what computes it now.
static linalg::GenericOp store(OpResult value, const Border &border) {
  auto producer = cast<linalg::GenericOp>(value.getOwner());
  OpBuilder builder(producer);
  Value frame = createBorder(builder, producer.getLoc(), border, cast<RankedTensorType>(value.getType()).getShape());
  linalg::GenericOp made = rebuild(builder, producer, value, frame, border.offsets);
  Value padded = made.getResult(value.getResultNumber());
  llvm::SmallSetVector<Operation *, 4> users(value.user_begin(), value.user_end());
  for (Operation *user : users) {
    builder.setInsertionPoint(user);
    if (auto reader = dyn_cast<linalg::GenericOp>(user)) {
      user->replaceAllUsesWith(rebuild(builder, reader, value, padded, border.offsets));
    } else {
      user->getResult(0).replaceAllUsesWith(padded);
    }
    user->erase();
  }
  producer->replaceAllUsesWith(made);
  producer->erase();
  return made;
}

namespace {
struct StorePadded : tally::impl::StorePaddedBase<StorePadded> {
  void runOnOperation() override {
    for (Operation *body : findBodies(getOperation()))
      run(body->getRegion(0).front());
  }

private:
  void run(Block &block) {
    for (Operation *op = block.empty() ? nullptr : &block.front(); op; op = op->getNextNode())
      for (unsigned number = 0; number < op->getNumResults(); ++number)
        if (std::optional<Border> border = findBorder(op->getResult(number))) {
          op = store(op->getResult(number), *border);
          ++stored;
        }
    for (auto fill : llvm::make_early_inc_range(block.getOps<linalg::FillOp>()))
      if (fill->use_empty())
        fill->erase();
  }
};
} // namespace

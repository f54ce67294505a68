// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --assign-layout.
#include "BlockedImages.h"
#include "dialects/Train/Train.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "tally/Layout/Passes.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_ASSIGNLAYOUT
#include "tally/Layout/Passes.h.inc"
} // namespace tally

static Value createEmpty(OpBuilder &builder, Location loc, RankedTensorType type) {
  return tensor::EmptyOp::create(builder, loc, type.getShape(), type.getElementType());
}

static Value createCopy(OpBuilder &builder, Location loc, Value from, AffineMap fromMap, RankedTensorType type, AffineMap toMap) {
  SmallVector<utils::IteratorType> iterators(fromMap.getNumDims(), utils::IteratorType::parallel);
  return linalg::GenericOp::create(builder, loc, type, from, createEmpty(builder, loc, type), ArrayRef<AffineMap>{fromMap, toMap},
                                   iterators,
                                   [](OpBuilder &nested, Location nestedLoc, ValueRange in) {
                                     linalg::YieldOp::create(nested, nestedLoc, in[0]);
                                   })
      .getResult(0);
}

namespace {
/// The loops of a generic op after its channel loops have been split.
struct SplitLoops {
  MLIRContext *context;
  SmallVector<int64_t> ranges;
  SmallVector<utils::IteratorType> iterators;
  llvm::SmallDenseMap<unsigned, std::pair<unsigned, int64_t>> inner; ///< channel loop to (its inner loop, block)

  SplitLoops(linalg::GenericOp op, ArrayRef<unsigned> channels, int64_t wanted)
      : context(op.getContext()), ranges(op.getStaticLoopRanges()), iterators(op.getIteratorTypesArray()) {
    // Reduced loops first, so that the vector is innermost.
    for (auto kind : {utils::IteratorType::reduction, utils::IteratorType::parallel})
      for (unsigned loop : channels) {
        if (op.getIteratorTypesArray()[loop] != kind)
          continue;
        int64_t block = blockOf(ranges[loop], wanted);
        inner[loop] = {static_cast<unsigned>(ranges.size()), block};
        ranges[loop] /= block;
        ranges.push_back(block);
        iterators.push_back(kind);
      }
  }

  AffineExpr expand(AffineExpr expression) const {
    llvm::DenseMap<AffineExpr, AffineExpr> replacement;
    for (auto &[loop, split] : inner) {
      AffineExpr outer = getAffineDimExpr(loop, context);
      replacement[outer] = outer * split.second + getAffineDimExpr(split.first, context);
    }
    return expression.replace(replacement);
  }
  AffineMap plain(AffineMap map) const {
    SmallVector<AffineExpr> results;
    for (AffineExpr result : map.getResults())
      results.push_back(expand(result));
    return AffineMap::get(ranges.size(), 0, results, context);
  }
  AffineMap blocked(AffineMap map) const {
    SmallVector<AffineExpr> results;
    for (AffineExpr result : map.getResults())
      results.push_back(expand(result));
    auto channel = dyn_cast<AffineDimExpr>(map.getResult(1));
    results[1] = map.getResult(1);
    results.push_back(channel ? getAffineDimExpr(inner.lookup(channel.getPosition()).first, context)
                              : getAffineConstantExpr(0, context));
    return AffineMap::get(ranges.size(), 0, results, context);
  }
};

class LayoutRewriter {
public:
  LayoutRewriter(Block &block, int64_t wanted) : block(block), wanted(wanted), images(findImages(block)), builder(block.getParentOp()) {}

  void run() {
    SmallVector<Operation *> ops;
    for (Operation &op : block)
      ops.push_back(&op);
    for (Operation *op : ops) {
      builder.setInsertionPoint(op);
      if (!convert(op))
        keepPlain(op);
    }
    for (Operation *op : llvm::reverse(replaced))
      op->erase();
  }

  int64_t copies = 0;
  int64_t imageCount() const { return images.size(); }

private:
  bool isImage(Value value) const { return images.contains(value); }

  /// The image in blocks; copied there when it was computed plain.
  Value blockedOf(Value value, Location loc) {
    Value &known = blocked[value];
    if (known)
      return known;
    auto type = cast<RankedTensorType>(value.getType()), to = blockedType(type, wanted);
    if (auto empty = value.getDefiningOp<tensor::EmptyOp>())
      return blocked[value] = createEmpty(builder, loc, to);
    ++copies;
    return blocked[value] = createCopy(builder, loc, value, plainOfBlocked(to), to, builder.getMultiDimIdentityMap(5));
  }

  /// (n, co, h, w, ci) -> (n, co * b + ci, h, w)
  AffineMap plainOfBlocked(RankedTensorType type) {
    AffineExpr n, outer, h, w, inner;
    bindDims(builder.getContext(), n, outer, h, w, inner);
    return AffineMap::get(5, 0, {n, outer * type.getDimSize(4) + inner, h, w}, builder.getContext());
  }

  /// The plain image; copied back when it was computed in blocks.
  Value plainOf(Value value, Location loc) {
    if (!value.getDefiningOp() || !replacedSet.contains(value.getDefiningOp()))
      return value;
    Value &known = plain[value];
    if (!known) {
      ++copies;
      Value from = blocked.lookup(value);
      auto type = cast<RankedTensorType>(from.getType());
      known = createCopy(builder, loc, from, builder.getMultiDimIdentityMap(5), cast<RankedTensorType>(value.getType()),
                         plainOfBlocked(type));
    }
    return known;
  }

  /// An op that does not take part: all it uses is plain.
  void keepPlain(Operation *op) {
    op->walk([&](Operation *inner) {
      for (OpOperand &operand : inner->getOpOperands())
        if (operand.get().getParentBlock() == &block)
          operand.set(plainOf(operand.get(), op->getLoc()));
    });
  }

  void replace(Operation *op) {
    replaced.push_back(op);
    replacedSet.insert(op);
  }

  bool convert(Operation *op) {
    Location loc = op->getLoc();
    if (auto generic = dyn_cast<linalg::GenericOp>(op))
      return convertGeneric(generic);
    if (op->getNumResults() != 1 || !isImage(op->getResult(0)))
      return false;
    Value result = op->getResult(0);
    if (isa<tensor::EmptyOp>(op)) {
      (void)blockedOf(result, loc);
      replace(op);
      return true;
    }
    if (auto fill = dyn_cast<linalg::FillOp>(op)) {
      blocked[result] = linalg::FillOp::create(builder, loc, fill.getInputs(), blockedOf(fill.getDpsInits()[0], loc)).getResult(0);
      replace(op);
      return true;
    }
    auto spread = [&](ArrayRef<int64_t> values, int64_t outer, int64_t last) {
      return getAsIndexOpFoldResult(builder.getContext(), {values[0], outer, values[2], values[3], last});
    };
    if (auto insert = dyn_cast<tensor::InsertSliceOp>(op); insert && keepsChannels(insert)) {
      Value source = blockedOf(insert.getSource(), loc);
      auto type = cast<RankedTensorType>(source.getType());
      blocked[result] = tensor::InsertSliceOp::create(builder, loc, source, blockedOf(insert.getDest(), loc),
                                                      spread(insert.getStaticOffsets(), 0, 0),
                                                      spread(insert.getStaticSizes(), type.getDimSize(1), type.getDimSize(4)),
                                                      spread({1, 1, 1, 1}, 1, 1));
      replace(op);
      return true;
    }
    if (auto extract = dyn_cast<tensor::ExtractSliceOp>(op); extract && keepsChannels(extract)) {
      Value source = blockedOf(extract.getSource(), loc);
      auto type = blockedType(extract.getType(), wanted);
      blocked[result] = tensor::ExtractSliceOp::create(builder, loc, type, source, spread(extract.getStaticOffsets(), 0, 0),
                                                       spread(extract.getStaticSizes(), type.getDimSize(1), type.getDimSize(4)),
                                                       spread({1, 1, 1, 1}, 1, 1));
      replace(op);
      return true;
    }
    return false;
  }

  bool convertGeneric(linalg::GenericOp op) {
    SmallVector<unsigned> channels;
    SmallVector<int64_t> ranges = op.getStaticLoopRanges();
    bool any = false;
    for (OpOperand &operand : op->getOpOperands()) {
      if (!isImage(operand.get()))
        continue;
      any = true;
      AffineExpr channel = op.getMatchingIndexingMap(&operand).getResult(1);
      int64_t size = cast<RankedTensorType>(operand.get().getType()).getDimSize(1);
      if (auto loop = dyn_cast<AffineDimExpr>(channel)) {
        if (ranges[loop.getPosition()] != size)
          return false;
        if (!llvm::is_contained(channels, loop.getPosition()))
          channels.push_back(loop.getPosition());
      } else if (size != 1 || channel != getAffineConstantExpr(0, op.getContext())) {
        return false;
      }
    }
    if (!any)
      return false;
    SplitLoops loops(op, channels, wanted);
    Location loc = op.getLoc();
    // What the body captures is read by position.
    for (Operation &inner : op.getRegion().front())
      keepPlain(&inner);
    bool packs = op.getNumReductionLoops() > 0 && op.getNumDpsInputs() > 1;
    SmallVector<Value> inputs, inits;
    SmallVector<AffineMap> maps, unpackMaps;
    SmallVector<Type> types;
    for (OpOperand &operand : op->getOpOperands()) {
      AffineMap map = op.getMatchingIndexingMap(&operand);
      bool isInit = op.isDpsInit(&operand), image = isImage(operand.get());
      Value value = image ? blockedOf(operand.get(), loc) : plainOf(operand.get(), loc);
      map = image ? loops.blocked(map) : loops.plain(map);
      AffineMap unpack;
      if (!image && packs && map.getNumResults() >= 4 && !map.isProjectedPermutation() &&
          (isInit || !op.getMatchingBlockArgument(&operand).use_empty()))
        value = pack(loc, value, map, loops, isInit, unpack);
      maps.push_back(map);
      (isInit ? inits : inputs).push_back(value);
      if (!isInit)
        continue;
      types.push_back(value.getType());
      unpackMaps.push_back(unpack);
    }
    auto made = linalg::GenericOp::create(builder, loc, types, inputs, inits, maps, loops.iterators);
    IRMapping mapping;
    op.getRegion().cloneInto(&made.getRegion(), mapping);
    splitIndices(made, loops);
    for (auto [number, init] : llvm::enumerate(op.getDpsInits())) {
      Value old = op.getResult(number), result = made.getResult(number);
      if (isImage(init)) {
        blocked[old] = result;
        continue;
      }
      if (unpackMaps[number]) {
        ++copies;
        auto rank = cast<RankedTensorType>(result.getType()).getRank();
        result = createCopy(builder, loc, result, builder.getMultiDimIdentityMap(rank), cast<RankedTensorType>(old.getType()),
                            unpackMaps[number]);
      }
      old.replaceAllUsesWith(result);
    }
    replace(op);
    return true;
  }

  /// The operand with one dimension for each loop that it is used by, in the order of the loops. `map` becomes its map;
  /// `unpack` tells the plain element of each packed one.
  Value pack(Location loc, Value value, AffineMap &map, const SplitLoops &loops, bool isInit, AffineMap &unpack) {
    MLIRContext *context = builder.getContext();
    SmallVector<AffineExpr> used, renamed(loops.ranges.size(), getAffineConstantExpr(0, context));
    SmallVector<int64_t> shape;
    for (unsigned loop = 0; loop < loops.ranges.size(); ++loop)
      if (map.isFunctionOfDim(loop)) {
        renamed[loop] = getAffineDimExpr(used.size(), context);
        used.push_back(getAffineDimExpr(loop, context));
        shape.push_back(loops.ranges[loop]);
      }
    unpack = map.replaceDimsAndSymbols(renamed, {}, used.size(), 0);
    map = AffineMap::get(loops.ranges.size(), 0, used, context);
    auto type = cast<RankedTensorType>(value.getType()).clone(shape);
    if (auto fill = value.getDefiningOp<linalg::FillOp>(); fill && isInit)
      return linalg::FillOp::create(builder, loc, fill.getInputs(), createEmpty(builder, loc, type)).getResult(0);
    ++copies;
    return createCopy(builder, loc, value, unpack, type, builder.getMultiDimIdentityMap(shape.size()));
  }

  void splitIndices(linalg::GenericOp op, const SplitLoops &loops) {
    SmallVector<linalg::IndexOp> indices(op.getRegion().front().getOps<linalg::IndexOp>());
    for (linalg::IndexOp index : indices) {
      auto split = loops.inner.find(index.getDim());
      if (split == loops.inner.end())
        continue;
      OpBuilder nested(index->getContext());
      nested.setInsertionPointAfter(index);
      Location loc = index.getLoc();
      Value block = arith::ConstantIndexOp::create(nested, loc, split->second.second);
      Value scaled = arith::MulIOp::create(nested, loc, index, block);
      Value inner = linalg::IndexOp::create(nested, loc, split->second.first);
      Value whole = arith::AddIOp::create(nested, loc, scaled, inner);
      index.getResult().replaceAllUsesExcept(whole, scaled.getDefiningOp());
    }
  }

  Block &block;
  int64_t wanted;
  llvm::DenseSet<Value> images;
  OpBuilder builder;
  llvm::DenseMap<Value, Value> blocked, plain;
  SmallVector<Operation *> replaced;
  llvm::DenseSet<Operation *> replacedSet;
};

struct AssignLayout : tally::impl::AssignLayoutBase<AssignLayout> {
  using AssignLayoutBase::AssignLayoutBase;

  void runOnOperation() override {
    for (Operation *body : findBodies(getOperation())) {
      LayoutRewriter rewriter(body->getRegion(0).front(), block);
      rewriter.run();
      images += rewriter.imageCount();
      copies += rewriter.copies;
    }
  }
};
} // namespace

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --assign-layout.
#include "BlockedImages.h"
#include "Copies.h"
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

/// The image by its blocks: the channel's inner loop is a dimension behind all others.
static AffineMap blockedMap(AffineMap map, const SplitLoops &loops) {
  SmallVector<AffineExpr> results(loops.apply(map).getResults());
  auto channel = dyn_cast<AffineDimExpr>(map.getResult(1));
  results[1] = map.getResult(1);
  results.push_back(channel ? loops.innerOf(channel.getPosition()) : getAffineConstantExpr(0, loops.context));
  return AffineMap::get(loops.ranges.size(), 0, results, loops.context);
}

namespace {
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
    return blocked[value] = createCopy(builder, loc, value, plainOfBlocked(to), to, builder.getMultiDimIdentityMap(to.getRank()));
  }

  /// (n, co, h, w, ci) -> (n, co * b + ci, h, w)
  AffineMap plainOfBlocked(RankedTensorType type) {
    int64_t last = type.getRank() - 1;
    SmallVector<AffineExpr> results;
    for (int64_t dimension = 0; dimension < last; ++dimension)
      results.push_back(builder.getAffineDimExpr(dimension));
    results[1] = results[1] * type.getDimSize(last) + builder.getAffineDimExpr(last);
    return AffineMap::get(type.getRank(), 0, results, builder.getContext());
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
      known = createCopy(builder, loc, from, builder.getMultiDimIdentityMap(type.getRank()), cast<RankedTensorType>(value.getType()),
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
      SmallVector<int64_t> all(values);
      all[1] = outer;
      all.push_back(last);
      return getAsIndexOpFoldResult(builder.getContext(), all);
    };
    SmallVector<int64_t> ones(cast<RankedTensorType>(result.getType()).getRank(), 1);
    if (auto insert = dyn_cast<tensor::InsertSliceOp>(op); insert && keepsChannels(insert)) {
      Value source = blockedOf(insert.getSource(), loc);
      auto type = cast<RankedTensorType>(source.getType());
      auto sizes = spread(insert.getStaticSizes(), type.getDimSize(1), type.getShape().back());
      blocked[result] = tensor::InsertSliceOp::create(builder, loc, source, blockedOf(insert.getDest(), loc),
                                                      spread(insert.getStaticOffsets(), 0, 0), sizes, spread(ones, 1, 1));
      replace(op);
      return true;
    }
    if (auto extract = dyn_cast<tensor::ExtractSliceOp>(op); extract && keepsChannels(extract)) {
      Value source = blockedOf(extract.getSource(), loc);
      auto type = blockedType(extract.getType(), wanted);
      auto sizes = spread(extract.getStaticSizes(), type.getDimSize(1), type.getShape().back());
      blocked[result] = tensor::ExtractSliceOp::create(builder, loc, type, source, spread(extract.getStaticOffsets(), 0, 0), sizes,
                                                       spread(ones, 1, 1));
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
    SmallVector<Value> inputs, inits;
    SmallVector<AffineMap> maps;
    for (OpOperand &operand : op->getOpOperands()) {
      AffineMap map = op.getMatchingIndexingMap(&operand);
      bool image = isImage(operand.get());
      maps.push_back(image ? blockedMap(map, loops) : loops.apply(map));
      (op.isDpsInit(&operand) ? inits : inputs).push_back(image ? blockedOf(operand.get(), loc) : plainOf(operand.get(), loc));
    }
    auto made = linalg::GenericOp::create(builder, loc, ValueRange(inits).getTypes(), inputs, inits, maps, loops.iterators);
    IRMapping mapping;
    op.getRegion().cloneInto(&made.getRegion(), mapping);
    splitIndices(made, loops);
    for (auto [number, init] : llvm::enumerate(op.getDpsInits())) {
      Value old = op.getResult(number), result = made.getResult(number);
      if (isImage(init))
        blocked[old] = result;
      else
        old.replaceAllUsesWith(result);
    }
    replace(op);
    return true;
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
    int64_t wanted = wantedBlock(getOperation(), block);
    for (Operation *body : findBodies(getOperation())) {
      LayoutRewriter rewriter(body->getRegion(0).front(), wanted);
      rewriter.run();
      images += rewriter.imageCount();
      copies += rewriter.copies;
    }
  }
};
} // namespace

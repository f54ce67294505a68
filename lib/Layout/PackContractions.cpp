// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --pack-contractions.
#include "Contraction.h"
#include "Copies.h"
#include "SplitLoops.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "tally/Layout/Passes.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_PACKCONTRACTIONS
#include "tally/Layout/Passes.h.inc"
} // namespace tally

/// The loop that is the last dimension of a map, if it is one alone.
static std::optional<unsigned> lastLoop(AffineMap map) {
  if (map.getNumResults() != 0)
    if (auto last = dyn_cast<AffineDimExpr>(map.getResults().back()))
      return last.getPosition();
  return std::nullopt;
}

/// The loop whose steps the lanes of a vector are: M or N, so that the other operand is the same in all lanes. Best is one that the
/// result has last; then the innermost one that an operand has last; then the longest. A short one is none where the products can be
/// summed in lanes instead.
static std::optional<unsigned> vectorLoopOf(const Contraction &contraction, ArrayRef<int64_t> ranges, int64_t vector) {
  linalg::GenericOp op = contraction.op;
  auto isFree = [&](std::optional<unsigned> loop) {
    return loop && (contraction.roles[*loop] == LoopRole::M || contraction.roles[*loop] == LoopRole::N);
  };
  std::optional<unsigned> a = lastLoop(op.getMatchingIndexingMap(contraction.a)),
                          b = lastLoop(op.getMatchingIndexingMap(contraction.b)),
                          c = lastLoop(op.getMatchingIndexingMap(contraction.c)), best;
  if (isFree(c) && ranges[*c] >= vector)
    return c;
  if (a && a == b && contraction.roles[*a] == LoopRole::K && ranges[*a] >= vector)
    return std::nullopt;
  for (std::optional<unsigned> loop : {a, b})
    if (isFree(loop) && (!best || *loop > *best))
      best = loop;
  if (best || isFree(c))
    return best ? best : c;
  for (unsigned loop = 0; loop < ranges.size(); ++loop)
    if (isFree(loop) && ranges[loop] >= vector && (!best || ranges[loop] > ranges[*best]))
      best = loop;
  return best;
}

namespace {
/// An operand with one dimension for each loop that it is used by.
struct Packing {
  AffineMap map;    ///< from the loops to the packed element
  AffineMap unpack; ///< from the packed element to the plain one
  SmallVector<int64_t> shape;

  /// `map`: of the plain operand. The vector comes last.
  Packing(AffineMap plain, ArrayRef<int64_t> ranges, unsigned vector) {
    MLIRContext *context = plain.getContext();
    SmallVector<AffineExpr> used, renamed(ranges.size(), getAffineConstantExpr(0, context));
    auto add = [&](unsigned loop) {
      renamed[loop] = getAffineDimExpr(used.size(), context);
      used.push_back(getAffineDimExpr(loop, context));
      shape.push_back(ranges[loop]);
    };
    for (unsigned loop = 0; loop < ranges.size(); ++loop)
      if (loop != vector && plain.isFunctionOfDim(loop))
        add(loop);
    if (plain.isFunctionOfDim(vector))
      add(vector);
    unpack = plain.replaceDimsAndSymbols(renamed, {}, used.size(), 0);
    map = AffineMap::get(ranges.size(), 0, used, context);
  }

  RankedTensorType typeOf(Value value) const { return cast<RankedTensorType>(value.getType()).clone(shape); }
};

class Packer {
public:
  Packer(int64_t block, int64_t leastReuse) : block(block), leastReuse(leastReuse) {}

  void pack(linalg::GenericOp op) {
    std::optional<Contraction> contraction = matchContraction(op);
    if (!contraction || !op.hasPureTensorSemantics() || llvm::any_of(op.getStaticLoopRanges(), ShapedType::isDynamic))
      return;
    SmallVector<int64_t> ranges = op.getStaticLoopRanges();
    std::optional<unsigned> vector = vectorLoopOf(*contraction, ranges, std::max<int64_t>(block / 2, 1));
    if (!vector)
      return;
    OpOperand *along = contraction->a, *other = contraction->b;
    if (contraction->roles[*vector] == LoopRole::N)
      std::swap(along, other);
    llvm::SmallDenseSet<OpOperand *> packed;
    if (isPackable(*along) && (lastLoop(mapOf(*along)) != vector || (ranges[*vector] > block && panelLength(*contraction, *along) >= 64)))
      packed.insert(along);
    if (isPackable(*contraction->c) && lastLoop(mapOf(*contraction->c)) != vector)
      packed.insert(contraction->c);
    // The reduction walks through it in steps of one.
    if (auto last = lastLoop(mapOf(*other)); isPackable(*other) && last && contraction->roles[*last] == LoopRole::Batch)
      packed.insert(other);
    if (!packed.empty())
      rewrite(op, *vector, packed);
  }

  int64_t packs = 0;

private:
  static AffineMap mapOf(OpOperand &operand) { return cast<linalg::GenericOp>(operand.getOwner()).getMatchingIndexingMap(&operand); }

  /// How many steps of the reduction read the operand along the vector.
  static int64_t panelLength(const Contraction &contraction, OpOperand &operand) {
    int64_t length = 1;
    for (auto [loop, range] : llvm::enumerate(linalg::GenericOp(contraction.op).getStaticLoopRanges()))
      if (contraction.roles[loop] == LoopRole::K && mapOf(operand).isFunctionOfDim(loop))
        length *= range;
    return length;
  }

  /// True where a copy repeats no element (as it would of what a window slides over), and is small beside the products.
  bool isPackable(OpOperand &operand) const {
    int64_t used = 1, all = 1;
    for (auto [loop, range] : llvm::enumerate(cast<linalg::GenericOp>(operand.getOwner()).getStaticLoopRanges())) {
      all *= range;
      used *= mapOf(operand).isFunctionOfDim(loop) ? range : 1;
    }
    return used == cast<RankedTensorType>(operand.get().getType()).getNumElements() && all / used >= leastReuse;
  }

  void rewrite(linalg::GenericOp op, unsigned vector, const llvm::SmallDenseSet<OpOperand *> &packed) {
    OpBuilder builder(op);
    Location loc = op.getLoc();
    int64_t size = op.getStaticLoopRanges()[vector];
    SmallVector<unsigned> split;
    if (blockOf(size, block) != size)
      split.push_back(vector);
    SplitLoops loops(op, split, block);
    unsigned lanes = split.empty() ? vector : loops.inner.lookup(vector).first;
    SmallVector<Value> inputs, inits;
    SmallVector<AffineMap> maps;
    AffineMap unpack;
    for (OpOperand &each : op->getOpOperands()) {
      AffineMap map = loops.apply(op.getMatchingIndexingMap(&each));
      Value value = each.get();
      bool isResult = op.isDpsInit(&each);
      if (packed.contains(&each)) {
        Packing packing(map, loops.ranges, lanes);
        map = packing.map;
        value = isResult ? packResult(builder, loc, value, packing) : packOperand(builder, loc, value, packing);
        if (isResult)
          unpack = packing.unpack;
      }
      maps.push_back(map);
      (isResult ? inits : inputs).push_back(value);
    }
    auto made = linalg::GenericOp::create(builder, loc, ValueRange(inits).getTypes(), inputs, inits, maps, loops.iterators);
    made.getRegion().takeBody(op.getRegion());
    Value product = made.getResult(0);
    if (unpack)
      product = copy(builder, loc, product, builder.getMultiDimIdentityMap(unpack.getNumDims()),
                   cast<RankedTensorType>(op.getResult(0).getType()), unpack);
    op.getResult(0).replaceAllUsesWith(product);
    op.erase();
  }

  Value copy(OpBuilder &builder, Location loc, Value from, AffineMap fromMap, RankedTensorType type, AffineMap toMap) {
    ++packs;
    return createCopy(builder, loc, from, fromMap, type, toMap);
  }

  /// One copy for all products that read the operand in the same order.
  Value packOperand(OpBuilder &builder, Location loc, Value value, const Packing &packing) {
    RankedTensorType type = packing.typeOf(value);
    Value &known = copies[{value, {packing.unpack, type}}];
    if (!known)
      known = copy(builder, loc, value, packing.unpack, type, builder.getMultiDimIdentityMap(type.getRank()));
    return known;
  }

  Value packResult(OpBuilder &builder, Location loc, Value value, const Packing &packing) {
    RankedTensorType type = packing.typeOf(value);
    if (auto fill = value.getDefiningOp<linalg::FillOp>())
      return linalg::FillOp::create(builder, loc, fill.getInputs(), createEmpty(builder, loc, type)).getResult(0);
    return copy(builder, loc, value, packing.unpack, type, builder.getMultiDimIdentityMap(type.getRank()));
  }

  int64_t block, leastReuse;
  llvm::DenseMap<std::pair<Value, std::pair<AffineMap, Type>>, Value> copies;
};

struct PackContractions : tally::impl::PackContractionsBase<PackContractions> {
  using PackContractionsBase::PackContractionsBase;

  void runOnOperation() override {
    llvm::MapVector<Block *, SmallVector<linalg::GenericOp>> ops;
    getOperation()->walk([&](linalg::GenericOp op) { ops[op->getBlock()].push_back(op); });
    for (auto &[body, products] : ops) {
      Packer packer(wantedBlock(getOperation(), block), leastReuse);
      for (linalg::GenericOp op : products)
        packer.pack(op);
      packs += packer.packs;
    }
  }
};
} // namespace

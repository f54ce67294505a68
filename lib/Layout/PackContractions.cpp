// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --pack-contractions.
#include "Contraction.h"
#include "Copies.h"
#include "SplitLoops.h"
#include "mlir/Analysis/FlatLinearValueConstraints.h"
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

/// The dimension of an operand that is a loop alone, in no other dimension.
static std::optional<unsigned> plainDimension(AffineMap map, unsigned loop) {
  std::optional<unsigned> found;
  for (auto [dimension, expression] : llvm::enumerate(map.getResults())) {
    if (!expression.isFunctionOfDim(loop))
      continue;
    if (found || !isa<AffineDimExpr>(expression))
      return std::nullopt;
    found = dimension;
  }
  return found;
}

namespace {
/// How a product gets the order of matrix registers: pairs along a reduced loop lie side by side, in `other` all of them.
struct Pairs {
  unsigned vector, loop;
  OpOperand *along, *other;
  unsigned dimension; ///< of `other` that the loop is
};

/// An operand with one dimension for each loop that it is used by.
struct Packing {
  AffineMap map;    ///< from the loops to the packed element
  AffineMap unpack; ///< from the packed element to the plain one
  SmallVector<int64_t> shape;

  /// `plain`: of the plain operand. The loops of `last` come last, in this order.
  Packing(AffineMap plain, ArrayRef<int64_t> ranges, ArrayRef<unsigned> last) {
    MLIRContext *context = plain.getContext();
    SmallVector<AffineExpr> used, renamed(ranges.size(), getAffineConstantExpr(0, context));
    auto add = [&](unsigned loop) {
      renamed[loop] = getAffineDimExpr(used.size(), context);
      used.push_back(getAffineDimExpr(loop, context));
      shape.push_back(ranges[loop]);
    };
    for (unsigned loop = 0; loop < ranges.size(); ++loop)
      if (!llvm::is_contained(last, loop) && plain.isFunctionOfDim(loop))
        add(loop);
    for (unsigned loop : last)
      if (plain.isFunctionOfDim(loop))
        add(loop);
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
    if (std::optional<Pairs> pairs = findPairs(*contraction, ranges)) {
      llvm::SmallDenseSet<OpOperand *> packed{pairs->along};
      if (isPackable(*contraction->c) && lastLoop(mapOf(*contraction->c)) != pairs->vector)
        packed.insert(contraction->c);
      return rewrite(op, pairs->vector, packed, pairs);
    }
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

  /// True where a copy repeats no element (as it would of what a window slides over), and is small beside the products. It may take a
  /// part, as of the taps that one phase of a strided gradient reads; a result is all of it.
  bool isPackable(OpOperand &operand) const {
    auto op = cast<linalg::GenericOp>(operand.getOwner());
    AffineMap map = mapOf(operand);
    int64_t used = 1, all = 1;
    for (auto [loop, range] : llvm::enumerate(op.getStaticLoopRanges())) {
      all *= range;
      int64_t dimensions = llvm::count_if(map.getResults(), [&, loop = loop](AffineExpr result) { return result.isFunctionOfDim(loop); });
      if (dimensions > 1)
        return false;
      used *= dimensions ? range : 1;
    }
    int64_t elements = cast<RankedTensorType>(operand.get().getType()).getNumElements();
    if (used != elements &&
        (used > elements || op.isDpsInit(&operand) || llvm::any_of(map.getResults(), [&](AffineExpr result) {
           return !repeatsNothing(result, op.getStaticLoopRanges());
         })))
      return false;
    return all / used >= leastReuse;
  }

  /// True where no two iterations meet in one value of the expression: what a loop steps by is more than what those below it reach.
  static bool repeatsNothing(AffineExpr expression, ArrayRef<int64_t> ranges) {
    SmallVector<int64_t> strides;
    if (failed(getFlattenedAffineExpr(expression, ranges.size(), 0, &strides)) || strides.size() != ranges.size() + 1)
      return false;
    SmallVector<std::pair<int64_t, int64_t>> steps; // stride and range
    for (auto [stride, range] : llvm::zip(strides, ranges))
      if (stride && range > 1)
        steps.push_back({std::abs(stride), range});
    llvm::sort(steps);
    int64_t reach = 0;
    for (auto [stride, range] : steps) {
      if (stride <= reach)
        return false;
      reach += stride * (range - 1);
    }
    return true;
  }

  /// For a target with matrix registers or lanes that sum two products: the vector is a loop of an operand that can be packed, the pairs are of a reduced loop by which
  /// the other operand is contiguous, or else can be made so.
  std::optional<Pairs> findPairs(const Contraction &contraction, ArrayRef<int64_t> ranges) const {
    linalg::GenericOp op = contraction.op;
    TargetAttr target = targetOf(op);
    int64_t leastSteps = target.getMatrixRows() ? 8 : 2;
    auto isNarrow = [](OpOperand *operand) { return getElementTypeOrSelf(operand->get().getType()).isBF16(); };
    if (!target.multipliesBf16() || !isNarrow(contraction.a) || !isNarrow(contraction.b))
      return std::nullopt;
    for (OpOperand *each : {contraction.c, contraction.a, contraction.b}) {
      std::optional<unsigned> vector = lastLoop(mapOf(*each));
      if (!vector || (contraction.roles[*vector] != LoopRole::M && contraction.roles[*vector] != LoopRole::N))
        continue;
      bool isM = contraction.roles[*vector] == LoopRole::M;
      OpOperand *along = isM ? contraction.a : contraction.b, *other = isM ? contraction.b : contraction.a;
      if (!isPackable(*along))
        continue;
      std::optional<Pairs> best;
      for (unsigned loop = 0; loop < ranges.size(); ++loop) {
        std::optional<unsigned> dimension = plainDimension(mapOf(*other), loop);
        if (contraction.roles[loop] != LoopRole::K || !dimension || ranges[loop] % 2 || ranges[loop] < leastSteps)
          continue;
        bool isLast = lastLoop(mapOf(*other)) == loop;
        if (!best || isLast || (ranges[loop] > ranges[best->loop] && lastLoop(mapOf(*other)) != best->loop))
          best = Pairs{*vector, loop, along, other, *dimension};
      }
      if (best)
        return best;
    }
    return std::nullopt;
  }

  void rewrite(linalg::GenericOp op, unsigned vector, const llvm::SmallDenseSet<OpOperand *> &packed,
               std::optional<Pairs> pairs = std::nullopt) {
    OpBuilder builder(op);
    Location loc = op.getLoc();
    int64_t size = op.getStaticLoopRanges()[vector];
    SmallVector<unsigned> split;
    if (blockOf(size, block) != size)
      split.push_back(vector);
    SplitLoops loops(op, split, block);
    SmallVector<unsigned> last{split.empty() ? vector : loops.inner.lookup(vector).first};
    if (pairs) {
      loops.split(pairs->loop, 2);
      last.push_back(loops.inner.lookup(pairs->loop).first);
    }
    SmallVector<Value> inputs, inits;
    SmallVector<AffineMap> maps;
    AffineMap unpack;
    for (OpOperand &each : op->getOpOperands()) {
      AffineMap map = loops.apply(op.getMatchingIndexingMap(&each));
      Value value = each.get();
      bool isResult = op.isDpsInit(&each);
      if (pairs && &each == pairs->other) {
        std::tie(value, map) = moveLast(builder, loc, value, map, pairs->dimension);
      } else if (packed.contains(&each)) {
        Packing packing(map, loops.ranges, last);
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

  /// `value` with element from(d) at d; one copy for all products that read it in the same order.
  Value reordered(OpBuilder &builder, Location loc, Value value, AffineMap from, RankedTensorType type) {
    Value &known = copies[{value, {from, type}}];
    if (!known)
      known = copy(builder, loc, value, from, type, builder.getMultiDimIdentityMap(type.getRank()));
    return known;
  }

  Value packOperand(OpBuilder &builder, Location loc, Value value, const Packing &packing) {
    return reordered(builder, loc, value, packing.unpack, packing.typeOf(value));
  }

  /// The operand, and its map, with a dimension behind all others.
  std::pair<Value, AffineMap> moveLast(OpBuilder &builder, Location loc, Value value, AffineMap map, unsigned dimension) {
    auto type = cast<RankedTensorType>(value.getType());
    if (dimension + 1 == type.getRank())
      return {value, map};
    SmallVector<unsigned> order = llvm::to_vector(llvm::seq<unsigned>(0, type.getRank()));
    order.erase(order.begin() + dimension);
    order.push_back(dimension);
    AffineMap moved = AffineMap::getPermutationMap(order, builder.getContext());
    SmallVector<int64_t> shape = llvm::map_to_vector(order, [&](unsigned each) { return type.getDimSize(each); });
    return {reordered(builder, loc, value, inversePermutation(moved), type.clone(shape)), moved.compose(map)};
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

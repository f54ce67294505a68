// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --split-reductions: a long reduction becomes parts that threads share, and a sum of the parts.
#include "dialects/Tally/Tally.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "tally/Kernels/Passes.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_SPLITREDUCTIONS
#include "tally/Kernels/Passes.h.inc"
} // namespace tally

static int64_t elementsOf(Value value) {
  auto tensor = dyn_cast<RankedTensorType>(value.getType());
  return tensor ? tensor.getNumElements() : 1;
}

/// The fill that a reduced result starts from, and the op that combines: `old + x` from zero, or `max(old, x)`; null
/// where it is another form.
static std::pair<linalg::FillOp, Operation *> reductionOf(linalg::GenericOp op, OpOperand &init) {
  BlockArgument old = op.getMatchingBlockArgument(&init);
  Operation *combiner = op.getMatchingYieldValue(&init)->get().getDefiningOp();
  auto fill = init.get().getDefiningOp<linalg::FillOp>();
  if (!fill || !old.hasOneUse() || !isa_and_nonnull<arith::AddFOp, arith::MaximumFOp>(combiner) ||
      *old.user_begin() != combiner)
    return {};
  // Every part starts from it: what is added must be nothing.
  if (isa<arith::AddFOp>(combiner) && !matchPattern(fill.getInputs().front(), m_AnyZeroFloat()))
    return {};
  return {fill, combiner};
}

/// Dimension 0 of the tensor as two: [parts, rest].
static Value expand(OpBuilder &builder, Location loc, Value value, int64_t parts) {
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> shape{parts, type.getDimSize(0) / parts};
  llvm::append_range(shape, type.getShape().drop_front());
  SmallVector<ReassociationIndices> groups{{0, 1}};
  for (int64_t dimension = 1; dimension < type.getRank(); ++dimension)
    groups.push_back({dimension + 1});
  return tensor::ExpandShapeOp::create(builder, loc, type.clone(shape), value, groups);
}
static Value collapse(OpBuilder &builder, Location loc, Value value, RankedTensorType type) {
  SmallVector<ReassociationIndices> groups{{0, 1}};
  for (int64_t dimension = 1; dimension < type.getRank(); ++dimension)
    groups.push_back({dimension + 1});
  return tensor::CollapseShapeOp::create(builder, loc, type, value, groups);
}

namespace {
struct Splitter {
  linalg::GenericOp op;
  int64_t parts = 1;
  unsigned loop = 0; ///< the loop that is cut; dimension 0 of every operand that it indexes

  explicit Splitter(linalg::GenericOp op) : op(op) {}

  /// The first loop that some result is reduced over and that indexes operands in their first dimension only.
  bool chooseLoop() {
    for (unsigned candidate = 0; candidate < op.getNumLoops(); ++candidate) {
      bool reduces = false, fits = true;
      for (OpOperand &operand : op->getOpOperands()) {
        AffineMap map = op.getMatchingIndexingMap(&operand);
        if (!map.isFunctionOfDim(candidate)) {
          reduces |= op.isDpsInit(&operand);
          continue;
        }
        fits &= map.getResult(0) == getAffineDimExpr(candidate, op.getContext()) &&
                llvm::none_of(map.getResults().drop_front(),
                              [&](AffineExpr result) { return result.isFunctionOfDim(candidate); });
      }
      if (!reduces || !fits)
        continue;
      loop = candidate;
      return true;
    }
    return false;
  }

  bool isReduced(OpOperand &init) const {
    return !linalg::GenericOp(op).getMatchingIndexingMap(&init).isFunctionOfDim(loop);
  }

  /// Worth it where results alone give threads too little to share, or where each part of the operands stays in a
  /// cache.
  bool isWorthwhile(int64_t wanted, int64_t leastWork) {
    if (!chooseLoop() || !op.getRegion().getOps<linalg::IndexOp>().empty())
      return false;
    SmallVector<int64_t> ranges = op.getStaticLoopRanges();
    int64_t work = 1, inputs = 0, results = 0, smallest = std::numeric_limits<int64_t>::max();
    for (int64_t range : ranges) {
      if (ShapedType::isDynamic(range))
        return false;
      work *= range;
    }
    for (OpOperand *input : op.getDpsInputOperands())
      inputs += elementsOf(input->get());
    for (OpOperand &init : op.getDpsInitsMutable()) {
      if (!isReduced(init))
        continue;
      if (!reductionOf(op, init).first)
        return false;
      results += elementsOf(init.get());
      smallest = std::min(smallest, elementsOf(init.get()));
    }
    if (ranges[loop] < 2 || wanted < 2)
      return false;
    parts = std::min(wanted, ranges[loop]);
    while (ranges[loop] % parts)
      --parts;
    bool fewResults = smallest < 16 * wanted, smallResults = 2 * parts * results <= inputs;
    return parts > 1 && work >= leastWork && (fewResults || smallResults);
  }

  /// An undefined tensor, dimension 0 as [parts, rest].
  Value createDivided(OpBuilder &builder, Location loc, RankedTensorType type) const {
    SmallVector<int64_t> shape{parts, type.getDimSize(0) / parts};
    llvm::append_range(shape, type.getShape().drop_front());
    return tensor::EmptyOp::create(builder, loc, shape, type.getElementType());
  }

  AffineMap withPart(AffineMap map) const {
    MLIRContext *context = map.getContext();
    // The loop of the parts comes first.
    map = map.shiftDims(1);
    SmallVector<AffineExpr> results(map.getResults());
    if (map.isFunctionOfDim(loop + 1))
      results.insert(results.begin(), getAffineDimExpr(0, context));
    return AffineMap::get(map.getNumDims(), 0, results, context);
  }

  void split() {
    OpBuilder builder(op);
    Location loc = op.getLoc();
    MLIRContext *context = builder.getContext();
    SmallVector<Value> inputs, inits;
    SmallVector<AffineMap> maps;
    auto divided = [&](Value value, AffineMap map) {
      return map.isFunctionOfDim(loop) ? expand(builder, loc, value, parts) : value;
    };
    for (OpOperand *operand : op.getDpsInputOperands()) {
      AffineMap map = op.getMatchingIndexingMap(operand);
      inputs.push_back(divided(operand->get(), map));
      maps.push_back(withPart(map));
    }
    for (OpOperand &init : op.getDpsInitsMutable()) {
      AffineMap map = op.getMatchingIndexingMap(&init);
      maps.push_back(withPart(map));
      auto type = cast<RankedTensorType>(init.get().getType());
      if (!isReduced(init)) {
        // Elements that are computed beside the reduction.
        bool undefined = init.get().getDefiningOp<tensor::EmptyOp>() != nullptr;
        inits.push_back(undefined ? createDivided(builder, loc, type) : divided(init.get(), map));
        continue;
      }
      SmallVector<int64_t> shape{parts};
      llvm::append_range(shape, type.getShape());
      Value empty = tensor::EmptyOp::create(builder, loc, shape, type.getElementType());
      inits.push_back(
          linalg::FillOp::create(builder, loc, reductionOf(op, init).first.getInputs(), empty).getResult(0));
      SmallVector<AffineExpr> results(maps.back().getResults());
      results.insert(results.begin(), getAffineDimExpr(0, context));
      maps.back() = AffineMap::get(maps.back().getNumDims(), 0, results, context);
    }
    SmallVector<utils::IteratorType> iterators{utils::IteratorType::parallel};
    llvm::append_range(iterators, op.getIteratorTypesArray());
    auto made = linalg::GenericOp::create(builder, loc, ValueRange(inits).getTypes(), inputs, inits, maps, iterators);
    IRMapping mapping;
    op.getRegion().cloneInto(&made.getRegion(), mapping);
    SmallVector<Value> replacements;
    for (auto [number, init] : llvm::enumerate(op.getDpsInitsMutable())) {
      auto type = cast<RankedTensorType>(init.get().getType());
      Value result = made.getResult(number);
      replacements.push_back(isReduced(init) ? combineParts(builder, result, init)
                                             : collapse(builder, loc, result, type));
    }
    op->replaceAllUsesWith(replacements);
    op->erase();
  }

  /// result[...] = parts[0, ...] + parts[1, ...] + ..., in this order.
  Value combineParts(OpBuilder &builder, Value partial, OpOperand &init) {
    auto type = cast<RankedTensorType>(init.get().getType());
    MLIRContext *context = builder.getContext();
    unsigned rank = type.getRank();
    SmallVector<AffineExpr> kept, all{getAffineDimExpr(0, context)};
    for (unsigned dimension = 1; dimension <= rank; ++dimension)
      kept.push_back(getAffineDimExpr(dimension, context));
    llvm::append_range(all, kept);
    SmallVector<utils::IteratorType> iterators(rank + 1, utils::IteratorType::parallel);
    iterators.front() = utils::IteratorType::reduction;
    Operation *combiner = reductionOf(op, init).second;
    AffineMap partialMap = AffineMap::get(rank + 1, 0, all, context), map = AffineMap::get(rank + 1, 0, kept, context);
    return linalg::GenericOp::create(builder, op.getLoc(), type, partial, init.get(),
                                     ArrayRef<AffineMap>{partialMap, map}, iterators,
                                     [&](OpBuilder &nested, Location loc, ValueRange in) {
                                       Operation *combined = nested.clone(*combiner);
                                       combined->setOperands({in[1], in[0]});
                                       linalg::YieldOp::create(nested, loc, combined->getResults());
                                     })
        .getResult(0);
  }
};

struct SplitReductions : tally::impl::SplitReductionsBase<SplitReductions> {
  using SplitReductionsBase::SplitReductionsBase;

  void runOnOperation() override {
    TargetAttr target = targetOf(getOperation());
    SmallVector<linalg::GenericOp> ops;
    getOperation()->walk([&](linalg::GenericOp op) {
      if (op.hasPureTensorSemantics())
        ops.push_back(op);
    });
    for (linalg::GenericOp op : ops) {
      Splitter splitter(op);
      if (!splitter.isWorthwhile(target.getThreads(), target.getThreads() * target.getGrain()))
        continue;
      splitter.split();
      ++split;
    }
  }
};
} // namespace

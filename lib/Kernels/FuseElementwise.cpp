// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --fuse-elementwise: elementwise ops and reductions that pass over the same elements become one op.
#include "BlockOrder.h"
#include "dialects/Tally/Tally.h"
#include "dialects/Train/Train.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/IRMapping.h"
#include "tally/Kernels/Passes.h"
#include "tally/Support/Attribution.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_FUSEELEMENTWISE
#include "tally/Kernels/Passes.h.inc"
} // namespace tally

/// A map that tells all loops apart: the operand has one element for each iteration.
static bool coversLoops(AffineMap map) { return map.isPermutation(); }

/// Elementwise operations alone, so that a fused op is vectorized as its parts would be, on at least one operand that
/// has one element for each iteration. Windows never have one: their loops are told apart by no operand.
static bool isFusable(Operation *op) {
  auto generic = dyn_cast<linalg::GenericOp>(op);
  if (!generic || !generic.hasPureTensorSemantics() ||
      llvm::any_of(generic.getStaticLoopRanges(), ShapedType::isDynamic) ||
      llvm::none_of(generic.getIndexingMapsArray(), coversLoops))
    return false;
  return llvm::all_of(generic.getRegion().front().without_terminator(), [](Operation &inner) {
    return OpTrait::hasElementwiseMappableTraits(&inner) || isa<arith::ConstantOp, linalg::IndexOp>(inner);
  });
}

/// The result that `use` reads right where it was computed: same loops, same element.
static bool isPointwise(OpOperand &use, linalg::GenericOp producer, linalg::GenericOp consumer) {
  auto result = dyn_cast<OpResult>(use.get());
  if (!result || result.getOwner() != producer || !consumer.isDpsInput(&use))
    return false;
  AffineMap map = consumer.getMatchingIndexingMap(&use);
  return coversLoops(map) && producer.getIndexingMapMatchingResult(result) == map;
}

/// Whether each read of `producer` in `consumer` is pointwise.
static bool readsPointwise(linalg::GenericOp producer, linalg::GenericOp consumer) {
  WalkResult result = consumer->walk([&](Operation *inner) {
    for (OpOperand &operand : inner->getOpOperands())
      if (operand.get().getDefiningOp() == producer && (inner != consumer || !isPointwise(operand, producer, consumer)))
        return WalkResult::interrupt();
    return WalkResult::advance();
  });
  return !result.wasInterrupted();
}

/// Ops of a block that lie further apart are not joined, so that the time for a body grows with its size only.
static constexpr unsigned farthest = 4096;

/// Whether a result of `first` is read elsewhere than by `second` at the place where it is computed.
static bool isNeeded(OpOperand &init, linalg::GenericOp first, linalg::GenericOp second) {
  return !first.getMatchingBlockArgument(&init).use_empty() ||
         llvm::any_of(first.getTiedOpResult(&init).getUses(), [&](OpOperand &use) {
           return use.getOwner() != second || !isPointwise(use, first, second);
         });
}

/// Whether an operand of both as one op tells all loops apart. That of a broadcast which only a reduction reads would be gone.
static bool staysFusable(linalg::GenericOp first, linalg::GenericOp second) {
  auto covers = [](linalg::GenericOp op, OpOperand &operand) { return coversLoops(op.getMatchingIndexingMap(&operand)); };
  return llvm::any_of(first->getOpOperands(), [&](OpOperand &operand) {
           return covers(first, operand) && (!first.isDpsInit(&operand) || isNeeded(operand, first, second));
         }) || llvm::any_of(second->getOpOperands(), [&](OpOperand &operand) {
           return covers(second, operand) && !isPointwise(operand, first, second);
         });
}

namespace {
/// Fuses the ops of one block.
class Fuser {
public:
  Fuser(Block &block, size_t maxOperands) : block(block), order(block, farthest), maxOperands(maxOperands) {}

  int64_t run() {
    SmallVector<Operation *> work;
    for (Operation &op : block)
      if (isFusable(&op))
        work.push_back(&op);
    int64_t fused = 0;
    for (Operation *op : work) {
      while (linalg::GenericOp partner = findPartner(cast<linalg::GenericOp>(op))) {
        linalg::GenericOp merged = merge(partner, cast<linalg::GenericOp>(op));
        order.merge(partner, op, merged);
        done.erase(partner);
        op->erase();
        partner.erase();
        op = merged;
        ++fused;
      }
      done.insert(op);
    }
    if (fused)
      order.apply();
    return fused;
  }

private:
  /// An op already seen that passes over an operand of `op`, and that can run at the same time.
  linalg::GenericOp findPartner(linalg::GenericOp op) {
    for (OpOperand *operand : op.getDpsInputOperands()) {
      AffineMap map = op.getMatchingIndexingMap(operand);
      if (!coversLoops(map))
        continue;
      SmallVector<Operation *> candidates;
      if (Operation *producer = operand->get().getDefiningOp())
        candidates.push_back(producer);
      for (OpOperand &use : operand->get().getUses())
        if (use.getOwner() != op && done.contains(use.getOwner()))
          if (auto reader = cast<linalg::GenericOp>(use.getOwner());
              reader.isDpsInput(&use) && reader.getMatchingIndexingMap(&use) == map)
            candidates.push_back(reader);
      for (Operation *candidate : candidates)
        if (done.contains(candidate) && canMerge(cast<linalg::GenericOp>(candidate), op))
          return cast<linalg::GenericOp>(candidate);
    }
    return nullptr;
  }

  bool canMerge(linalg::GenericOp first, linalg::GenericOp second) {
    if (first.getStaticLoopRanges() != second.getStaticLoopRanges() || phaseOf(first.getLoc()) != phaseOf(second.getLoc()))
      return false;
    llvm::SmallDenseSet<Value> streams;
    for (linalg::GenericOp op : {first, second})
      for (OpOperand &operand : op->getOpOperands())
        if (coversLoops(op.getMatchingIndexingMap(&operand)))
          streams.insert(op.isDpsInit(&operand) ? op.getTiedOpResult(&operand) : operand.get());
    if (streams.size() > maxOperands)
      return false;
    if (order.isBefore(second, first))
      return !order.needs(first, second, /*direct=*/true);
    return readsPointwise(first, second) && staysFusable(first, second) && !order.needs(second, first, /*direct=*/false);
  }

  /// One op at the place of `second` that computes the results of both; a result of `first` that only `second` read is
  /// gone.
  linalg::GenericOp merge(linalg::GenericOp first, linalg::GenericOp second) {
    SmallVector<Value> inputs, inits;
    SmallVector<AffineMap> inputMaps, initMaps;
    SmallVector<OpResult> results;
    // The input of the merged op that stands for each operand; ~0: none, it is the value that `first` computes.
    auto addInput = [&](linalg::GenericOp op, OpOperand *operand) -> unsigned {
      AffineMap map = op.getMatchingIndexingMap(operand);
      for (auto [number, input] : llvm::enumerate(inputs))
        if (input == operand->get() && inputMaps[number] == map)
          return number;
      inputs.push_back(operand->get());
      inputMaps.push_back(map);
      return inputs.size() - 1;
    };
    SmallVector<unsigned> firstInputs, secondInputs;
    for (OpOperand *operand : first.getDpsInputOperands())
      firstInputs.push_back(addInput(first, operand));
    for (OpOperand *operand : second.getDpsInputOperands())
      secondInputs.push_back(isPointwise(*operand, first, second) ? ~0u : addInput(second, operand));
    for (linalg::GenericOp op : {first, second})
      for (OpOperand &init : op.getDpsInitsMutable()) {
        OpResult result = op.getTiedOpResult(&init);
        if (op == first && !isNeeded(init, first, second))
          continue;
        results.push_back(result);
        inits.push_back(init.get());
        initMaps.push_back(op.getMatchingIndexingMap(&init));
      }
    SmallVector<utils::IteratorType> iterators = first.getIteratorTypesArray();
    for (auto [merged, other] : llvm::zip_equal(iterators, second.getIteratorTypesArray()))
      if (other == utils::IteratorType::reduction)
        merged = other;

    OpBuilder builder(second);
    MLIRContext *context = builder.getContext();
    Location loc = FusedLoc::get(context, {second.getLoc(), first.getLoc()});
    SmallVector<AffineMap> maps = inputMaps;
    llvm::append_range(maps, initMaps);
    auto merged = linalg::GenericOp::create(builder, loc, ValueRange(inits).getTypes(), inputs, inits, maps, iterators);
    Block *body = builder.createBlock(&merged.getRegion());
    for (Value operand : merged->getOperands())
      body->addArgument(getElementTypeOrSelf(operand.getType()), loc);
    IRMapping mapping;
    auto inlineBody = [&](linalg::GenericOp op, ArrayRef<unsigned> inputNumbers) {
      for (auto [operand, number] : llvm::zip_equal(op.getDpsInputOperands(), inputNumbers)) {
        Value value = number == ~0u ? mapping.lookupOrDefault(yieldedFor(first, operand->get()))
                                    : Value(body->getArgument(number));
        mapping.map(op.getMatchingBlockArgument(operand), value);
      }
      for (OpOperand &init : op.getDpsInitsMutable())
        if (auto *place = llvm::find(results, op.getTiedOpResult(&init)); place != results.end())
          mapping.map(op.getMatchingBlockArgument(&init), body->getArgument(inputs.size() + (place - results.begin())));
      for (Operation &inner : op.getRegion().front().without_terminator())
        builder.clone(inner, mapping);
    };
    inlineBody(first, firstInputs);
    inlineBody(second, secondInputs);
    SmallVector<Value> yielded;
    for (OpResult result : results)
      yielded.push_back(mapping.lookupOrDefault(yieldedFor(cast<linalg::GenericOp>(result.getOwner()), result)));
    linalg::YieldOp::create(builder, loc, yielded);
    for (auto [old, result] : llvm::zip_equal(results, merged.getResults()))
      old.replaceUsesWithIf(result, [&](OpOperand &use) { return use.getOwner() != second; });
    return merged;
  }

  static Value yieldedFor(linalg::GenericOp op, Value result) {
    return op.getRegion().front().getTerminator()->getOperand(cast<OpResult>(result).getResultNumber());
  }

  Block &block;
  BlockOrder order;
  size_t maxOperands;
  llvm::DenseSet<Operation *> done; ///< fusable ops before the current one
};

struct FuseElementwise : tally::impl::FuseElementwiseBase<FuseElementwise> {
  using FuseElementwiseBase::FuseElementwiseBase;

  void runOnOperation() override {
    size_t maxOperands = targetOf(getOperation()).getStreams();
    for (Operation *body : findBodies(getOperation())) {
      Block &block = body->getRegion(0).front();
      // Of these nothing is asked: the gradient goes straight into its optimizer.
      for (auto update : llvm::make_early_inc_range(block.getOps<train::UpdateOp>()))
        if (update.isPlain()) {
          update.replaceAllUsesWith(update.getGradients());
          update.erase();
        }
      fused += Fuser(block, maxOperands).run();
    }
  }
};
} // namespace

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads a linalg.generic on memrefs as loops with linear accesses, and merges loops.
#include "LoopNest.h"
#include "mlir/Analysis/FlatLinearValueConstraints.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/TypeSwitch.h"
#include <numeric>

using namespace mlir;
using namespace tally;

/// The strides of an operand per loop, or failure.
static LogicalResult linearize(OpOperand &operand, linalg::GenericOp op, ArrayRef<int64_t> sizes, Access &access) {
  access.operand = operand.get();
  auto type = dyn_cast<MemRefType>(operand.get().getType());
  if (!type) {
    access.elementType = operand.get().getType();
    return success(!isa<ShapedType>(access.elementType));
  }
  access.elementType = type.getElementType();
  SmallVector<int64_t> strides;
  if (!type.hasStaticShape() || failed(type.getStridesAndOffset(strides, access.offset)) ||
      ShapedType::isDynamic(access.offset) || llvm::any_of(strides, ShapedType::isDynamic))
    return failure();
  access.strides.assign(sizes.size(), 0);
  AffineMap map = op.getMatchingIndexingMap(&operand);
  for (auto [expression, stride] : llvm::zip_equal(map.getResults(), strides)) {
    SmallVector<int64_t> flat;
    if (failed(getFlattenedAffineExpr(expression, map.getNumDims(), map.getNumSymbols(), &flat)) ||
        flat.size() != sizes.size() + 1)
      return failure();
    for (size_t loop = 0; loop < sizes.size(); ++loop)
      access.strides[loop] += flat[loop] * stride;
    access.offset += flat.back() * stride;
  }
  return success();
}

/// Loops that may make two iterations meet in one element of the output: stride 0, or strides that overlap.
static void markSharedLoops(const Access &output, ArrayRef<int64_t> sizes, SmallVectorImpl<bool> &parallel) {
  SmallVector<int> order;
  for (int loop = 0, e = sizes.size(); loop < e; ++loop) {
    if (sizes[loop] == 1)
      continue; // a single iteration meets no other
    if (output.stride(loop))
      order.push_back(loop);
    else
      parallel[loop] = false;
  }
  auto strideOf = [&](int loop) { return std::abs(output.strides[loop]); };
  llvm::sort(order, [&](int a, int b) { return strideOf(a) < strideOf(b); });
  SmallVector<int64_t> reach{0}; // of the loops before each one
  for (auto [place, loop] : llvm::enumerate(order)) {
    if (strideOf(loop) <= reach.back()) {
      // It meets those below it; but loops that together move less than what all others step by stay apart (a channel in a block).
      size_t first = place;
      int64_t step = strideOf(loop);
      do
        step = std::gcd(step, strideOf(order[--first]));
      while (first > 0 && reach[first] >= step);
      for (size_t shared = first; shared <= place; ++shared)
        parallel[order[shared]] = false;
    }
    reach.push_back(reach.back() + (sizes[loop] - 1) * strideOf(loop));
  }
}

static Combiner combinerOf(Value result, BlockArgument old) {
  Operation *op = result.getDefiningOp();
  if (!op || !old.hasOneUse() || *old.user_begin() != op)
    return Combiner::None;
  return llvm::TypeSwitch<Operation *, Combiner>(op)
      .Case<arith::AddFOp, arith::AddIOp>([](auto) { return Combiner::Add; })
      .Case<arith::MulFOp, arith::MulIOp>([](auto) { return Combiner::Multiply; })
      .Case<arith::MaximumFOp>([](auto) { return Combiner::Maximum; })
      .Case<arith::MinimumFOp>([](auto) { return Combiner::Minimum; })
      .Default(Combiner::None);
}

static void readBody(LoopNest &nest, llvm::SmallDenseSet<int> &indexed) {
  Block &body = nest.op.getRegion().front();
  for (Operation &op : body.without_terminator()) {
    if (auto index = dyn_cast<linalg::IndexOp>(op)) {
      indexed.insert(index.getDim());
      continue;
    }
    bool plain = OpTrait::hasElementwiseMappableTraits(&op) && op.getNumResults() == 1 &&
                 llvm::all_of(op.getOperandTypes(), VectorType::isValidElementType) &&
                 VectorType::isValidElementType(op.getResult(0).getType());
    nest.vectorizable &= plain || isa<arith::ConstantOp>(op);
    nest.bodySize += !isa<arith::ConstantOp>(op);
  }
  for (size_t input = 0; input < nest.inputs.size(); ++input)
    nest.readsInput.push_back(!body.getArgument(input).use_empty());
  Operation *yield = body.getTerminator();
  for (auto [position, output] : llvm::enumerate(nest.outputs)) {
    BlockArgument old = body.getArgument(nest.inputs.size() + position);
    nest.readsOutput.push_back(!old.use_empty());
    nest.combiners.push_back(combinerOf(yield->getOperand(position), old));
    // An element of one bit is a byte in memory; vectors would pack it.
    nest.vectorizable &= VectorType::isValidElementType(output.elementType) && !output.elementType.isInteger(1);
  }
  for (auto [input, reads] : llvm::zip_equal(nest.inputs, nest.readsInput))
    nest.vectorizable &= !reads || (VectorType::isValidElementType(input.elementType) && !input.elementType.isInteger(1));
}

/// True where stepping through `outer`, then `inner` is stepping through one loop.
static bool canMerge(const LoopNest &nest, int outer, int inner) {
  if (nest.parallel[outer] != nest.parallel[inner])
    return false;
  auto fits = [&](const Access &access) {
    return access.stride(outer) == access.stride(inner) * nest.sizes[inner];
  };
  for (auto [input, reads] : llvm::zip_equal(nest.inputs, nest.readsInput))
    if (reads && !fits(input))
      return false;
  return llvm::all_of(nest.outputs, fits);
}

void tally::removeLoop(LoopNest &nest, int loop) {
  for (int &origin : nest.originLoop)
    origin = origin == loop ? -1 : origin - (origin > loop);
  auto erase = [&](auto &list) { list.erase(list.begin() + loop); };
  erase(nest.sizes);
  erase(nest.parallel);
  for (auto *accesses : {&nest.inputs, &nest.outputs})
    for (Access &access : *accesses)
      if (!access.isScalar())
        erase(access.strides);
}

FailureOr<LoopNest> tally::analyzeLoopNest(linalg::GenericOp op) {
  LoopNest nest;
  nest.op = op;
  nest.sizes = op.getStaticLoopRanges();
  if (llvm::any_of(nest.sizes, ShapedType::isDynamic))
    return failure();
  nest.parallel.assign(nest.sizes.size(), true);
  for (int loop = 0; loop < nest.loops(); ++loop)
    nest.originLoop.push_back(loop);
  for (OpOperand &operand : op->getOpOperands())
    if (failed(linearize(operand, op, nest.sizes,
                         (op.isDpsInit(&operand) ? nest.outputs : nest.inputs).emplace_back())))
      return failure();
  for (const Access &output : nest.outputs)
    markSharedLoops(output, nest.sizes, nest.parallel);
  llvm::SmallDenseSet<int> indexed;
  readBody(nest, indexed);
  // Merging keeps counters that the body asks for.
  SmallVector<bool> pinned(nest.loops(), false);
  for (int loop : indexed)
    pinned[loop] = true;
  auto remove = [&](int loop) {
    removeLoop(nest, loop);
    pinned.erase(pinned.begin() + loop);
  };
  for (int loop = nest.loops() - 1; loop >= 0; --loop)
    if (nest.sizes[loop] == 1)
      remove(loop);
  auto mergeOnce = [&]() {
    for (int inner = nest.loops() - 1; inner >= 0; --inner)
      for (int outer = 0; outer < nest.loops(); ++outer)
        if (outer != inner && !pinned[outer] && !pinned[inner] && canMerge(nest, outer, inner)) {
          nest.sizes[inner] *= nest.sizes[outer];
          remove(outer);
          return true;
        }
    return false;
  };
  while (mergeOnce())
    ;
  return nest;
}

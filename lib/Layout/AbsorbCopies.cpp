// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --absorb-copies.
#include "Copies.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "tally/Interfaces/BodyOpInterface.h"
#include "tally/Layout/Passes.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_ABSORBCOPIES
#include "tally/Layout/Passes.h.inc"
} // namespace tally

static RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

/// A loop nest of parallel loops that moves the elements of one tensor; null for other ops.
static linalg::GenericOp asMove(Operation *op) {
  auto generic = dyn_cast_or_null<linalg::GenericOp>(op);
  if (!generic || !generic.hasPureTensorSemantics() || generic.getNumParallelLoops() != generic.getNumLoops() || generic.getNumDpsInits() != 1 ||
      generic.getNumDpsInputs() != 1)
    return nullptr;
  Operation *yield = generic.getRegion().front().getTerminator();
  return yield->getOperand(0) == generic.getRegionInputArgs().front() ? generic : nullptr;
}
static AffineMap readMap(linalg::GenericOp move) { return move.getIndexingMapsArray()[0]; }
static AffineMap writeMap(linalg::GenericOp move) { return move.getIndexingMapsArray()[1]; }

/// Every element of one tensor at its place in another one of the same size, which nothing was in before.
static bool isReorder(linalg::GenericOp move) {
  return move && typeOf(move.getInputs()[0]).getNumElements() == typeOf(move.getResult(0)).getNumElements() &&
         move.getOutputs()[0].getDefiningOp<tensor::EmptyOp>();
}

/// An op of parallel loops that computes each element of its results from elements alone, whatever the order.
static bool isAnyOrder(linalg::GenericOp op) {
  return op && op.hasPureTensorSemantics() && op.getNumParallelLoops() == op.getNumLoops() && op.getRegion().front().getOps<linalg::IndexOp>().empty() &&
         llvm::all_of(op.getDpsInitsMutable(), [&](OpOperand &init) {
           return op.getMatchingIndexingMap(&init).isIdentity() && op.getMatchingBlockArgument(&init).use_empty();
         });
}

/// `op` over other loops: with these inputs and maps, its results in tensors of type `result` in the order of the loops.
static linalg::GenericOp rebuild(OpBuilder &builder, linalg::GenericOp op, ValueRange inputs, ArrayRef<AffineMap> inputMaps, RankedTensorType shape) {
  SmallVector<Value> inits;
  for (Value result : op.getResults())
    inits.push_back(createEmpty(builder, op.getLoc(), shape.clone(typeOf(result).getElementType())));
  SmallVector<AffineMap> maps(inputMaps);
  maps.append(inits.size(), builder.getMultiDimIdentityMap(shape.getRank()));
  SmallVector<utils::IteratorType> iterators(shape.getRank(), utils::IteratorType::parallel);
  auto made = linalg::GenericOp::create(builder, op.getLoc(), ValueRange(inits).getTypes(), inputs, inits, maps, iterators);
  made.getRegion().takeBody(op.getRegion());
  return made;
}

/// The results of `op` go straight to where a reorder each puts them, all in one order.
static bool absorbReordersOfResults(linalg::GenericOp op) {
  SmallVector<linalg::GenericOp> moves;
  for (Value result : op.getResults()) {
    linalg::GenericOp move = result.hasOneUse() ? asMove(*result.user_begin()) : nullptr;
    if (!isReorder(move) || !writeMap(move).isIdentity() || move->getBlock() != op->getBlock() ||
        (!moves.empty() && (readMap(move) != readMap(moves.front()) || move.getType(0) != moves.front().getType(0))))
      return false;
    moves.push_back(move);
  }
  if (moves.empty())
    return false;
  OpBuilder builder(op);
  SmallVector<AffineMap> maps;
  for (OpOperand *input : op.getDpsInputOperands())
    maps.push_back(op.getMatchingIndexingMap(input).compose(readMap(moves.front())));
  SmallVector<Value> inputs(op.getInputs());
  linalg::GenericOp made = rebuild(builder, op, inputs, maps, typeOf(moves.front().getResult(0)));
  for (auto [move, result] : llvm::zip_equal(moves, made.getResults())) {
    move.getResult(0).replaceAllUsesWith(result);
    move.erase();
  }
  op.erase();
  return true;
}

/// The inputs of `op` are read where a reorder each found them, all in one order; what moves its results moves them from there.
static bool absorbReordersOfInputs(linalg::GenericOp op) {
  SmallVector<linalg::GenericOp> moves;
  for (OpOperand *input : op.getDpsInputOperands()) {
    linalg::GenericOp move = asMove(input->get().getDefiningOp());
    if (!isReorder(move) || !readMap(move).isIdentity() || !op.getMatchingIndexingMap(input).isIdentity() || !input->get().hasOneUse() ||
        (!moves.empty() && (writeMap(move) != writeMap(moves.front()) || move.getInputs()[0].getType() != moves.front().getInputs()[0].getType())))
      return false;
    moves.push_back(move);
  }
  if (moves.empty())
    return false;
  for (Operation *user : op->getUsers())
    if (linalg::GenericOp move = asMove(user); !move || !readMap(move).isIdentity() || llvm::is_contained(op->getResults(), move.getOutputs()[0]))
      return false;
  OpBuilder builder(op);
  AffineMap order = writeMap(moves.front());
  SmallVector<Value> inputs = llvm::map_to_vector(moves, [](linalg::GenericOp move) { return move.getInputs()[0]; });
  RankedTensorType shape = typeOf(inputs.front());
  SmallVector<AffineMap> maps(inputs.size(), builder.getMultiDimIdentityMap(shape.getRank()));
  linalg::GenericOp made = rebuild(builder, op, inputs, maps, shape);
  for (auto [old, result] : llvm::zip_equal(op.getResults(), made.getResults()))
    for (Operation *user : llvm::make_early_inc_range(old.getUsers())) {
      auto move = cast<linalg::GenericOp>(user);
      builder.setInsertionPoint(move);
      SmallVector<utils::IteratorType> iterators(shape.getRank(), utils::IteratorType::parallel);
      auto moved = linalg::GenericOp::create(builder, move.getLoc(), move.getResultTypes(), result, move.getOutputs(),
                                             {builder.getMultiDimIdentityMap(shape.getRank()), writeMap(move).compose(order)}, iterators);
      moved.getRegion().takeBody(move.getRegion());
      move.replaceAllUsesWith(moved);
      move.erase();
    }
  op.erase();
  for (linalg::GenericOp move : moves)
    move.erase();
  return true;
}

namespace {
struct AbsorbCopies : tally::impl::AbsorbCopiesBase<AbsorbCopies> {
  void runOnOperation() override {
    for (Operation *body : findBodies(getOperation())) {
      SmallVector<linalg::GenericOp> ops(body->getRegion(0).front().getOps<linalg::GenericOp>());
      llvm::erase_if(ops, [](linalg::GenericOp op) { return asMove(op) || !isAnyOrder(op); });
      for (linalg::GenericOp op : ops)
        if (absorbReordersOfResults(op) || absorbReordersOfInputs(op))
          ++absorbed;
    }
  }
};
} // namespace

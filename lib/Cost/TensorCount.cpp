// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The recount at the tensor level: trips times the scalar ops of each body, less the first op on each element of a sum.
#include "Accumulator.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "tally/Cost/BodyCount.h"
#include "tally/Support/ScalarOperation.h"

using namespace mlir;
using namespace tally;

static FailureOr<OpCount> countBlock(Block &block, Count trips) {
  OpCount count;
  for (Operation &op : block) {
    FailureOr<OpCount> one = countTensorOp(&op);
    if (failed(one))
      return failure();
    count += *one;
  }
  count *= trips;
  return count;
}

static FailureOr<OpCount> countLinalg(linalg::LinalgOp op) {
  Count trips = 1;
  for (int64_t range : op.getStaticLoopRanges()) {
    if (ShapedType::isDynamic(range))
      return op->emitOpError("cannot be counted: requires static loop ranges");
    trips *= range;
  }
  FailureOr<OpCount> count = countBlock(*op.getBlock(), trips);
  if (failed(count))
    return failure();
  for (OpOperand &init : op.getDpsInitsMutable())
    for (Operation *first : findFirstOps(op, init)) {
      FailureOr<Count> touched = countTouched(op, init);
      if (failed(touched))
        return failure();
      ScalarOperation scalar = *classifyScalarOperation(first);
      OpCount saved;
      saved.add(scalar.kind, scalar.type, *touched);
      *count -= saved;
    }
  return count;
}

static FailureOr<OpCount> countFor(scf::ForOp loop) {
  std::optional<llvm::APInt> trips = loop.getStaticTripCount();
  if (!trips)
    return loop.emitOpError("cannot be counted: requires constant bounds");
  return countBlock(*loop.getBody(), trips->getSExtValue());
}

/// Both branches must cost the same, or the number would depend on data.
static FailureOr<OpCount> countIf(scf::IfOp branch) {
  FailureOr<OpCount> yes = countBlock(*branch.thenBlock(), 1);
  FailureOr<OpCount> no = branch.elseBlock() ? countBlock(*branch.elseBlock(), 1) : FailureOr<OpCount>(OpCount());
  if (failed(yes) || failed(no))
    return failure();
  if (!(*yes == *no))
    return branch.emitOpError("cannot be counted: its branches cost ")
           << yes->total().str() << " and " << no->total().str() << " operations";
  return yes;
}

FailureOr<OpCount> tally::countTensorOp(Operation *op) {
  if (auto structured = dyn_cast<linalg::LinalgOp>(op))
    return countLinalg(structured);
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return countFor(loop);
  if (auto branch = dyn_cast<scf::IfOp>(op))
    return countIf(branch);
  if (auto generate = dyn_cast<tensor::GenerateOp>(op))
    if (generate.getType().hasStaticShape())
      return countBlock(generate.getBody().front(), generate.getType().getNumElements());
  if (auto pad = dyn_cast<tensor::PadOp>(op))
    return countBlock(pad.getRegion().front(), 1); // a constant, or it is refused below
  // What is left has no loop of its own: one operation, or one per element of a tensor.
  if (op->getNumRegions() != 0)
    return op->emitOpError("cannot be counted: its regions have no known number of trips");
  if (std::optional<ScalarOperation> scalar = classifyScalarOperation(op)) {
    OpCount count;
    auto shaped = dyn_cast<ShapedType>(op->getResult(0).getType());
    count.add(scalar->kind, scalar->type, shaped ? shaped.getNumElements() : 1);
    return count;
  }
  if (isUncountable(op) && !op->hasTrait<ZeroCost>())
    return op->emitOpError("cannot be counted: the counting rules do not know it");
  return OpCount();
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The arguments of kernels.
#include "tally/Kernels/KernelSignature.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tally;

bool tally::isKernel(func::FuncOp function) { return function->hasAttr(kernelAttribute); }

bool tally::isView(Operation *op) { return isa<tensor::CollapseShapeOp, tensor::ExpandShapeOp, tensor::ReshapeOp>(op); }

KernelSignature::KernelSignature(func::FuncOp kernel) {
  destinations = kernel.getNumResults();
  inputs = kernel.getNumArguments() - destinations;
}

bool tally::mayShare(func::FuncOp kernel, unsigned input, unsigned destination) {
  KernelSignature signature(kernel);
  Value from = kernel.getArgument(input), to = kernel.getArgument(signature.inputs + destination);
  if (from.getType() != to.getType() || !to.hasOneUse() || from.use_empty())
    return false;
  OpOperand &write = *to.use_begin();
  auto op = dyn_cast<linalg::LinalgOp>(write.getOwner());
  if (!op || !op.hasPureTensorSemantics() || op->getBlock() != &kernel.getBody().front() || !op.isDpsInit(&write))
    return false;
  // Nothing before or after the writing op may read the input.
  if (llvm::any_of(from.getUsers(), [&](Operation *user) { return user != op; }))
    return false;
  if (op.getNumParallelLoops() != op.getNumLoops() || !op.getMatchingIndexingMap(&write).isIdentity())
    return false;
  return llvm::all_of(from.getUses(), [&](OpOperand &use) {
    return op.isDpsInput(&use) && op.getMatchingIndexingMap(&use).isIdentity();
  });
}

std::pair<Value, Value> tally::makeParallel(func::FuncOp kernel, ArrayRef<func::CallOp> calls, int64_t n) {
  Type index = IndexType::get(kernel.getContext());
  Location loc = kernel.getLoc();
  for (unsigned i = 0; i < 2; ++i)
    (void)kernel.insertArgument(kernel.getNumArguments(), index, DictionaryAttr(), loc);
  kernel->setAttr(parallelAttribute, IntegerAttr::get(IntegerType::get(kernel.getContext(), 64), n));
  for (func::CallOp call : calls) {
    OpBuilder builder(call);
    Value bounds[] = {arith::ConstantIndexOp::create(builder, loc, 0), arith::ConstantIndexOp::create(builder, loc, n)};
    call->insertOperands(call->getNumOperands(), bounds);
  }
  unsigned count = kernel.getNumArguments();
  return {kernel.getArgument(count - 2), kernel.getArgument(count - 1)};
}

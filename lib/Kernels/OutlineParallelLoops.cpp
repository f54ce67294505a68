// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --outline-parallel-loops: parallel loops of kernels become functions of a range.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Transforms/RegionUtils.h"
#include "tally/Kernels/KernelSignature.h"
#include "tally/Kernels/Passes.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_OUTLINEPARALLELLOOPS
#include "tally/Kernels/Passes.h.inc"
} // namespace tally

/// The number of iterations of lower..upper by step, if they are constants.
static std::optional<int64_t> tripsOf(OpFoldResult lower, OpFoldResult upper, OpFoldResult step) {
  auto from = getConstantIntValue(lower), to = getConstantIntValue(upper), by = getConstantIntValue(step);
  if (!from || !to || !by || *by <= 0)
    return std::nullopt;
  return *to <= *from ? 0 : (*to - *from + *by - 1) / *by;
}

/// Operations that one run of the region executes, where the bounds of inner loops are known (1 where not).
static int64_t workOf(Region &region) {
  int64_t work = 0;
  for (Operation &op : region.getOps()) {
    int64_t inner = 0, trips = 1;
    for (Region &nested : op.getRegions())
      inner += workOf(nested);
    if (auto loop = dyn_cast<scf::ForOp>(op))
      trips = tripsOf(loop.getLowerBound(), loop.getUpperBound(), loop.getStep()).value_or(1);
    if (auto loop = dyn_cast<scf::ParallelOp>(op))
      for (auto [lower, upper, step] : llvm::zip_equal(loop.getLowerBound(), loop.getUpperBound(), loop.getStep()))
        trips *= tripsOf(lower, upper, step).value_or(1);
    work += 1 + inner * trips;
  }
  return work;
}

namespace {
struct OutlineParallelLoops : tally::impl::OutlineParallelLoopsBase<OutlineParallelLoops> {
  using OutlineParallelLoopsBase::OutlineParallelLoopsBase;

  void runOnOperation() override {
    for (auto kernel : llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>())) {
      if (!isKernel(kernel))
        continue;
      unsigned number = 0;
      for (auto loop : llvm::make_early_inc_range(kernel.getBody().front().getOps<scf::ParallelOp>()))
        if (loop.getNumResults() == 0)
          outline(kernel, loop, number);
    }
  }

private:
  void outline(func::FuncOp kernel, scf::ParallelOp loop, unsigned &number) {
    SmallVector<int64_t> trips;
    int64_t n = 1;
    for (auto [lower, upper, step] : llvm::zip_equal(loop.getLowerBound(), loop.getUpperBound(), loop.getStep())) {
      std::optional<int64_t> count = tripsOf(lower, upper, step);
      if (!count)
        return;
      trips.push_back(*count);
      n *= *count;
    }
    if (n < 2 || workOf(loop.getRegion()) * n < minimalWork)
      return;
    llvm::SetVector<Value> addresses;
    llvm::SetVector<Operation *> cloned;
    if (!collect(loop, addresses, cloned))
      return;

    // The function: for each i of lo..hi, the iteration of number i.
    Location loc = loop.getLoc();
    ImplicitLocOpBuilder builder(loc, kernel);
    SmallVector<Type> types = llvm::map_to_vector(addresses, [](Value value) { return value.getType(); });
    types.append(2, builder.getIndexType());
    auto part = func::FuncOp::create(builder, (kernel.getName() + "." + Twine(number++)).str(), builder.getFunctionType(types, {}));
    part.setPrivate();
    part->setAttr(parallelAttribute, builder.getI64IntegerAttr(n));
    Block *entry = part.addEntryBlock();
    builder.setInsertionPointToStart(entry);
    IRMapping mapping;
    for (auto [value, argument] : llvm::zip(addresses, entry->getArguments()))
      mapping.map(value, argument);
    for (Operation *op : cloned)
      builder.clone(*op, mapping);
    ValueRange range = entry->getArguments().take_back(2);
    auto each = scf::ForOp::create(builder, range[0], range[1], arith::ConstantIndexOp::create(builder, 1));
    func::ReturnOp::create(builder);
    builder.setInsertionPointToStart(each.getBody());
    Value rest = each.getInductionVar();
    for (unsigned i = trips.size(); i-- > 0;) {
      Value index = rest;
      if (i != 0) {
        Value size = arith::ConstantIndexOp::create(builder, trips[i]);
        index = arith::RemUIOp::create(builder, rest, size);
        rest = arith::DivUIOp::create(builder, rest, size);
      }
      Value scaled = arith::MulIOp::create(builder, index, mapping.lookup(loop.getStep()[i]));
      mapping.map(loop.getInductionVars()[i], arith::AddIOp::create(builder, scaled, mapping.lookup(loop.getLowerBound()[i])));
    }
    for (Operation &op : loop.getBody()->without_terminator())
      builder.clone(op, mapping);

    builder.setInsertionPoint(loop);
    SmallVector<Value> operands = addresses.takeVector();
    operands.push_back(arith::ConstantIndexOp::create(builder, 0));
    operands.push_back(arith::ConstantIndexOp::create(builder, n));
    func::CallOp::create(builder, part, operands);
    loop.erase();
  }

  /// What the loop uses from outside: addresses are passed, the rest is repeated inside.
  static bool collect(scf::ParallelOp loop, llvm::SetVector<Value> &addresses, llvm::SetVector<Operation *> &cloned) {
    llvm::SetVector<Value> captured;
    getUsedValuesDefinedAbove(loop.getRegion(), captured);
    captured.insert(loop->operand_begin(), loop->operand_end());
    return llvm::all_of(captured, [&](Value value) { return take(value, addresses, cloned); });
  }

  static bool take(Value value, llvm::SetVector<Value> &addresses, llvm::SetVector<Operation *> &cloned) {
    Operation *producer = value.getDefiningOp();
    if (!producer || isa<memref::AllocaOp>(producer)) {
      auto type = dyn_cast<MemRefType>(value.getType());
      if (!type || !type.hasStaticShape() || !type.getLayout().isIdentity())
        return false;
      addresses.insert(value);
      return true;
    }
    if (producer->getNumRegions() != 0 || !isMemoryEffectFree(producer))
      return false;
    if (!cloned.contains(producer)) {
      for (Value operand : producer->getOperands())
        if (!take(operand, addresses, cloned))
          return false;
      cloned.insert(producer);
    }
    return true;
  }
};
} // namespace

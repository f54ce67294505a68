// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --parallelize-kernels.
#include "Views.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "tally/Kernels/KernelSignature.h"
#include "tally/Vectorize/Passes.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_PARALLELIZEKERNELS
#include "tally/Vectorize/Passes.h.inc"
} // namespace tally

/// The ops of a kernel that do something, in runs: each parallel loop alone, the rest together. What computes values
/// only belongs to none.
static SmallVector<SmallVector<Operation *>> effectsOf(func::FuncOp kernel) {
  SmallVector<SmallVector<Operation *>> runs;
  bool open = false;
  for (Operation &op : kernel.getBody().front().without_terminator()) {
    if ((isMemoryEffectFree(&op) || isa<memref::LoadOp>(op)) && !isa<scf::ParallelOp>(op))
      continue;
    bool parallel = isa<scf::ParallelOp>(op);
    if (!open || parallel)
      runs.emplace_back();
    runs.back().push_back(&op);
    open = !parallel;
  }
  return runs;
}

static std::optional<int64_t> tripsOf(scf::ParallelOp loop) {
  auto constant = [](Value value) { return getConstantIntValue(OpFoldResult(value)); };
  if (loop.getNumLoops() != 1 || constant(loop.getLowerBound()[0]) != 0 || constant(loop.getStep()[0]) != 1)
    return std::nullopt;
  return constant(loop.getUpperBound()[0]);
}

/// Whether the runs can be functions of their own: no run uses a value of another, and a value that is loaded outside
/// of them is the same for all (nothing is stored to that argument).
static bool areIndependent(func::FuncOp kernel, ArrayRef<SmallVector<Operation *>> runs) {
  for (const auto &run : runs)
    for (Operation *op : run)
      for (Operation *user : op->getUsers())
        if (!llvm::is_contained(run, kernel.getBody().front().findAncestorOpInBlock(*user)))
          return false;
  llvm::SmallDenseSet<Value> stored;
  kernel.walk([&](Operation *op) {
    if (auto store = dyn_cast<memref::StoreOp>(op))
      stored.insert(rootOf(store.getMemRef()));
    if (auto store = dyn_cast<vector::StoreOp>(op))
      stored.insert(rootOf(store.getBase()));
  });
  return llvm::all_of(kernel.getBody().front().getOps<memref::LoadOp>(), [&](memref::LoadOp load) {
    Value root = rootOf(load.getMemRef());
    return isa<BlockArgument>(root) && !stored.contains(root);
  });
}

/// The parallel loop from begin to end, as a plain loop.
static void restrictTo(scf::ParallelOp loop, Value begin, Value end) {
  OpBuilder builder(loop);
  auto range = scf::ForOp::create(builder, loop.getLoc(), begin, end, loop.getStep()[0]);
  Block &from = loop.getRegion().front(), &to = *range.getBody();
  from.getArgument(0).replaceAllUsesWith(range.getInductionVar());
  to.getOperations().splice(to.begin(), from.getOperations(), from.begin(), std::prev(from.end()));
  loop.erase();
}

namespace {
struct ParallelizeKernels : tally::impl::ParallelizeKernelsBase<ParallelizeKernels> {
  void runOnOperation() override {
    // The calls of each kernel, found once.
    llvm::MapVector<StringAttr, SmallVector<func::CallOp>> calls;
    getOperation().walk([&](func::CallOp call) { calls[call.getCalleeAttr().getAttr()].push_back(call); });
    for (auto kernel : llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>()))
      if (isKernel(kernel) && !kernel->hasAttr(parallelAttribute))
        parallelize(kernel, calls[kernel.getSymNameAttr()]);
  }

private:
  void parallelize(func::FuncOp kernel, ArrayRef<func::CallOp> calls) {
    SmallVector<SmallVector<Operation *>> runs = effectsOf(kernel);
    bool anyParallel = llvm::any_of(runs, [](auto &run) { return isa<scf::ParallelOp>(run.front()); });
    WalkResult own = kernel.walk([](Operation *op) {
      return isa<memref::AllocaOp, memref::AllocOp>(op) ? WalkResult::interrupt() : WalkResult::advance();
    });
    if (!anyParallel || own.wasInterrupted())
      return;
    if (runs.size() == 1)
      return giveRange(kernel, calls);
    if (!areIndependent(kernel, runs))
      return;
    OpBuilder builder(kernel);
    SmallVector<func::FuncOp> parts;
    for (size_t number = 0; number < runs.size(); ++number) {
      func::FuncOp part = kernel.clone();
      part.setName((kernel.getName() + ".s" + std::to_string(number)).str());
      builder.insert(part);
      SmallVector<SmallVector<Operation *>> partRuns = effectsOf(part);
      for (auto [other, run] : llvm::enumerate(partRuns))
        if (other != number)
          for (Operation *op : llvm::reverse(run))
            op->erase();
      parts.push_back(part);
    }
    SmallVector<SmallVector<func::CallOp>> partCalls(parts.size());
    for (func::CallOp call : calls) {
      OpBuilder caller(call);
      for (auto [number, part] : llvm::enumerate(parts))
        partCalls[number].push_back(func::CallOp::create(caller, call.getLoc(), part, call.getOperands()));
      call.erase();
    }
    kernel.erase();
    for (auto [part, callsOfPart] : llvm::zip_equal(parts, partCalls))
      if (isa<scf::ParallelOp>(effectsOf(part).front().front()))
        giveRange(part, callsOfPart);
  }

  void giveRange(func::FuncOp kernel, ArrayRef<func::CallOp> calls) {
    auto loop = cast<scf::ParallelOp>(effectsOf(kernel).front().front());
    std::optional<int64_t> trips = tripsOf(loop);
    if (!trips)
      return;
    auto [begin, end] = makeParallel(kernel, calls, *trips);
    restrictTo(loop, begin, end);
    ++ranges;
  }
};
} // namespace

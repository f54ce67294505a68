// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --parallelize-kernels.
#include "KernelStages.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "tally/Kernels/KernelSignature.h"
#include "tally/Kernels/MeasureKernel.h"
#include "tally/Vectorize/Passes.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_PARALLELIZEKERNELS
#include "tally/Vectorize/Passes.h.inc"
} // namespace tally

static std::optional<int64_t> tripsOf(scf::ParallelOp loop) {
  auto constant = [](Value value) { return getConstantIntValue(OpFoldResult(value)); };
  if (loop.getNumLoops() != 1 || !loop.getInitVals().empty() || constant(loop.getLowerBound()[0]) != 0 ||
      constant(loop.getStep()[0]) != 1)
    return std::nullopt;
  return constant(loop.getUpperBound()[0]);
}

/// bound * trips / parts: the part [begin, end) of 0..parts, in iterations of a loop.
static Value scale(OpBuilder &builder, Location loc, Value bound, int64_t trips, int64_t parts) {
  if (trips == parts)
    return bound;
  Value product = arith::MulIOp::create(builder, loc, bound, arith::ConstantIndexOp::create(builder, loc, trips));
  return arith::DivUIOp::create(builder, loc, product, arith::ConstantIndexOp::create(builder, loc, parts));
}

/// A plain loop over the part [begin, end) of 0..parts: of the iterations of a parallel loop, or of the one execution of other ops.
static void restrictTo(ArrayRef<Operation *> run, Value begin, Value end, int64_t parts) {
  auto loop = dyn_cast<scf::ParallelOp>(run.front());
  int64_t trips = loop ? tripsOf(loop).value_or(0) : 0;
  OpBuilder builder(run.back());
  Location loc = run.front()->getLoc();
  Value from = scale(builder, loc, begin, std::max<int64_t>(trips, 1), parts), to = scale(builder, loc, end, std::max<int64_t>(trips, 1), parts);
  auto range = scf::ForOp::create(builder, loc, from, to, arith::ConstantIndexOp::create(builder, loc, 1));
  Operation *terminator = range.getBody()->getTerminator();
  if (trips == 0) {
    for (Operation *op : run)
      op->moveBefore(terminator);
    return;
  }
  Block &body = loop.getRegion().front();
  body.getArgument(0).replaceAllUsesWith(range.getInductionVar());
  range.getBody()->getOperations().splice(terminator->getIterator(), body.getOperations(), body.begin(), std::prev(body.end()));
  loop.erase();
}

namespace {
struct ParallelizeKernels : tally::impl::ParallelizeKernelsBase<ParallelizeKernels> {
  void runOnOperation() override {
    // The calls of each kernel, found once.
    llvm::MapVector<StringAttr, SmallVector<func::CallOp>> calls;
    getOperation().walk([&](func::CallOp call) { calls[call.getCalleeAttr().getAttr()].push_back(call); });
    for (auto kernel : getOperation().getOps<func::FuncOp>())
      if (isKernel(kernel))
        keepLayers(kernel, calls[kernel.getSymNameAttr()]);
    for (auto kernel : llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>()))
      if (isKernel(kernel) && !kernel.isExternal() && !kernel->hasAttr(parallelAttribute))
        parallelize(kernel, calls[kernel.getSymNameAttr()]);
  }

private:
  /// Equal kernels have become one: it works for the layers of all its calls.
  static void keepLayers(func::FuncOp kernel, ArrayRef<func::CallOp> calls) {
    SmallVector<Location> locations{kernel.getLoc()};
    for (func::CallOp call : calls)
      locations.push_back(call.getLoc());
    kernel->setLoc(FusedLoc::get(kernel.getContext(), locations));
  }

  void parallelize(func::FuncOp kernel, ArrayRef<func::CallOp> calls) {
    KernelStages stages(kernel);
    if (!stages.reason.empty())
      return keepSequential(kernel, stages.reason);
    if (stages.list.size() == 1)
      return giveRange(kernel, stages.list.front(), calls);
    OpBuilder builder(kernel);
    for (size_t number = 0; number < stages.list.size(); ++number) {
      func::FuncOp part = kernel.clone();
      part.setName((kernel.getName() + ".s" + std::to_string(number)).str());
      builder.insert(part);
      SmallVector<Stage> ofPart = KernelStages(part).list;
      for (auto [other, stage] : llvm::enumerate(ofPart))
        if (other != number)
          for (const Run &run : llvm::reverse(stage))
            for (Operation *op : llvm::reverse(run))
              op->erase();
      if (part->hasAttr(operationsAttribute))
        (void)measureKernel(part); // what can be counted as a whole can be in parts
      SmallVector<func::CallOp> callsOfPart;
      for (func::CallOp call : calls) {
        OpBuilder caller(call);
        callsOfPart.push_back(func::CallOp::create(caller, call.getLoc(), part, call.getOperands()));
      }
      giveRange(part, ofPart[number], callsOfPart);
    }
    for (func::CallOp call : calls)
      call.erase();
    kernel.erase();
  }

  void keepSequential(func::FuncOp kernel, StringRef reason) {
    kernel->setAttr(sequentialAttribute, StringAttr::get(&getContext(), reason));
    ++sequential;
  }

  void giveRange(func::FuncOp kernel, const Stage &stage, ArrayRef<func::CallOp> calls) {
    int64_t parts = 0;
    bool anyParallel = false;
    for (const Run &run : stage)
      if (auto loop = dyn_cast<scf::ParallelOp>(run.front())) {
        anyParallel = true;
        parts = std::max(parts, tripsOf(loop).value_or(0));
      }
    if (parts == 0)
      return keepSequential(kernel, anyParallel ? "no parallel loop has one dimension and constant bounds" : noParallelLoop);
    auto [begin, end] = makeParallel(kernel, calls, parts);
    for (const Run &run : stage)
      restrictTo(run, begin, end, parts);
    ++ranges;
  }
};
} // namespace

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --count-executions: kernels tell the runtime how often each of their blocks ran.
#include "RuntimeFunction.h"
#include "dialects/Train/Train.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "tally/Cost/LoopCounter.h"
#include "tally/Kernels/KernelSignature.h"
#include "tally/Target/Passes.h"
#include "tally/Target/ProgramObject.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_COUNTEXECUTIONS
#include "tally/Target/Passes.h.inc"
} // namespace tally

namespace {
struct CountExecutions : tally::impl::CountExecutionsBase<CountExecutions> {
  using CountExecutionsBase::CountExecutionsBase;

  void runOnOperation() override {
    LoopCounter counter(/*executed=*/true);
    SymbolTable symbols(getOperation());
    for (auto kernel : llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>()))
      if (isKernel(kernel) && !kernel.isExternal() && failed(count(kernel, counter, symbols)))
        return signalPassFailure();
    for (auto program : getOperation().getOps<train::ProgramOp>())
      program->setAttr(blocksAttribute, ArrayAttr::get(&getContext(), blocks));
  }

private:
  /// Counts in memory of its own, which several threads do not share, and adds up at the end.
  LogicalResult count(func::FuncOp kernel, LoopCounter &counter, SymbolTable &symbols) {
    SmallVector<Block *> counted;
    LogicalResult result = success();
    kernel.walk([&](Block *block) {
      LocatedCount count;
      if (failed(measure(*block, counter, count)))
        result = failure();
      if (!count.empty()) {
        counted.push_back(block);
        blocks.push_back(describe(kernel, count));
      }
    });
    if (failed(result) || counted.empty())
      return result;
    auto builder = ImplicitLocOpBuilder::atBlockBegin(kernel.getLoc(), &kernel.getBody().front());
    Value times = memref::AllocaOp::create(builder, MemRefType::get({static_cast<int64_t>(counted.size())}, builder.getI64Type()));
    Value zero = arith::ConstantIntOp::create(builder, 0, 64), one = arith::ConstantIntOp::create(builder, 1, 64);
    SmallVector<Value> places;
    for (size_t i = 0; i < counted.size(); ++i) {
      places.push_back(arith::ConstantIndexOp::create(builder, static_cast<int64_t>(i)));
      memref::StoreOp::create(builder, zero, times, places.back());
    }
    OpBuilder::InsertPoint behindZeros = builder.saveInsertionPoint();
    for (auto [block, place] : llvm::zip_equal(counted, places)) {
      if (block == behindZeros.getBlock())
        builder.restoreInsertionPoint(behindZeros);
      else
        builder.setInsertionPointToStart(block);
      Value before = memref::LoadOp::create(builder, times, place);
      Value after = arith::AddIOp::create(builder, before, one);
      memref::StoreOp::create(builder, after, times, place);
    }
    builder.setInsertionPoint(kernel.getBody().front().getTerminator());
    func::FuncOp add = declareRuntimeFunction(symbols, "tally_rt_count_block", 2);
    for (auto [number, place] : llvm::enumerate(places)) {
      Value block = arith::ConstantIntOp::create(builder, static_cast<int64_t>(blocks.size() - counted.size() + number), 64);
      Value ran = memref::LoadOp::create(builder, times, place);
      func::CallOp::create(builder, add, ValueRange{block, ran});
    }
    return success();
  }

  /// What one execution of a block computes, without the blocks inside of it.
  LogicalResult measure(Block &block, LoopCounter &counter, LocatedCount &count) {
    for (Operation &op : block) {
      if (op.getNumRegions() != 0 && !isa<LoopLikeOpInterface, RegionBranchOpInterface>(op))
        return op.emitOpError("cannot be counted where it runs: its regions are no loop and no branch");
      if (op.getNumRegions() == 0 && failed(counter.add(&op, 1, count)))
        return failure();
    }
    count.remove_if([](const auto &entry) { return entry.second == OpCount(); });
    return success();
  }

  Attribute describe(func::FuncOp kernel, const LocatedCount &count) {
    Builder builder(&getContext());
    llvm::MapVector<StringAttr, OpCount> layers;
    for (const auto &[location, number] : count)
      layers[builder.getStringAttr(layerOf(location))] += number;
    SmallVector<Attribute> costs;
    for (const auto &[layer, number] : layers) {
      NamedAttribute named = builder.getNamedAttr("layer", layer), operations = builder.getNamedAttr("operations", builder.getStringAttr(number.str()));
      costs.push_back(builder.getDictionaryAttr({named, operations}));
    }
    NamedAttribute name = builder.getNamedAttr("kernel", kernel.getSymNameAttr()), list = builder.getNamedAttr("costs", builder.getArrayAttr(costs));
    return builder.getDictionaryAttr({name, list});
  }

  SmallVector<Attribute> blocks;
};
} // namespace

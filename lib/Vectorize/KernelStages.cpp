// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The parts of a kernel that can run at the same time, from memory effects.
#include "KernelStages.h"
#include "Views.h"
#include "mlir/Dialect/AMX/AMXDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace tally;

namespace {
/// The buffers that ops read and write, seen from outside of them.
struct Effects {
  llvm::SmallDenseSet<Value> reads, writes;
  bool known = true; ///< false where an op may touch other memory

  void add(Operation *op) {
    op->walk([&](Operation *inner) {
      auto interface = dyn_cast<MemoryEffectOpInterface>(inner);
      if (!interface) {
        known &= inner->hasTrait<OpTrait::HasRecursiveMemoryEffects>();
        return;
      }
      SmallVector<MemoryEffects::EffectInstance> effects;
      interface.getEffects(effects);
      for (const MemoryEffects::EffectInstance &effect : effects)
        add(op, inner, effect);
    });
  }

  void add(Operation *op, Operation *inner, const MemoryEffects::EffectInstance &effect) {
    if (isa<MemoryEffects::Allocate, MemoryEffects::Free>(effect.getEffect()))
      return;
    if (!effect.getValue() || !isa<MemRefType>(effect.getValue().getType())) {
      // A matrix register, which is written for good so that no two become one, is no memory.
      known &= !effect.getValue() && isa<amx::TileZeroOp, amx::TileLoadOp>(inner);
      return;
    }
    Value root = rootOf(effect.getValue());
    if (Operation *owner = root.getDefiningOp(); owner && op->isProperAncestor(owner))
      return; // its own
    (isa<MemoryEffects::Read>(effect.getEffect()) ? reads : writes).insert(root);
  }

  void add(const Effects &other) {
    reads.insert_range(other.reads);
    writes.insert_range(other.writes);
    known &= other.known;
  }

  bool conflictsWith(const Effects &other) const {
    auto meet = [](const auto &a, const auto &b) { return llvm::any_of(a, [&](Value value) { return b.contains(value); }); };
    return !known || !other.known || meet(writes, other.writes) || meet(writes, other.reads) || meet(reads, other.writes);
  }
};
} // namespace

/// Only makes values: an allocation, or a load of what nothing in the kernel writes.
static bool isValue(Operation *op, const Effects &all) {
  if (isa<scf::ParallelOp>(op))
    return false;
  if (isMemoryEffectFree(op) || isa<memref::AllocaOp>(op))
    return true;
  auto load = dyn_cast<memref::LoadOp>(op);
  return load && all.known && !all.writes.contains(rootOf(load.getMemRef()));
}

/// Whether no run uses a value of another.
static bool passValues(Block &block, ArrayRef<Run> runs) {
  for (const Run &run : runs)
    for (Operation *op : run)
      for (Operation *user : op->getUsers())
        if (!llvm::is_contained(run, block.findAncestorOpInBlock(*user)))
          return true;
  return false;
}

KernelStages::KernelStages(func::FuncOp kernel) {
  Block &block = kernel.getBody().front();
  Effects all;
  for (Operation &op : block.without_terminator())
    all.add(&op);
  SmallVector<Run> runs;
  for (Operation &op : block.without_terminator()) {
    if (isValue(&op, all))
      continue;
    bool parallel = isa<scf::ParallelOp>(op);
    if (runs.empty() || parallel || isa<scf::ParallelOp>(runs.back().back()))
      runs.emplace_back();
    runs.back().push_back(&op);
  }
  if (runs.empty() || llvm::none_of(runs, [](const Run &run) { return isa<scf::ParallelOp>(run.front()); })) {
    reason = noParallelLoop;
    return;
  }
  if (!all.known) {
    reason = "an op may touch any memory";
    return;
  }
  if (passValues(block, runs)) {
    reason = "a loop needs a value of another";
    return;
  }
  Effects stage;
  for (const Run &run : runs) {
    Effects effects;
    for (Operation *op : run)
      effects.add(op);
    if (list.empty() || stage.conflictsWith(effects)) {
      list.emplace_back();
      stage = {};
    }
    list.back().push_back(run);
    stage.add(effects);
  }
  // Each stage would have a buffer of its own.
  auto isOwn = [](Value root) { return !isa<BlockArgument>(root); };
  if (list.size() > 1 && (llvm::any_of(all.reads, isOwn) || llvm::any_of(all.writes, isOwn)))
    reason = "loops share a buffer of the kernel";
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --measure-kernels: what one call of each kernel computes and moves.
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "tally/Cost/LoopCounter.h"
#include "tally/Kernels/KernelSignature.h"
#include "tally/Kernels/MeasureKernel.h"
#include "tally/Kernels/Passes.h"
#include "tally/Support/TypeSize.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_MEASUREKERNELS
#include "tally/Kernels/Passes.h.inc"
} // namespace tally

namespace {
/// The elements of each argument that a kernel reads and writes, as often as it does.
struct Accesses {
  llvm::DenseMap<Value, Count> read, written;

  void add(Block &block, Count times) {
    for (Operation &op : block) {
      if (auto effects = dyn_cast<MemoryEffectOpInterface>(op))
        add(effects, times);
      Count inner = times;
      if (auto loop = dyn_cast<LoopLikeOpInterface>(op))
        inner *= tripsOf(loop).value_or(1); // known of all loops that were counted
      for (Region &region : op.getRegions())
        for (Block &inside : region)
          add(inside, inner);
    }
  }

private:
  void add(MemoryEffectOpInterface op, Count times) {
    SmallVector<MemoryEffects::EffectInstance> effects;
    op.getEffects(effects);
    for (const MemoryEffects::EffectInstance &effect : effects) {
      Value place = effect.getValue();
      if (!place || !isa<MemRefType>(place.getType()))
        continue;
      while (auto view = place.getDefiningOp<ViewLikeOpInterface>())
        place = view.getViewSource();
      bool reads = isa<MemoryEffects::Read>(effect.getEffect());
      if (isa<BlockArgument>(place) && (reads || isa<MemoryEffects::Write>(effect.getEffect())))
        (reads ? read : written)[place] += times * elements(op, effect.getValue());
    }
  }

  /// Of one access: those of the vector or scalar that is loaded or stored, or all.
  static int64_t elements(Operation *op, Value place) {
    Type moved = op->getNumResults() ? op->getResult(0).getType() : op->getOperand(0).getType();
    if (isa<MemRefType>(moved))
      return cast<MemRefType>(place.getType()).getNumElements();
    auto shaped = dyn_cast<ShapedType>(moved);
    return shaped ? shaped.getNumElements() : 1;
  }
};

struct MeasureKernels : tally::impl::MeasureKernelsBase<MeasureKernels> {
  using MeasureKernelsBase::MeasureKernelsBase;

  void runOnOperation() override {
    for (auto kernel : getOperation().getOps<func::FuncOp>())
      if (isKernel(kernel) && failed(measureKernel(kernel)))
        return signalPassFailure();
  }
};
} // namespace

LogicalResult tally::measureKernel(func::FuncOp kernel) {
  LocatedCount count;
  LoopCounter counter;
  Block &block = kernel.getBody().front();
  for (Operation &op : block)
    if (failed(counter.add(&op, 1, count)))
      return failure();
  OpCount operations;
  for (const auto &[location, number] : count)
    operations += number;

  Accesses accesses;
  accesses.add(block, 1);
  int64_t read = 0, written = 0;
  for (Value argument : kernel.getArguments()) {
    auto type = dyn_cast<MemRefType>(argument.getType());
    if (!type || !type.hasStaticShape())
      continue;
    // What it writes it may read again: its own results, not what was there.
    bool writes = accesses.written.contains(argument);
    int64_t touched = (writes ? accesses.written : accesses.read).lookup(argument).saturated();
    int64_t each = sizeInBytes(MemRefType::get({1}, type.getElementType()));
    (writes ? written : read) += std::min(touched, type.getNumElements()) * each;
  }
  Builder builder(kernel.getContext());
  kernel->setAttr(operationsAttribute, builder.getI64IntegerAttr(operations.total().saturated()));
  kernel->setAttr(bytesAttribute, builder.getDenseI64ArrayAttr({read, written}));
  return success();
}

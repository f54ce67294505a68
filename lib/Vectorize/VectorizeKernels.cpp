// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --vectorize-kernels.
#include "LoopEmitter.h"
#include "ScheduleAttribute.h"
#include "Views.h"
#include "dialects/Tally/Tally.h"
#include "mlir/Dialect/AMX/AMXDialect.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Dialect/X86Vector/X86VectorDialect.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "tally/Vectorize/Passes.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_VECTORIZEKERNELS
#include "tally/Vectorize/Passes.h.inc"
} // namespace tally

/// The fill that the old content of `output` comes from, if only other fills stand between it and `op`.
static linalg::FillOp fillBefore(Operation *op, Value output) {
  for (Operation *before = op->getPrevNode(); before; before = before->getPrevNode()) {
    if (isMemoryEffectFree(before))
      continue;
    auto fill = dyn_cast<linalg::FillOp>(before);
    if (!fill)
      return nullptr;
    if (fill.getOutputs().front() == output)
      return fill;
    if (rootOf(fill.getOutputs().front()) == rootOf(output))
      return nullptr;
  }
  return nullptr;
}

/// Whether every element of `output`, whose loops meet no element twice, is written.
static bool coversOutput(const LoopNest &nest, const Access &output) {
  int64_t written = 1;
  for (int loop = 0; loop < nest.loops(); ++loop)
    if (output.stride(loop))
      written *= nest.sizes[loop];
  return written == cast<MemRefType>(output.operand.getType()).getNumElements();
}

/// All loops, and all elements of each operand, are known.
static bool hasStaticShapes(Operation *op) {
  return llvm::all_of(op->getOperandTypes(), [](Type type) {
    auto memref = dyn_cast<MemRefType>(type);
    return !isa<ShapedType>(type) || (memref && memref.hasStaticShape());
  });
}

namespace {
struct VectorizeKernels : tally::impl::VectorizeKernelsBase<VectorizeKernels> {
  using VectorizeKernelsBase::VectorizeKernelsBase;

  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    SmallVector<Operation *> work;
    forms.clear();
    WalkResult result = getOperation()->walk([&](Operation *op) {
      if (!isa<linalg::LinalgOp, memref::CopyOp>(op))
        return WalkResult::advance();
      if (!hasStaticShapes(op)) {
        op->emitOpError("requires memrefs of static shape to become loops");
        return WalkResult::interrupt();
      }
      work.push_back(op);
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      return signalPassFailure();
    // Backwards, so that a fill is still there when the op that starts from it is written.
    llvm::SmallPtrSet<Operation *, 16> erased;
    for (Operation *op : llvm::reverse(work))
      if (!erased.contains(op) && failed(rewrite(rewriter, op, erased)))
        return signalPassFailure();
    // Buffers that only told ranges of loops.
    getOperation()->walk([](memref::AllocaOp buffer) {
      if (buffer->use_empty())
        buffer->erase();
    });
  }

private:
  /// A function sets the forms of its matrix registers once: only one of its products can have them, or all of equal forms.
  bool fitsForms(Operation *op, const Schedule &schedule) {
    std::array<int64_t, 3> form{schedule.matrix->rows, schedule.lanes, schedule.matrix->pairs};
    return forms.try_emplace(op->getParentOfType<func::FuncOp>(), form).first->second == form;
  }

  /// `op` as a linalg.generic in its place; an error where there is none.
  static FailureOr<linalg::GenericOp> generalize(IRRewriter &rewriter, Operation *op) {
    if (auto generic = dyn_cast<linalg::GenericOp>(op))
      return generic;
    rewriter.setInsertionPoint(op);
    FailureOr<linalg::GenericOp> made = failure();
    if (auto copy = dyn_cast<memref::CopyOp>(op)) {
      made = linalg::makeMemRefCopyOp(rewriter, copy.getLoc(), copy.getSource(), copy.getTarget());
      if (succeeded(made))
        rewriter.eraseOp(op);
    } else {
      made = linalg::generalizeNamedOp(rewriter, cast<linalg::LinalgOp>(op));
    }
    if (failed(made))
      return op->emitOpError("requires a form as linalg.generic to become loops");
    return made;
  }

  /// Adds to `erased` the fills that the loops start from.
  LogicalResult rewrite(IRRewriter &rewriter, Operation *op, llvm::SmallPtrSetImpl<Operation *> &erased) {
    FailureOr<linalg::GenericOp> made = generalize(rewriter, op);
    if (failed(made))
      return failure();
    linalg::GenericOp generic = *made;
    rewriter.setInsertionPoint(generic);
    FailureOr<LoopNest> nest = analyzeLoopNest(generic);
    if (failed(nest)) {
      ++scalar;
      if (failed(linalg::linalgOpToLoops(rewriter, generic)))
        return generic.emitOpError("requires shapes that give its loops ranges");
      rewriter.eraseOp(generic);
      return success();
    }
    TargetAttr target = targetOf(generic);
    auto asked = generic->getAttrOfType<ScheduleAttr>(scheduleName);
    FailureOr<Schedule> found = asked ? readSchedule(*nest, asked) : chooseSchedule(*nest, target);
    if (failed(found))
      return failure();
    if (found->matrix && !fitsForms(generic, *found))
      found = chooseVectorSchedule(*nest, target);
    const Schedule &schedule = *found;
    SmallVector<Value> start(nest->outputs.size());
    for (auto [position, output] : llvm::enumerate(nest->outputs)) {
      if (!nest->readsOutput[position] || !usesStart(*nest, schedule, position))
        continue;
      if (linalg::FillOp fill = fillBefore(generic, output.operand)) {
        if (schedule.matrix && !matchPattern(fill.getInputs().front(), m_AnyZeroFloat()))
          continue; // matrix registers start at zero, or from memory
        start[position] = fill.getInputs().front();
        if (!coversOutput(*nest, output))
          continue;
        erased.insert(fill);
        rewriter.eraseOp(fill);
      }
    }
    LoopAccess access(rewriter, *nest, schedule);
    std::unique_ptr<Tile> tile = createTile(access, start, contract);
    // Each piece of a product in blocks reads the operands again: a few large ones read less.
    bool isBlocked = schedule.matrix && !schedule.blocks.empty();
    LoopEmitter(access, *tile, isBlocked ? llvm::divideCeil(target.getThreads(), 4) : target.getThreads()).emit();
    ++(schedule.vectorLoop >= 0 ? vectorized : scalar);
    rewriter.eraseOp(generic);
    return success();
  }

  llvm::DenseMap<Operation *, std::array<int64_t, 3>> forms; ///< of matrix registers, by function: rows, columns, pairs
};
} // namespace

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --bufferize-kernels: tensors inside kernels become their arguments.
#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "tally/Kernels/KernelSignature.h"
#include "tally/Kernels/Passes.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_BUFFERIZEKERNELS
#include "tally/Kernels/Passes.h.inc"
} // namespace tally

/// The memref below casts that do not change the address.
static Value addressOf(Value value) {
  while (auto cast = value.getDefiningOp<memref::CastOp>())
    value = cast.getSource();
  return value;
}

namespace {
struct BufferizeKernels : tally::impl::BufferizeKernelsBase<BufferizeKernels> {
  using BufferizeKernelsBase::BufferizeKernelsBase;

  void runOnOperation() override {
    bufferization::OneShotBufferizationOptions options;
    options.bufferizeFunctionBoundaries = false;
    options.allowUnknownOps = true;
    // Copies stay loops that every later pass understands.
    options.memCpyFn = [](OpBuilder &builder, Location loc, Value from, Value to) -> LogicalResult {
      linalg::CopyOp::create(builder, loc, from, to);
      return success();
    };
    bufferization::BufferizationState state;
    for (auto kernel : getOperation().getOps<func::FuncOp>()) {
      if (!isKernel(kernel))
        continue;
      if (failed(bufferization::runOneShotBufferize(kernel, options, state)) || failed(tidy(kernel)))
        return signalPassFailure();
    }
  }

private:
  /// Drops copies of a buffer to itself; small allocations go to the stack, there are no others.
  LogicalResult tidy(func::FuncOp kernel) {
    SmallVector<Operation *> dead;
    kernel.walk([&](linalg::CopyOp copy) {
      if (addressOf(copy.getInputs()[0]) == addressOf(copy.getOutputs()[0]))
        dead.push_back(copy);
    });
    for (Operation *op : dead)
      op->erase();
    WalkResult result = kernel.walk([&](memref::AllocOp alloc) {
      MemRefType type = alloc.getType();
      if (!type.hasStaticShape() || type.getNumElements() * 8 > stackBytes) {
        alloc.emitOpError("requires scratch memory that is not planned: ") << type;
        return WalkResult::interrupt();
      }
      OpBuilder builder(&kernel.getBody().front(), kernel.getBody().front().begin());
      Value place = memref::AllocaOp::create(builder, alloc.getLoc(), type, builder.getI64IntegerAttr(64));
      alloc.replaceAllUsesWith(place);
      alloc.erase();
      return WalkResult::advance();
    });
    return failure(result.wasInterrupted());
  }
};
} // namespace

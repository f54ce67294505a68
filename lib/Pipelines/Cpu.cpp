// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The line from the memory plan to LLVM for a CPU.
#include "mlir/Conversion/AffineToStandard/AffineToStandard.h"
#include "mlir/Conversion/ReconcileUnrealizedCasts/ReconcileUnrealizedCasts.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Func/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Transforms/Passes.h"
#include "tally/Kernels/Passes.h"
#include "tally/Pipelines/Pipelines.h"
#include "tally/Target/Passes.h"
#include "tally/Transforms/Passes.h"
#include "tally/Vectorize/Passes.h"

using namespace mlir;
using namespace tally;

static void buildBufferized(OpPassManager &manager, const LoweringOptions &options) {
  if (options.optimize != 0)
    manager.addPass(func::createDuplicateFunctionEliminationPass());
  manager.addPass(createBufferizeKernels());
  if (options.optimize != 0) {
    manager.addPass(createHoistSlices());
    manager.addPass(func::createDuplicateFunctionEliminationPass());
  }
}

static void buildBuffer(OpPassManager &manager, const LoweringOptions &options) {
  if (options.optimize == 0)
    manager.addNestedPass<func::FuncOp>(createConvertLinalgToLoopsPass());
  else
    manager.addPass(createVectorizeKernels());
  manager.addPass(createMeasureKernels());
  if (options.optimize != 0)
    manager.addPass(createParallelizeKernels());
  CheckLevelOptions level;
  level.buffer = true;
  manager.addPass(createCheckLevel(level));
}

static void buildLlvm(OpPassManager &manager, const LoweringOptions &options) {
  if (options.instrument)
    manager.addPass(createCountExecutions());
  ExpandPhiloxOptions philox;
  philox.inlineRounds = options.optimize != 0;
  manager.addPass(createExpandPhilox(philox));
  manager.addPass(createExpandProducts());
  manager.addPass(createTimeKernels());
  if (options.optimize != 0) {
    manager.addPass(createExpandMaximum());
    manager.addPass(createApproximateMath());
  }
  manager.addNestedPass<func::FuncOp>(memref::createExpandStridedMetadataPass());
  manager.addNestedPass<func::FuncOp>(createLowerAffinePass());
  manager.addNestedPass<func::FuncOp>(createSCFToControlFlowPass());
  manager.addNestedPass<func::FuncOp>(createCanonicalizerPass());
  manager.addPass(createConvertKernelsToLlvm());
  manager.addPass(createReconcileUnrealizedCastsPass());
  manager.addPass(createThreadKernels());
}

void tally::buildCpuBackend(OpPassManager &manager, const LoweringOptions &options, Level from, Level until) {
  auto covers = [&](Level stage) { return from < stage && stage <= until; };
  if (covers(Level::Bufferized))
    buildBufferized(manager, options);
  if (covers(Level::Buffer))
    buildBuffer(manager, options);
  if (covers(Level::Llvm))
    buildLlvm(manager, options);
}

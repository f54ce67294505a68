// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The line from the training level to LLVM for a CPU.
#include "mlir/Conversion/AffineToStandard/AffineToStandard.h"
#include "mlir/Conversion/ReconcileUnrealizedCasts/ReconcileUnrealizedCasts.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Func/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Transforms/Passes.h"
#include "tally/Conversion/Passes.h"
#include "tally/Kernels/Passes.h"
#include "tally/Layout/Passes.h"
#include "tally/Pipelines/Pipelines.h"
#include "tally/Target/Passes.h"
#include "tally/Transforms/Passes.h"
#include "tally/Vectorize/Passes.h"

using namespace mlir;
using namespace tally;

/// The contract that what follows relies on, so that a failure names the stage.
static void checkLevel(OpPassManager &manager, bool CheckLevelOptions::*level) {
  CheckLevelOptions options;
  options.*level = true;
  manager.addPass(createCheckLevel(options));
}

void tally::buildCpuPipeline(OpPassManager &manager, const CpuPipelineOptions &options, Level until) {
  if (until <= Level::Training)
    return;
  ConvertNnToLinalgOptions convert;
  convert.gatherWindows = options.optimize != 0;
  manager.addPass(createConvertNnToLinalg(convert));
  checkLevel(manager, &CheckLevelOptions::tensor);
  if (until == Level::Tensor)
    return;
  if (options.optimize != 0) {
    AssignLayoutOptions layout;
    layout.block = 2 * options.vectorBits / 32;
    manager.addPass(createAssignLayout(layout));
    PackContractionsOptions pack;
    pack.block = layout.block;
    manager.addPass(createPackContractions(pack));
    manager.addPass(createFuseElementwise());
    manager.addPass(createStorePadded());
    manager.addPass(createSplitReductions());
  }
  manager.addPass(createFormKernels());
  if (options.optimize != 0)
    manager.addPass(createGroupKernels());
  checkLevel(manager, &CheckLevelOptions::kernels);
  if (until == Level::Kernels)
    return;
  manager.addPass(createOrderStep());
  manager.addPass(createPlanMemory());
  if (options.optimize != 0)
    manager.addPass(func::createDuplicateFunctionEliminationPass());
  manager.addPass(createBufferizeKernels());
  if (until == Level::Planned)
    return;
  if (options.optimize == 0) {
    manager.addNestedPass<func::FuncOp>(createConvertLinalgToLoopsPass());
  } else {
    VectorizeKernelsOptions vectorize;
    vectorize.vectorBits = options.vectorBits;
    vectorize.registers = options.registers;
    manager.addPass(createVectorizeKernels(vectorize));
    manager.addPass(createParallelizeKernels());
  }
  checkLevel(manager, &CheckLevelOptions::buffer);
  if (until == Level::Buffer)
    return;
  ExpandPhiloxOptions philox;
  philox.inlineRounds = options.optimize != 0;
  manager.addPass(createExpandPhilox(philox));
  if (options.optimize != 0)
    manager.addPass(createApproximateMath());
  manager.addNestedPass<func::FuncOp>(memref::createExpandStridedMetadataPass());
  manager.addNestedPass<func::FuncOp>(createLowerAffinePass());
  manager.addNestedPass<func::FuncOp>(createSCFToControlFlowPass());
  manager.addNestedPass<func::FuncOp>(createCanonicalizerPass());
  manager.addPass(createConvertKernelsToLlvm());
  manager.addPass(createReconcileUnrealizedCastsPass());
  manager.addPass(createThreadKernels());
}

void tally::registerPipelines() {
  PassPipelineRegistration<>("pipeline-training", "from a program with requests to the training level", buildTrainingPipeline);
  PassPipelineRegistration<CpuPipelineOptions>(
      "pipeline-cpu", "from the training level to LLVM for a CPU, as tally build does",
      [](OpPassManager &manager, const CpuPipelineOptions &options) { buildCpuPipeline(manager, options); });
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The line from the training level to the memory plan, for any backend.
#include "mlir/Transforms/Passes.h"
#include "tally/Conversion/Passes.h"
#include "tally/Kernels/Passes.h"
#include "tally/Layout/Passes.h"
#include "tally/Pipelines/Pipelines.h"
#include "tally/Transforms/Passes.h"

using namespace mlir;
using namespace tally;

static void buildTensor(OpPassManager &manager, const LoweringOptions &options) {
  ConvertNnToLinalgOptions convert;
  convert.gatherWindows = options.optimize != 0;
  manager.addPass(createConvertNnToLinalg(convert));
  CheckLevelOptions level;
  level.tensor = true;
  manager.addPass(createCheckLevel(level));
}

static void buildKernels(OpPassManager &manager, const LoweringOptions &options) {
  if (options.optimize != 0) {
    manager.addPass(createWidenFactors());
    manager.addPass(createAssignLayout());
    manager.addPass(createPackContractions());
    manager.addPass(createAbsorbCopies());
    manager.addPass(createFuseElementwise());
    manager.addPass(createStorePadded());
    manager.addPass(createSplitReductions());
  }
  manager.addPass(createFormKernels());
  if (options.optimize != 0)
    manager.addPass(createGroupKernels());
  CheckLevelOptions level;
  level.kernels = true;
  manager.addPass(createCheckLevel(level));
}

static void buildPlan(OpPassManager &manager) {
  manager.addPass(createOrderStep());
  manager.addPass(createPlanMemory());
}

void tally::buildKernelsPipeline(OpPassManager &manager, const LoweringOptions &options, Level from, Level until) {
  auto covers = [&](Level stage) { return from < stage && stage <= until; };
  if (covers(Level::Tensor))
    buildTensor(manager, options);
  if (covers(Level::Kernels))
    buildKernels(manager, options);
  if (covers(Level::Planned))
    buildPlan(manager);
}

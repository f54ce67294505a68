// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The line from the request for a training run to the training level.
#include "tally/Autodiff/Passes.h"
#include "tally/Pipelines/Pipelines.h"
#include "tally/Transforms/Passes.h"

using namespace mlir;
using namespace tally;

void tally::buildTrainingPipeline(OpPassManager &manager) {
  manager.addPass(createDifferentiate());
  manager.addPass(createChooseAlgorithm());
  manager.addPass(createSimplifyGraph());
  CheckLevelOptions level;
  level.training = true;
  manager.addPass(createCheckLevel(level));
}

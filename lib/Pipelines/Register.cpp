// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Makes the pipelines known to tally-opt.
#include "mlir/Pass/PassRegistry.h"
#include "tally/Pipelines/Pipelines.h"

using namespace mlir;
using namespace tally;

void tally::registerPipelines() {
  PassPipelineRegistration<>("pipeline-training", "from a program with requests to the training level", buildTrainingPipeline);
  PassPipelineRegistration<LoweringOptions>(
      "pipeline-kernels", "from the training level to the memory plan",
      [](OpPassManager &manager, const LoweringOptions &options) { buildKernelsPipeline(manager, options); });
  PassPipelineRegistration<LoweringOptions>("pipeline-cpu", "from the training level to LLVM for a CPU, as tally build does",
                                            [](OpPassManager &manager, const LoweringOptions &options) {
                                              buildKernelsPipeline(manager, options);
                                              buildCpuBackend(manager, options);
                                            });
}

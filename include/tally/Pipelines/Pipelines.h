// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The straight lines of passes; tally build and tally-opt run the same.
#ifndef TALLY_PIPELINES_PIPELINES_H
#define TALLY_PIPELINES_PIPELINES_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

namespace tally {

/// Levels that a pipeline can stop at. Planned lies between two of them: every buffer has its place, no kernel its loops yet.
enum class Level { Graph, Training, Tensor, Kernels, Planned, Buffer, Llvm };

struct CpuPipelineOptions : mlir::PassPipelineOptions<CpuPipelineOptions> {
  Option<unsigned> optimize{*this, "opt", llvm::cl::desc("0: plain scalar lowering, 3: optimized"), llvm::cl::init(0)};
  Option<int64_t> vectorBits{*this, "vector-bits", llvm::cl::desc("width of a vector register (-O3)"), llvm::cl::init(256)};
  Option<int64_t> registers{*this, "registers", llvm::cl::desc("number of vector registers (-O3)"), llvm::cl::init(16)};
};

/// From the request for a training run (after the recipe is attached) to the training level.
void buildTrainingPipeline(mlir::OpPassManager &manager);

/// From the training level (a train.program without train.gradient) to `until`.
void buildCpuPipeline(mlir::OpPassManager &manager, const CpuPipelineOptions &options, Level until = Level::Llvm);

/// Makes the pipelines known to tally-opt: --pipeline-training, --pipeline-cpu.
void registerPipelines();

} // namespace tally

#endif

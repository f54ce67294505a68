// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The straight lines of passes; tally build and tally-opt run the same.
#ifndef TALLY_PIPELINES_PIPELINES_H
#define TALLY_PIPELINES_PIPELINES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

namespace tally {

/// Levels that a pipeline can stop at. Planned and Bufferized lie between two of them: every tensor has its place, then every kernel
/// computes in buffers, but has no loops yet.
enum class Level { Graph, Training, Tensor, Kernels, Planned, Bufferized, Buffer, Llvm };

struct LoweringOptions : mlir::PassPipelineOptions<LoweringOptions> {
  Option<unsigned> optimize{*this, "opt", llvm::cl::desc("0: plain scalar lowering, 3: optimized"), llvm::cl::init(0)};
  Option<bool> instrument{*this, "instrument", llvm::cl::desc("kernels count what they execute"), llvm::cl::init(false)};
};

/// From the request for a training run (after the recipe is attached) to the training level.
void buildTrainingPipeline(mlir::OpPassManager &manager);

/// The way that all backends share, from the training level (a train.program without train.gradient) to the memory plan: the stages
/// after `from`, up to `until`. Facts about the machine are read from the module's #tally.target.
void buildKernelsPipeline(mlir::OpPassManager &manager, const LoweringOptions &options, Level from = Level::Training,
                          Level until = Level::Planned);

/// From the memory plan to LLVM for a CPU.
void buildCpuBackend(mlir::OpPassManager &manager, const LoweringOptions &options, Level from = Level::Planned,
                     Level until = Level::Llvm);

/// Lowers a module of the training level to `until` for a CPU, verified after each stage, or pass (`verifyEach`). Where a stage fails, an error names the pass, and the
/// module as it was is written to a file that tally-opt runs again. `begins` hears of each level before its stage runs.
llvm::LogicalResult lowerToCpu(mlir::ModuleOp module, const LoweringOptions &options, Level until = Level::Llvm,
                             bool verifyEach = false, llvm::function_ref<void(Level)> begins = {});

/// Makes the pipelines known to tally-opt: --pipeline-training, --pipeline-kernels, --pipeline-cpu.
void registerPipelines();

} // namespace tally

#endif

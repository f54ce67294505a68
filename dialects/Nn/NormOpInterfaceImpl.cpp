// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a recipe can ask of batch and group normalization.
#include "dialects/Nn/NormOpInterfaceImpl.h"
#include "dialects/Nn/Nn.h"
#include "tally/Interfaces/NormOpInterface.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

namespace {
struct BatchNorm : NormOpInterface::ExternalModel<BatchNorm, BatchNormOp> {
  MutableOperandRange getScaleRange(Operation *op) const { return cast<BatchNormOp>(op).getScaleMutable(); }
  MutableOperandRange getBiasRange(Operation *op) const { return cast<BatchNormOp>(op).getBiasMutable(); }
  SmallVector<Value> getRunningStatistics(Operation *op) const {
    return {cast<BatchNormOp>(op).getMean(), cast<BatchNormOp>(op).getVariance()};
  }
  void applyOptions(Operation *op, const TrainingFormOptions &options) const {
    if (options.batchNormEpsilon)
      cast<BatchNormOp>(op).setEpsilon(APFloat(*options.batchNormEpsilon));
  }
};

struct GroupNorm : NormOpInterface::ExternalModel<GroupNorm, GroupNormOp> {
  MutableOperandRange getScaleRange(Operation *op) const { return cast<GroupNormOp>(op).getScaleMutable(); }
  MutableOperandRange getBiasRange(Operation *op) const { return cast<GroupNormOp>(op).getBiasMutable(); }
};
} // namespace

void tally::nn::registerNormOpInterface(MLIRContext *context) {
  BatchNormOp::attachInterface<BatchNorm>(*context);
  GroupNormOp::attachInterface<GroupNorm>(*context);
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The ops of a program.
#include "dialects/Train/Train.h"

using namespace mlir;
using namespace tally;
using namespace tally::train;

#define GET_OP_CLASSES
#include "dialects/Train/Program.cpp.inc"

Phase InitializeOp::getPhase() { return Phase::Initialization; }
Count InitializeOp::getExecutions() { return 1; }

Phase StepOp::getPhase() { return Phase::Forward; }
Count StepOp::getExecutions() {
  Count executions;
  for (auto segment : (*this)->getBlock()->getOps<SegmentOp>())
    if (segment.getStep() == getSymName())
      executions += static_cast<int64_t>(segment.getSteps());
  return executions;
}

Phase EveryOp::getPhase() { return getWhen() == When::Before ? Phase::Data : Phase::Averaging; }
Count EveryOp::getExecutions() { return static_cast<int64_t>(getTrips()); }

Phase EvaluateOp::getPhase() { return Phase::Evaluation; }
Count EvaluateOp::getExecutions() { return Count(static_cast<int64_t>(getBatches())) * Count(static_cast<int64_t>(getEvaluations())); }

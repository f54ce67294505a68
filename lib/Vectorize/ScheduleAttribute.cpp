// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes a schedule as an attribute, and reads it.
#include "ScheduleAttribute.h"
#include "MatrixSchedule.h"
#include "PairedProducts.h"

using namespace mlir;
using namespace tally;

/// The loop of the op that stands for a loop of the nest.
static int64_t originOf(const LoopNest &nest, int loop) {
  return loop < 0 ? -1 : llvm::find(nest.originLoop, loop) - nest.originLoop.begin();
}

ScheduleAttr tally::describeSchedule(const LoopNest &nest, const Schedule &schedule) {
  int64_t vectors = 1;
  for (const Segment &segment : schedule.vectorSegments)
    vectors = std::max<int64_t>(vectors, llvm::count(segment.pieces, schedule.lanes));
  SmallVector<LoopSteps> unroll, blocks;
  for (const UnrolledLoop &unrolled : schedule.unrolled) {
    int64_t steps = 1;
    for (const Segment &segment : unrolled.segments)
      steps = std::max(steps, segment.step);
    unroll.push_back({originOf(nest, unrolled.loop), steps});
  }
  for (const BlockedLoop &block : schedule.blocks)
    blocks.push_back({originOf(nest, block.loop), block.steps});
  return ScheduleAttr::get(nest.op->getContext(), originOf(nest, schedule.vectorLoop), schedule.lanes, vectors, unroll, blocks,
                           schedule.matrix ? originOf(nest, schedule.matrix->row) : -1);
}

FailureOr<Schedule> tally::readSchedule(LoopNest &nest, ScheduleAttr attribute) {
  auto error = [&](int64_t loop) { return nest.op->emitOpError() << scheduleName << ": loop " << loop; };
  auto find = [&](int64_t loop) -> FailureOr<int> {
    if (loop < 0 || loop >= static_cast<int64_t>(nest.originLoop.size()))
      return error(loop) << " is none of the op";
    if (nest.originLoop[loop] < 0)
      return error(loop) << " has one step, or is part of another";
    return nest.originLoop[loop];
  };
  Schedule schedule;
  if (attribute.getRows() >= 0) {
    // Its form follows from the loops: there is nothing to choose.
    std::optional<Schedule> found = chooseMatrixSchedule(nest, targetOf(nest.op));
    if (!found || originOf(nest, found->matrix->row) != attribute.getRows())
      return error(attribute.getRows()) << " cannot be the rows of matrix registers";
    return *found;
  }
  pairFactors(nest, targetOf(nest.op));
  schedule.lanes = attribute.getLanes();
  if (attribute.getVector() >= 0) {
    FailureOr<int> loop = find(attribute.getVector());
    if (failed(loop))
      return failure();
    if (!canVectorize(nest, *loop))
      return error(attribute.getVector()) << " cannot be the vector";
    schedule.vectorLoop = *loop;
    schedule.vectorIsReduced = !nest.parallel[*loop];
    schedule.vectorSegments = vectorTiles(nest.sizes[*loop], schedule.lanes, attribute.getVectors());
  }
  for (LoopSteps each : attribute.getUnroll()) {
    FailureOr<int> loop = find(each.loop);
    if (failed(loop))
      return failure();
    if (*loop == schedule.vectorLoop || !nest.parallel[*loop])
      return error(each.loop) << " requires to be parallel and not the vector to be unrolled";
    schedule.unrolled.push_back({*loop, balanced(nest.sizes[*loop], each.steps)});
  }
  orderLoops(nest, schedule);
  orderForCache(nest, targetOf(nest.op), schedule);
  for (LoopSteps each : attribute.getBlocks()) {
    FailureOr<int> loop = find(each.loop);
    if (failed(loop))
      return failure();
    if (!llvm::is_contained(schedule.reducedLoops, *loop) || nest.sizes[*loop] % each.steps)
      return error(each.loop) << " requires to be reduced, not the vector, and a multiple of " << each.steps << " to be cut into blocks";
    schedule.blocks.push_back({*loop, each.steps});
  }
  schedule.worthThreads = isWorthThreads(nest);
  return schedule;
}

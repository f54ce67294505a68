// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Estimates the cycles of register tiles.
#include "ScheduleCost.h"
#include "llvm/ADT/DenseMap.h"
#include <numeric>

using namespace mlir;
using namespace tally;

int64_t tally::bitsOf(Type elementType) { return elementType.isIndex() ? 64 : elementType.getIntOrFloatBitWidth(); }

SmallVector<Access> tally::readInputs(const LoopNest &nest) {
  SmallVector<Access> inputs;
  for (auto [input, reads] : llvm::zip_equal(nest.inputs, nest.readsInput))
    if (reads)
      inputs.push_back(input);
  return inputs;
}

bool tally::sharesVector(const LoopNest &nest, const Schedule &schedule, int loop) {
  return schedule.vectorLoop >= 0 && llvm::any_of(readInputs(nest), [&](const Access &input) {
           return input.stride(loop) && input.stride(schedule.vectorLoop);
         });
}

/// Elements that an access goes forward from one row to the next when rows begin to cost pages and cache sets, and how much that costs.
static constexpr int64_t farStride = 4096;
static constexpr double farCost = 1.15;

/// One tile: arithmetic and loads as many as can start in a cycle, and a sum takes a while until the next step can use it.
static double costOfTile(const LoopNest &nest, const Schedule &schedule, TargetAttr target, int64_t vectors, ArrayRef<int64_t> steps) {
  double loads = 0, bodies = vectors;
  for (int64_t each : steps)
    bodies *= each;
  for (const Access &input : readInputs(nest)) {
    int64_t stride = input.stride(schedule.vectorLoop);
    double each = stride == 0 ? 1 : stride == 1 ? vectors : vectors * schedule.lanes;
    for (auto [unrolled, count] : llvm::zip_equal(schedule.unrolled, steps))
      each *= input.stride(unrolled.loop) ? count : 1;
    loads += each;
  }
  double arithmetic = std::max<double>(1, nest.bodySize - 1) * bodies;
  return std::max({arithmetic / target.getUnits(), loads / target.getLoads(), double(target.getLatency())}) + 0.5;
}

static double costOfSegments(const LoopNest &nest, const Schedule &schedule, TargetAttr target, int64_t vectors,
                             SmallVector<int64_t> &steps) {
  if (steps.size() == schedule.unrolled.size())
    return costOfTile(nest, schedule, target, vectors, steps);
  double cycles = 0;
  for (const Segment &segment : schedule.unrolled[steps.size()].segments) {
    steps.push_back(segment.step);
    cycles += segment.count * costOfSegments(nest, schedule, target, vectors, steps);
    steps.pop_back();
  }
  return cycles;
}

double tally::costOfTiles(const LoopNest &nest, const Schedule &schedule, TargetAttr target) {
  double cycles = 0;
  SmallVector<int64_t> steps;
  for (const Segment &segment : schedule.vectorSegments)
    cycles += segment.count * costOfSegments(nest, schedule, target, segment.pieces.size(), steps);
  for (const UnrolledLoop &unrolled : schedule.unrolled) {
    cycles /= nest.sizes[unrolled.loop];
    if (!sharesVector(nest, schedule, unrolled.loop))
      for (const Access &input : readInputs(nest))
        cycles *= input.stride(unrolled.loop) > farStride ? farCost : 1.0;
  }
  return cycles;
}

double tally::footprintOf(const LoopNest &nest, const Access &access, ArrayRef<int> loops) {
  llvm::SmallDenseMap<int64_t, int64_t> steps;
  for (int loop : loops)
    if (access.stride(loop))
      steps[access.stride(loop)] += nest.sizes[loop] - 1;
  double bytes = llvm::divideCeil(bitsOf(access.elementType), 8);
  for (auto [stride, count] : steps)
    bytes *= count + 1;
  return bytes;
}

double tally::trafficOf(const LoopNest &nest, ArrayRef<int> outer, TargetAttr target) {
  SmallVector<Access> accesses = readInputs(nest);
  llvm::append_range(accesses, nest.outputs);
  SmallVector<int> inside;
  for (int loop = 0; loop < nest.loops(); ++loop)
    if (!llvm::is_contained(outer, loop))
      inside.push_back(loop);
  auto measure = [&] {
    return llvm::map_to_vector(accesses, [&](const Access &access) { return footprintOf(nest, access, inside); });
  };
  SmallVector<double> held = measure(), moved = held;
  for (int loop : llvm::reverse(outer)) {
    bool stays = std::accumulate(held.begin(), held.end(), 0.0) <= target.getL2Bytes();
    inside.push_back(loop);
    SmallVector<double> next = measure();
    for (auto [before, after, total] : llvm::zip_equal(held, next, moved))
      total *= stays ? after / before : nest.sizes[loop];
    held = std::move(next);
  }
  return std::accumulate(moved.begin(), moved.end(), 0.0);
}

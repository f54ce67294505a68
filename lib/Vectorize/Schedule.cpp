// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Chooses the vector loop, the register tile and the order of the loops.
#include "Schedule.h"
#include "MatrixSchedule.h"
#include "PairedProducts.h"
#include "ScheduleCost.h"

using namespace mlir;
using namespace tally;

/// Lanes by the widest float that is accessed, or by the widest integer where there is no float.
static int64_t lanesFor(const LoopNest &nest, TargetAttr target) {
  int64_t floats = 0, others = 8;
  for (auto *accesses : {&nest.inputs, &nest.outputs})
    for (const Access &access : *accesses) {
      int64_t &widest = isa<FloatType>(access.elementType) ? floats : others;
      widest = std::max(widest, bitsOf(access.elementType));
    }
  return std::max<int64_t>(1, target.getVectorBits() / (floats ? floats : others));
}

/// The relative cost of one element when `loop` is the vector.
static double costOfVector(const LoopNest &nest, int loop, int64_t lanes, bool reduced) {
  double cost = nest.bodySize;
  for (const Access &access : readInputs(nest))
    cost += access.stride(loop) == 0 ? 0.5 : access.stride(loop) == 1 ? 1 : 2.5 * lanes;
  for (const Access &access : nest.outputs)
    cost += reduced ? 0.1 : access.stride(loop) == 1 ? 1 : 3.0 * lanes;
  int64_t size = nest.sizes[loop], full = size / lanes, tail = llvm::popcount(uint64_t(size % lanes));
  double overhead = reduced ? 1.0 + 8.0 / size : 1.0;
  return cost * (full + tail) / size * overhead;
}

/// True for a loop that some output is reduced over (the others meet elements again, or are parallel).
static bool isReduced(const LoopNest &nest, int loop) {
  return !nest.parallel[loop] && llvm::any_of(nest.outputs, [&](const Access &output) { return output.stride(loop) == 0; });
}

static bool canReduce(const LoopNest &nest, int loop) {
  for (const Access &output : nest.outputs)
    for (int other = 0; other < nest.loops(); ++other)
      if (isReduced(nest, other) && output.stride(other) != 0)
        return false;
  for (auto [output, combiner] : llvm::zip_equal(nest.outputs, nest.combiners))
    if (output.stride(loop) != 0 || combiner == Combiner::None)
      return false;
  return true;
}

bool tally::canVectorize(const LoopNest &nest, int loop) {
  return nest.vectorizable && nest.sizes[loop] > 1 && (nest.parallel[loop] || canReduce(nest, loop));
}

static void chooseVector(const LoopNest &nest, TargetAttr target, Schedule &schedule) {
  int64_t lanes = lanesFor(nest, target);
  double best = nest.bodySize + nest.inputs.size() + nest.outputs.size();
  for (int loop = nest.loops() - 1; loop >= 0; --loop) {
    bool reduced = !nest.parallel[loop];
    if (lanes < 2 || !canVectorize(nest, loop))
      continue;
    double cost = costOfVector(nest, loop, lanes, reduced);
    if (cost >= best)
      continue;
    best = cost;
    schedule.vectorLoop = loop;
    schedule.vectorIsReduced = reduced;
    schedule.lanes = lanes;
  }
}

SmallVector<Segment> tally::balanced(int64_t size, int64_t steps) {
  int64_t tiles = llvm::divideCeil(size, steps), base = size / tiles, larger = size % tiles;
  SmallVector<Segment> segments;
  if (larger)
    segments.push_back({0, larger, base + 1, {}});
  segments.push_back({larger * (base + 1), tiles - larger, base, {}});
  return segments;
}

SmallVector<Segment> tally::vectorTiles(int64_t size, int64_t lanes, int64_t vectors) {
  int64_t full = size / lanes, rest = size % lanes;
  SmallVector<Segment> segments;
  if (full) {
    segments = balanced(full, vectors);
    for (Segment &segment : segments) {
      segment.pieces.assign(segment.step, lanes);
      segment.start *= lanes;
      segment.step *= lanes;
    }
  }
  if (!rest)
    return segments;
  SmallVector<int64_t> pieces;
  for (int64_t width = lanes / 2, left = rest; width >= 1; width /= 2)
    if (left >= width) {
      pieces.push_back(width);
      left -= width;
    }
  if (segments.size() == 1 && segments.front().count == 1 && static_cast<int64_t>(segments.front().pieces.size()) <= vectors) {
    llvm::append_range(segments.front().pieces, pieces);
    segments.front().step += rest;
  } else {
    segments.push_back({full * lanes, 1, rest, pieces});
  }
  return segments;
}

void tally::orderLoops(const LoopNest &nest, Schedule &schedule) {
  schedule.outerLoops.clear();
  schedule.reducedLoops.clear();
  SmallVector<int> ordered;
  for (int loop = 0; loop < nest.loops(); ++loop) {
    bool inTile = llvm::any_of(schedule.unrolled, [&](const UnrolledLoop &unrolled) { return unrolled.loop == loop; });
    inTile |= schedule.matrix && (loop == schedule.matrix->depth || loop == schedule.matrix->pair);
    if (loop != schedule.vectorLoop && !inTile)
      (nest.parallel[loop] ? schedule.outerLoops : isReduced(nest, loop) ? schedule.reducedLoops : ordered).push_back(loop);
  }
  llvm::append_range(schedule.outerLoops, ordered);
}

void tally::orderForCache(const LoopNest &nest, TargetAttr target, Schedule &schedule) {
  auto *end = llvm::find_if(schedule.outerLoops, [&](int loop) { return !nest.parallel[loop]; });
  SmallVector<int> order(schedule.outerLoops.begin(), end), best = order;
  if (schedule.unrolled.empty() || order.size() > 5)
    return;
  double least = trafficOf(nest, order, target);
  while (std::next_permutation(order.begin(), order.end()))
    if (double traffic = trafficOf(nest, order, target); traffic < 0.9 * least) {
      least = traffic;
      best = order;
    }
  llvm::copy(best, schedule.outerLoops.begin());
}

/// The tiles of a kernel without reduction: some vectors in one go.
static int64_t vectorsOfBody(const LoopNest &nest) { return nest.bodySize <= 12 ? 4 : nest.bodySize <= 30 ? 2 : 1; }

/// The tiles that fit into the registers: vectors, times steps of a loop that some operand does not move along (rows), and where the vector
/// loop is one vector only, times steps of a loop that moves along with it (columns: more panels of an operand).
static void forEachTile(const LoopNest &nest, TargetAttr target, const Schedule &schedule, llvm::function_ref<void(Schedule &)> visit) {
  SmallVector<int> rows{-1}, columns{-1};
  SmallVector<Access> inputs = readInputs(nest);
  int64_t outputs = nest.outputs.size(), size = nest.sizes[schedule.vectorLoop];
  for (int loop = nest.loops() - 1; loop >= 0; --loop) {
    bool reuse = llvm::any_of(inputs, [&](const Access &input) { return input.stride(loop) == 0; });
    if (loop == schedule.vectorLoop || !nest.parallel[loop] || !reuse || nest.sizes[loop] == 1)
      continue;
    if (schedule.vectorIsReduced || !sharesVector(nest, schedule, loop))
      rows.push_back(loop);
    else if (size <= schedule.lanes)
      columns.push_back(loop);
  }
  for (int column : columns)
    for (int64_t vectors = 1; vectors <= 8; ++vectors)
      for (int row : rows)
        for (int64_t r = row < 0 ? 1 : 2; r <= (row < 0 ? 1 : std::min<int64_t>(nest.sizes[row], 14)); ++r)
          for (int64_t c = column < 0 ? 1 : 2; c <= (column < 0 ? 1 : std::min<int64_t>(nest.sizes[column], 4)); ++c) {
            if (outputs * r * c * vectors + c * vectors + 1 > target.getVectorRegisters())
              break;
            Schedule candidate = schedule;
            candidate.vectorSegments = vectorTiles(size, schedule.lanes, vectors);
            if (column >= 0)
              candidate.unrolled.push_back({column, balanced(nest.sizes[column], c)});
            if (row >= 0)
              candidate.unrolled.push_back({row, balanced(nest.sizes[row], r)});
            orderLoops(nest, candidate);
            visit(candidate);
          }
}

static void chooseTile(const LoopNest &nest, TargetAttr target, Schedule &schedule) {
  Schedule best = schedule;
  double bestCycles = std::numeric_limits<double>::infinity();
  forEachTile(nest, target, schedule, [&](Schedule &candidate) {
    double cycles = costOfTiles(nest, candidate, target);
    if (cycles >= bestCycles * 0.999)
      return;
    bestCycles = cycles;
    best = std::move(candidate);
  });
  schedule = std::move(best);
}

/// Cuts the outermost reduced loop where the operands of the rows would not stay in the second cache between tiles.
static void chooseBlocks(const LoopNest &nest, TargetAttr target, Schedule &schedule) {
  if (schedule.vectorIsReduced || schedule.unrolled.empty() || schedule.reducedLoops.empty())
    return;
  int64_t bytes = 0, length = 1;
  for (int loop : schedule.reducedLoops)
    length *= nest.sizes[loop];
  for (const Access &input : readInputs(nest)) {
    int64_t elements = input.stride(schedule.vectorLoop) ? schedule.vectorSegments.front().step : 1;
    for (const UnrolledLoop &unrolled : schedule.unrolled)
      if (input.stride(unrolled.loop))
        elements *= sharesVector(nest, schedule, unrolled.loop) ? unrolled.segments.front().step : nest.sizes[unrolled.loop];
    for (int loop : schedule.reducedLoops)
      elements *= input.stride(loop) ? nest.sizes[loop] : 1;
    bytes += elements * llvm::divideCeil(bitsOf(input.elementType), 8);
  }
  int first = schedule.reducedLoops.front();
  int64_t inner = length / nest.sizes[first];
  // Windows read an element several times, so that shorter blocks hide the sums' way through memory.
  int64_t least = schedule.reducedLoops.size() > 1 ? 96 : 256;
  if (bytes <= target.getL2Bytes() || length < (schedule.reducedLoops.size() > 1 ? 512 : 1024))
    return;
  int64_t block = 1;
  while (block < nest.sizes[first] && (nest.sizes[first] % block != 0 || block * inner < least))
    ++block;
  if (block < nest.sizes[first])
    schedule.blocks.push_back({first, block});
}

bool tally::isWorthThreads(const LoopNest &nest) {
  int64_t work = std::max<int64_t>(nest.bodySize, 1);
  for (int64_t size : nest.sizes)
    work *= size;
  return work >= 32768;
}

Schedule tally::chooseSchedule(LoopNest &nest, TargetAttr target) {
  std::optional<Schedule> matrix = chooseMatrixSchedule(nest, target);
  return matrix ? *matrix : chooseVectorSchedule(nest, target);
}

Schedule tally::chooseVectorSchedule(LoopNest &nest, TargetAttr target) {
  pairFactors(nest, target);
  Schedule schedule;
  chooseVector(nest, target, schedule);
  orderLoops(nest, schedule);
  bool reduces = llvm::any_of(llvm::seq<int>(0, nest.loops()), [&](int loop) { return isReduced(nest, loop); });
  if (schedule.vectorLoop >= 0 && reduces) {
    chooseTile(nest, target, schedule);
    orderForCache(nest, target, schedule);
    chooseBlocks(nest, target, schedule);
  } else if (schedule.vectorLoop >= 0) {
    schedule.vectorSegments = vectorTiles(nest.sizes[schedule.vectorLoop], schedule.lanes, vectorsOfBody(nest));
  }
  schedule.worthThreads = isWorthThreads(nest);
  return schedule;
}

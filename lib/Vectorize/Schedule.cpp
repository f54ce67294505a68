// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Chooses the vector loop, the register tile and the order of the loops.
#include "Schedule.h"

using namespace mlir;
using namespace tally;

static int64_t bitsOf(Type type) { return type.isIndex() ? 64 : type.getIntOrFloatBitWidth(); }

/// The inputs that the body uses.
static SmallVector<Access> readInputs(const LoopNest &nest) {
  SmallVector<Access> inputs;
  for (auto [input, reads] : llvm::zip_equal(nest.inputs, nest.readsInput))
    if (reads)
      inputs.push_back(input);
  return inputs;
}

/// Lanes by the widest float that is accessed, or by the widest integer where there is no float.
static int64_t lanesFor(const LoopNest &nest, const Machine &machine) {
  int64_t floats = 0, others = 8;
  for (auto *accesses : {&nest.inputs, &nest.outputs})
    for (const Access &access : *accesses) {
      int64_t &widest = isa<FloatType>(access.elementType) ? floats : others;
      widest = std::max(widest, bitsOf(access.elementType));
    }
  return std::max<int64_t>(1, machine.vectorBits / (floats ? floats : others));
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

static void chooseVector(const LoopNest &nest, const Machine &machine, Schedule &schedule) {
  if (!nest.vectorizable)
    return;
  int64_t lanes = lanesFor(nest, machine);
  double best = nest.bodySize + nest.inputs.size() + nest.outputs.size();
  for (int loop = nest.loops() - 1; loop >= 0; --loop) {
    bool reduced = !nest.parallel[loop];
    if (lanes < 2 || nest.sizes[loop] < 2 || (reduced && !canReduce(nest, loop)))
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

/// `size` in tiles of at most `tile`, as equal as can be: no tile is a small rest.
static SmallVector<Segment> balanced(int64_t size, int64_t tile) {
  int64_t tiles = llvm::divideCeil(size, tile), base = size / tiles, larger = size % tiles;
  SmallVector<Segment> segments;
  if (larger)
    segments.push_back({0, larger, base + 1, {}});
  segments.push_back({larger * (base + 1), tiles - larger, base, {}});
  return segments;
}

/// The vector loop in tiles of at most `vectors` vectors; what is left over becomes narrower vectors.
static SmallVector<Segment> vectorTiles(int64_t size, int64_t lanes, int64_t vectors) {
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

/// Cycles for one step of the reduction in a tile of `rows` x `vectors`: two arithmetic units, two loads per cycle, and a sum
/// takes four cycles until the next one can use it.
static double cyclesOfTile(const LoopNest &nest, const Schedule &schedule, int row, int64_t rows, int64_t vectors) {
  double loads = 0;
  for (const Access &input : readInputs(nest)) {
    bool alongVector = input.stride(schedule.vectorLoop) != 0, alongRow = row >= 0 && input.stride(row) != 0;
    loads += (alongVector ? vectors : 1) * (alongRow ? rows : 1);
  }
  double arithmetic = std::max<double>(1, nest.bodySize - 1) * rows * vectors;
  return std::max({arithmetic / 2, loads / 2, 4.0}) + 0.5;
}

/// Chooses rows x vectors among all tiles that fit into the registers.
static void chooseTile(const LoopNest &nest, const Machine &machine, Schedule &schedule, bool reduces) {
  int64_t size = nest.sizes[schedule.vectorLoop];
  auto allVectors = [&](int64_t vectors) { return vectorTiles(size, schedule.lanes, vectors); };
  if (!reduces) {
    schedule.vectorSegments = allVectors(nest.bodySize <= 12 ? 4 : nest.bodySize <= 30 ? 2 : 1);
    return;
  }
  double best = std::numeric_limits<double>::infinity();
  int64_t outputs = nest.outputs.size();
  auto consider = [&](int row, int64_t rows, int64_t vectors) {
    if (outputs * rows * vectors + vectors + 1 > machine.registers)
      return;
    SmallVector<Segment> rowSegments = row < 0 ? SmallVector<Segment>{Segment()} : balanced(nest.sizes[row], rows);
    SmallVector<Segment> vectorSegments = allVectors(vectors);
    double cost = 0;
    for (const Segment &r : rowSegments)
      for (const Segment &v : vectorSegments)
        cost += r.count * v.count * cyclesOfTile(nest, schedule, row, r.step, v.pieces.size());
    cost /= row < 0 ? 1 : nest.sizes[row];
    // Rows that lie far apart cost pages and cache sets.
    if (row >= 0)
      for (const Access &input : readInputs(nest))
        cost *= input.stride(row) > 4096 ? 1.03 : 1.0;
    if (cost >= best * 0.999)
      return;
    best = cost;
    schedule.rowLoop = row;
    schedule.rowSegments = row < 0 ? SmallVector<Segment>() : rowSegments;
    schedule.vectorSegments = vectorSegments;
  };
  for (int64_t vectors = 1; vectors <= 8; ++vectors) {
    consider(-1, 1, vectors);
    for (int row = nest.loops() - 1; row >= 0; --row) {
      bool reuse = llvm::any_of(readInputs(nest), [&](const Access &input) { return input.stride(row) == 0; });
      if (row != schedule.vectorLoop && nest.parallel[row] && reuse && nest.sizes[row] > 1)
        for (int64_t rows = 2; rows <= std::min<int64_t>(nest.sizes[row], 14); ++rows)
          consider(row, rows, vectors);
    }
  }
}

/// Cuts the outermost reduced loop where the operands of one tile row would not stay in the cache between tiles.
static void chooseBlock(const LoopNest &nest, const Machine &machine, Schedule &schedule) {
  if (schedule.vectorLoop < 0 || schedule.vectorIsReduced || schedule.rowLoop < 0 || schedule.reducedLoops.size() < 2)
    return;
  int64_t bytes = 0, length = 1;
  for (int loop : schedule.reducedLoops)
    length *= nest.sizes[loop];
  for (const Access &input : readInputs(nest)) {
    int64_t elements = input.stride(schedule.rowLoop) ? nest.sizes[schedule.rowLoop] : 1;
    if (input.stride(schedule.vectorLoop))
      elements *= schedule.vectorSegments.front().step;
    for (int loop : schedule.reducedLoops)
      elements *= input.stride(loop) ? nest.sizes[loop] : 1;
    bytes += elements * llvm::divideCeil(bitsOf(input.elementType), 8);
  }
  int first = schedule.reducedLoops.front();
  int64_t inner = length / nest.sizes[first];
  if (bytes <= machine.cacheBytes || length < 512)
    return;
  int64_t block = 1;
  while (block < nest.sizes[first] && (nest.sizes[first] % block != 0 || block * inner < 96))
    ++block;
  if (block == nest.sizes[first])
    return;
  schedule.blockedLoop = first;
  schedule.block = block;
}

Schedule tally::chooseSchedule(const LoopNest &nest, const Machine &machine) {
  Schedule schedule;
  chooseVector(nest, machine, schedule);
  bool reduces = llvm::any_of(llvm::seq<int>(0, nest.loops()), [&](int loop) { return isReduced(nest, loop); });
  if (schedule.vectorLoop >= 0)
    chooseTile(nest, machine, schedule, reduces);
  int64_t work = std::max<int64_t>(nest.bodySize, 1);
  SmallVector<int> ordered; // outer loops that meet elements again
  for (int loop = 0; loop < nest.loops(); ++loop) {
    work *= nest.sizes[loop];
    if (loop == schedule.vectorLoop || loop == schedule.rowLoop)
      continue;
    (nest.parallel[loop] ? schedule.outerLoops : isReduced(nest, loop) ? schedule.reducedLoops : ordered).push_back(loop);
  }
  llvm::append_range(schedule.outerLoops, ordered);
  chooseBlock(nest, machine, schedule);
  schedule.worthThreads = work >= 32768;
  return schedule;
}

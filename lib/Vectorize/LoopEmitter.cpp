// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes the loops of a schedule: parallel loops outside, then blocks, tiles and the reduction with its registers.
#include "LoopEmitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace tally;

/// The smallest divisor of `count` that is at least `wanted`.
static int64_t groupsOf(int64_t count, int64_t wanted) {
  for (int64_t groups = std::max<int64_t>(wanted, 1); groups < count; ++groups)
    if (count % groups == 0)
      return groups;
  return count;
}

static int64_t tilesOf(ArrayRef<Segment> segments) {
  int64_t tiles = 0;
  for (const Segment &segment : segments)
    tiles += segment.count;
  return tiles;
}

void LoopEmitter::emit() {
  ArrayRef<int> outer = schedule.outerLoops;
  SmallVector<Level> levels;
  int64_t iterations = 1, target = schedule.worthThreads ? pieces : 1;
  while (iterations < target && !outer.empty() && nest.parallel[outer.front()]) {
    levels.push_back({outer.front(), Segment{0, nest.sizes[outer.front()], 1, {}}});
    iterations *= nest.sizes[outer.front()];
    outer = outer.drop_front();
  }
  SmallVector<Segments> tiles;
  splitTiles(outer, levels, tiles);
}

/// Splits the loops of the tile, the vector first, until there are iterations enough: groups of tiles are a level of the parallel
/// loop, what is left in one group is `tiles`.
void LoopEmitter::splitTiles(ArrayRef<int> outer, SmallVector<Level> &levels, SmallVector<Segments> &tiles) {
  if (tiles.size() == schedule.unrolled.size() + 1)
    return emitParallel(levels, [&] { emitBlocks(schedule.blocks, [&] { emitTiles(outer, tiles); }); });
  bool isVector = tiles.empty();
  Segments segments = isVector ? Segments(schedule.vectorSegments) : schedule.unrolled[tiles.size() - 1].segments;
  int loop = isVector ? schedule.vectorLoop : schedule.unrolled[tiles.size() - 1].loop;
  int64_t iterations = 1, target = schedule.worthThreads ? pieces : 1;
  for (const Level &level : levels)
    iterations *= level.second.count;
  bool canSplit = loop >= 0 && !(isVector && schedule.vectorIsReduced);
  if (iterations >= target || !canSplit || tilesOf(segments) == 1) {
    tiles.push_back(segments);
    splitTiles(outer, levels, tiles);
    tiles.pop_back();
    return;
  }
  for (const Segment &segment : segments) {
    int64_t groups = groupsOf(segment.count, llvm::divideCeil(target, iterations)), each = segment.count / groups;
    Segment group{0, each, segment.step, segment.pieces};
    levels.push_back({loop, Segment{segment.start, groups, segment.step * each, {}}});
    tiles.push_back(group);
    splitTiles(outer, levels, tiles);
    tiles.pop_back();
    levels.pop_back();
  }
}

/// One parallel loop over all combinations of the levels.
void LoopEmitter::emitParallel(ArrayRef<Level> levels, Body inside) {
  int64_t iterations = 1;
  for (auto &[loop, segment] : levels)
    iterations *= segment.count;
  size_t depth = access.counters.size();
  SmallVector<int64_t> before = access.base;
  auto enter = [&](Value iteration) {
    int64_t inner = iterations;
    for (auto &[loop, segment] : levels) {
      access.base[loop] += segment.start;
      if (segment.count == 1)
        continue;
      Value count = iteration;
      int64_t whole = inner;
      inner /= segment.count;
      if (inner > 1)
        count = arith::DivUIOp::create(builder, loc, count, arith::ConstantIndexOp::create(builder, loc, inner));
      if (whole != iterations)
        count = arith::RemUIOp::create(builder, loc, count, arith::ConstantIndexOp::create(builder, loc, segment.count));
      access.counters.push_back({loop, count, segment.step});
    }
    Count outside = access.executions;
    access.executions *= iterations;
    inside();
    access.executions = outside;
  };
  if (iterations == 1) {
    enter(Value());
  } else {
    Value zero = arith::ConstantIndexOp::create(builder, loc, 0), one = arith::ConstantIndexOp::create(builder, loc, 1);
    Value end = arith::ConstantIndexOp::create(builder, loc, iterations);
    auto parallel = scf::ParallelOp::create(builder, loc, zero, end, one);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(parallel.getBody());
    enter(parallel.getInductionVars().front());
  }
  access.counters.truncate(depth);
  access.base = before;
}

void LoopEmitter::emitLoop(int loop, int64_t start, int64_t count, int64_t step, Body inside) {
  access.base[loop] += start;
  if (count == 1)
    inside();
  else
    access.emitFor(loop, count, step, {}, [&](Values) {
      inside();
      return Values();
    });
  access.base[loop] -= start;
}

void LoopEmitter::emitBlocks(ArrayRef<BlockedLoop> blocks, Body inside) {
  if (blocks.empty())
    return inside();
  auto [loop, steps] = blocks.front();
  emitLoop(loop, 0, nest.sizes[loop] / steps, steps, [&] { emitBlocks(blocks.drop_front(), inside); });
}

void LoopEmitter::emitOuter(ArrayRef<int> outer, Body inside) {
  if (outer.empty())
    return inside();
  emitLoop(outer.front(), 0, nest.sizes[outer.front()], 1, [&] { emitOuter(outer.drop_front(), inside); });
}

/// The unrolled loops from `number` on that share an operand with the vector, or those that do not.
void LoopEmitter::emitUnrolled(size_t number, ArrayRef<Segments> tiles, bool sharesVector, Body inside) {
  if (number == schedule.unrolled.size())
    return inside();
  int loop = schedule.unrolled[number].loop;
  bool shares = llvm::any_of(nest.inputs, [&](const Access &input) {
    return schedule.vectorLoop >= 0 && input.stride(loop) && input.stride(schedule.vectorLoop);
  });
  if (shares != sharesVector)
    return emitUnrolled(number + 1, tiles, sharesVector, inside);
  for (const Segment &segment : tiles[number + 1])
    emitLoop(loop, segment.start, segment.count, segment.step, [&] {
      access.extents[number] = segment.step;
      emitUnrolled(number + 1, tiles, sharesVector, inside);
    });
}

void LoopEmitter::emitTiles(ArrayRef<int> outer, ArrayRef<Segments> tiles) {
  access.extents.assign(schedule.unrolled.size(), 1);
  auto columns = [&](Body inside) { emitUnrolled(0, tiles, /*sharesVector=*/true, inside); };
  auto rows = [&](Body inside) { emitUnrolled(0, tiles, /*sharesVector=*/false, inside); };
  if (schedule.vectorLoop < 0 || schedule.vectorIsReduced)
    return emitOuter(outer, [&] { columns([&] { rows([&] { emitTile({1}); }); }); });
  auto vectors = [&](llvm::function_ref<void(ArrayRef<int64_t>)> inside) {
    for (const Segment &segment : tiles.front())
      emitLoop(schedule.vectorLoop, segment.start, segment.count, segment.step, [&] { inside(segment.pieces); });
  };
  // A tile of rows keeps its panel of the other operand in the cache; without rows, memory is walked in order.
  if (schedule.unrolled.empty())
    return emitOuter(outer, [&] { vectors([&](ArrayRef<int64_t> widths) { emitTile(widths); }); });
  vectors([&](ArrayRef<int64_t> widths) {
    columns([&] { emitOuter(outer, [&] { rows([&] { emitTile(widths); }); }); });
  });
}

void LoopEmitter::emitTile(ArrayRef<int64_t> widths) {
  SmallVector<Piece> pieces = piecesOf(widths);
  access.forgetLoads();
  Values registers = tile.begin(pieces);
  registers = emitReduction(0, std::move(registers), pieces);
  access.forgetLoads();
  tile.end(std::move(registers), pieces);
}

Values LoopEmitter::emitReduction(size_t level, Values registers, ArrayRef<Piece> pieces) {
  if (level == schedule.reducedLoops.size())
    return tile.step(std::move(registers), pieces);
  int loop = schedule.reducedLoops[level];
  int64_t count = nest.sizes[loop];
  for (const BlockedLoop &block : schedule.blocks)
    if (block.loop == loop)
      count = block.steps;
  auto inside = [&](Values values) { return emitReduction(level + 1, std::move(values), pieces); };
  return count == 1 ? inside(std::move(registers)) : access.emitFor(loop, count, 1, std::move(registers), inside);
}

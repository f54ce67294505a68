// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes the loops of a schedule: parallel loops outside, then blocks, tiles and the reduction with its accumulators.
#include "LoopEmitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace tally;

LoopEmitter::LoopEmitter(OpBuilder &builder, const LoopNest &nest, const Schedule &schedule, const Machine &machine,
                         ArrayRef<Value> start, bool contract)
    : builder(builder), loc(nest.op->getLoc()), nest(nest), schedule(schedule), machine(machine), start(start),
      body{nest.op, contract}, base(nest.loops(), 0) {
  llvm::append_range(accesses, nest.inputs);
  llvm::append_range(accesses, nest.outputs);
  // Slots of accumulators when the lanes are partial results: full vectors share slots, narrower ones have their own.
  for (const Segment &segment : schedule.vectorSegments) {
    SmallVector<int> slots;
    bool shared = !slotWidths.empty() && segment.pieces.front() == schedule.lanes;
    for (auto [position, width] : llvm::enumerate(segment.pieces)) {
      slots.push_back(shared ? position : slotWidths.size());
      if (!shared)
        slotWidths.push_back(width);
    }
    laneSlots.push_back(slots);
  }
}

/// The smallest divisor of `count` that is at least `wanted`.
static int64_t groupsOf(int64_t count, int64_t wanted) {
  for (int64_t groups = std::max<int64_t>(wanted, 1); groups < count; ++groups)
    if (count % groups == 0)
      return groups;
  return count;
}

void LoopEmitter::emit() {
  for (auto [number, access] : llvm::enumerate(accesses))
    flat.push_back(number >= nest.readsInput.size() || nest.readsInput[number] ? flatten(access) : Value());
  ArrayRef<int> outer = schedule.outerLoops;
  SmallVector<std::pair<int, Segment>> levels;
  int64_t iterations = 1, target = schedule.worthThreads ? machine.parallelTarget : 1;
  while (iterations < target && !outer.empty() && nest.parallel[outer.front()]) {
    levels.push_back({outer.front(), Segment{0, nest.sizes[outer.front()], 1, {}}});
    iterations *= nest.sizes[outer.front()];
    outer = outer.drop_front();
  }
  auto tilesOf = [](ArrayRef<Segment> segments) {
    int64_t tiles = 0;
    for (const Segment &segment : segments)
      tiles += segment.count;
    return tiles;
  };
  bool splitVector = iterations < target && schedule.vectorLoop >= 0 && !schedule.vectorIsReduced &&
                     tilesOf(schedule.vectorSegments) > 1;
  bool splitRows = schedule.rowLoop >= 0 && tilesOf(schedule.rowSegments) > 1 &&
                   iterations * (splitVector ? tilesOf(schedule.vectorSegments) : 1) < target;

  auto withBlocks = [&](ArrayRef<Segment> vectors, ArrayRef<Segment> rows) {
    if (schedule.blockedLoop < 0)
      return emitTiles(outer, vectors, rows);
    emitLoop(schedule.blockedLoop, 0, nest.sizes[schedule.blockedLoop] / schedule.block, schedule.block,
             [&] { emitTiles(outer, vectors, rows); });
  };
  // Splits a segment into groups, a level of the parallel loop; what is left is one group.
  auto split = [&](int loop, Segment segment, llvm::function_ref<void(ArrayRef<Segment>)> inside) {
    int64_t before = 1;
    for (auto &level : levels)
      before *= level.second.count;
    int64_t groups = groupsOf(segment.count, llvm::divideCeil(target, before)), each = segment.count / groups;
    levels.push_back({loop, Segment{segment.start, groups, segment.step * each, {}}});
    inside(Segment{0, each, segment.step, segment.pieces});
    levels.pop_back();
  };
  auto overRows = [&](ArrayRef<Segment> vectors) {
    if (!splitRows)
      return emitParallel(levels, [&] { withBlocks(vectors, schedule.rowSegments); });
    for (const Segment &segment : schedule.rowSegments)
      split(schedule.rowLoop, segment,
            [&](ArrayRef<Segment> rows) { emitParallel(levels, [&] { withBlocks(vectors, rows); }); });
  };
  if (!splitVector)
    return overRows(schedule.vectorSegments);
  for (const Segment &segment : schedule.vectorSegments)
    split(schedule.vectorLoop, segment, overRows);
}

/// One parallel loop over all combinations of the levels.
void LoopEmitter::emitParallel(ArrayRef<std::pair<int, Segment>> levels, Body inside) {
  int64_t iterations = 1;
  for (auto &[loop, segment] : levels)
    iterations *= segment.count;
  size_t depth = counters.size();
  SmallVector<int64_t> before = base;
  auto enter = [&](Value iteration) {
    int64_t inner = iterations;
    for (auto &[loop, segment] : levels) {
      base[loop] += segment.start;
      if (segment.count == 1)
        continue;
      Value count = iteration;
      int64_t whole = inner;
      inner /= segment.count;
      if (inner > 1)
        count = arith::DivUIOp::create(builder, loc, count, arith::ConstantIndexOp::create(builder, loc, inner));
      if (whole != iterations)
        count = arith::RemUIOp::create(builder, loc, count, arith::ConstantIndexOp::create(builder, loc, segment.count));
      counters.push_back({loop, count, segment.step});
    }
    inside();
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
  counters.truncate(depth);
  base = before;
}

void LoopEmitter::emitLoop(int loop, int64_t start, int64_t count, int64_t step, Body inside) {
  base[loop] += start;
  if (count == 1) {
    inside();
  } else {
    Value zero = arith::ConstantIndexOp::create(builder, loc, 0), one = arith::ConstantIndexOp::create(builder, loc, 1);
    Value end = arith::ConstantIndexOp::create(builder, loc, count);
    auto op = scf::ForOp::create(builder, loc, zero, end, one);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(op.getBody());
    counters.push_back({loop, op.getInductionVar(), step});
    inside();
    counters.pop_back();
  }
  base[loop] -= start;
}

void LoopEmitter::emitOuter(ArrayRef<int> outer, Body inside) {
  if (outer.empty())
    return inside();
  emitLoop(outer.front(), 0, nest.sizes[outer.front()], 1, [&] { emitOuter(outer.drop_front(), inside); });
}

void LoopEmitter::emitTiles(ArrayRef<int> outer, ArrayRef<Segment> vectors, ArrayRef<Segment> rows) {
  auto overRows = [&](ArrayRef<int64_t> widths) {
    if (schedule.rowLoop < 0)
      return emitTile(1, widths);
    for (const Segment &segment : rows)
      emitLoop(schedule.rowLoop, segment.start, segment.count, segment.step, [&] { emitTile(segment.step, widths); });
  };
  if (schedule.vectorLoop < 0 || schedule.vectorIsReduced)
    return emitOuter(outer, [&] { overRows({1}); });
  auto overVectors = [&](llvm::function_ref<void(ArrayRef<int64_t>)> inside) {
    for (const Segment &segment : vectors)
      emitLoop(schedule.vectorLoop, segment.start, segment.count, segment.step, [&] { inside(segment.pieces); });
  };
  // A tile of rows keeps its panel of the other operand in the cache; without rows, memory is walked in order.
  if (schedule.rowLoop >= 0)
    return overVectors([&](ArrayRef<int64_t> widths) { emitOuter(outer, [&] { overRows(widths); }); });
  emitOuter(outer, [&] { overVectors(overRows); });
}

bool LoopEmitter::accumulates(int output) const {
  return llvm::all_of(schedule.reducedLoops, [&](int loop) { return nest.outputs[output].stride(loop) == 0; });
}

bool LoopEmitter::usesStart(const LoopNest &nest, const Schedule &schedule, int output) {
  return schedule.blockedLoop < 0 && llvm::all_of(schedule.outerLoops, [&](int loop) { return nest.parallel[loop]; }) &&
         llvm::all_of(schedule.reducedLoops, [&](int loop) { return nest.outputs[output].stride(loop) == 0; });
}

Value LoopEmitter::startOf(int output, int64_t row, Piece piece) {
  if (start[output] && usesStart(nest, schedule, output))
    return broadcastTo(builder, loc, start[output], piece.width);
  return load(nest.inputs.size() + output, row, piece);
}

void LoopEmitter::emitTile(int64_t rows, ArrayRef<int64_t> widths) {
  SmallVector<Piece> pieces;
  int64_t distance = 0;
  for (int64_t width : widths) {
    pieces.push_back({distance, width});
    distance += width;
  }
  SmallVector<int> slots = llvm::to_vector(llvm::seq<int>(0, pieces.size()));
  loaded.clear();
  if (schedule.reducedLoops.empty() && !schedule.vectorIsReduced) {
    emitStep({}, rows, pieces, slots, pieces.size());
    return;
  }
  // Accumulators by output, row, piece.
  Values accumulators;
  for (int output = 0, e = nest.outputs.size(); output < e; ++output) {
    if (!accumulates(output))
      continue;
    for (int64_t row = 0; row < rows; ++row) {
      if (!schedule.vectorIsReduced) {
        for (Piece piece : pieces)
          accumulators.push_back(startOf(output, row, piece));
        continue;
      }
      Type type = nest.outputs[output].elementType;
      TypedAttr neutral = neutralElement(builder, nest.combiners[output], type);
      for (int64_t width : slotWidths) {
        TypedAttr value = width == 1 ? neutral : DenseElementsAttr::get(VectorType::get({width}, type), Attribute(neutral));
        accumulators.push_back(arith::ConstantOp::create(builder, loc, value));
      }
    }
  }
  Values results = emitReduction(0, accumulators, rows, pieces);
  loaded.clear();
  if (schedule.vectorIsReduced)
    return combineLanes(results, rows);
  size_t next = 0;
  for (int output = 0, e = nest.outputs.size(); output < e; ++output)
    if (accumulates(output))
      for (int64_t row = 0; row < rows; ++row)
        for (Piece piece : pieces)
          store(output, row, piece, results[next++]);
}

LoopEmitter::Values LoopEmitter::emitReduction(size_t level, Values accumulators, int64_t rows, ArrayRef<Piece> pieces) {
  auto inside = [&](Values values) {
    loaded.clear();
    return emitReduction(level + 1, std::move(values), rows, pieces);
  };
  if (level == schedule.reducedLoops.size()) {
    if (schedule.vectorIsReduced)
      return emitLanes(std::move(accumulators), rows);
    return emitStep(std::move(accumulators), rows, pieces, llvm::to_vector(llvm::seq<int>(0, pieces.size())), pieces.size());
  }
  int loop = schedule.reducedLoops[level];
  int64_t count = loop == schedule.blockedLoop ? schedule.block : nest.sizes[loop];
  if (count == 1)
    return inside(std::move(accumulators));
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0), one = arith::ConstantIndexOp::create(builder, loc, 1);
  Value end = arith::ConstantIndexOp::create(builder, loc, count);
  auto op = scf::ForOp::create(builder, loc, zero, end, one, accumulators);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(op.getBody());
  counters.push_back({loop, op.getInductionVar(), 1});
  Values results = inside(llvm::to_vector_of<Value>(op.getRegionIterArgs()));
  counters.pop_back();
  loaded.clear();
  if (!results.empty()) {
    builder.setInsertionPointToEnd(op.getBody());
    scf::YieldOp::create(builder, loc, results);
  }
  return llvm::to_vector_of<Value>(op.getResults());
}

/// The reduced vector loop itself, innermost.
LoopEmitter::Values LoopEmitter::emitLanes(Values accumulators, int64_t rows) {
  int loop = schedule.vectorLoop;
  for (auto [segment, slots] : llvm::zip_equal(schedule.vectorSegments, laneSlots)) {
    SmallVector<Piece> pieces;
    int64_t distance = 0;
    for (int64_t width : segment.pieces) {
      pieces.push_back({distance, width});
      distance += width;
    }
    loaded.clear();
    base[loop] += segment.start;
    if (segment.count == 1) {
      accumulators = emitStep(std::move(accumulators), rows, pieces, slots, slotWidths.size());
    } else {
      Value zero = arith::ConstantIndexOp::create(builder, loc, 0), one = arith::ConstantIndexOp::create(builder, loc, 1);
      Value end = arith::ConstantIndexOp::create(builder, loc, segment.count);
      auto op = scf::ForOp::create(builder, loc, zero, end, one, accumulators);
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToStart(op.getBody());
      counters.push_back({loop, op.getInductionVar(), segment.step});
      Values results = emitStep(llvm::to_vector_of<Value>(op.getRegionIterArgs()), rows, pieces, slots, slotWidths.size());
      counters.pop_back();
      builder.setInsertionPointToEnd(op.getBody());
      scf::YieldOp::create(builder, loc, results);
      accumulators = llvm::to_vector_of<Value>(op.getResults());
    }
    base[loop] -= segment.start;
    loaded.clear();
  }
  return accumulators;
}

/// The body at each point of the tile. `slots` says which accumulator of a row each piece uses, of `slotCount`.
LoopEmitter::Values LoopEmitter::emitStep(Values accumulators, int64_t rows, ArrayRef<Piece> pieces, ArrayRef<int> slots,
                                          int slotCount) {
  for (int64_t row = 0; row < rows; ++row)
    for (auto [piece, slot] : llvm::zip_equal(pieces, slots)) {
      Values arguments;
      for (int input = 0, e = nest.inputs.size(); input < e; ++input)
        arguments.push_back(nest.readsInput[input] ? load(input, row, piece) : Value());
      auto slotOf = [&](int accumulated) { return (accumulated * rows + row) * slotCount + slot; };
      int accumulated = 0;
      for (int output = 0, e = nest.outputs.size(); output < e; ++output) {
        if (!accumulators.empty() && accumulates(output)) {
          arguments.push_back(accumulators[slotOf(accumulated++)]);
          continue;
        }
        if (nest.readsOutput[output]) {
          Value known = schedule.reducedLoops.empty() ? start[output] : Value();
          arguments.push_back(known ? broadcastTo(builder, loc, known, piece.width)
                                    : load(nest.inputs.size() + output, row, piece));
          continue;
        }
        arguments.push_back(Value());
      }
      Values results = body.copy(builder, arguments, piece.width,
                                 [&, row = row, piece = piece](int64_t loop) { return countOf(loop, row, piece); });
      accumulated = 0;
      for (int output = 0, e = nest.outputs.size(); output < e; ++output) {
        if (!accumulators.empty() && accumulates(output))
          accumulators[slotOf(accumulated++)] = results[output];
        else
          store(output, row, piece, results[output]);
      }
    }
  return accumulators;
}

/// Adds the lanes of the partial results to the outputs.
void LoopEmitter::combineLanes(ArrayRef<Value> accumulators, int64_t rows) {
  size_t next = 0;
  for (int output = 0, e = nest.outputs.size(); output < e; ++output) {
    Combiner combiner = nest.combiners[output];
    for (int64_t row = 0; row < rows; ++row) {
      SmallVector<Value> parts(accumulators.slice(next, slotWidths.size()));
      next += slotWidths.size();
      // Equal widths first, as vectors.
      SmallVector<Value> combined;
      for (Value part : parts) {
        if (!combined.empty() && combined.back().getType() == part.getType())
          combined.back() = combine(builder, loc, combiner, combined.back(), part);
        else
          combined.push_back(part);
      }
      Value total = startOf(output, row, {0, 1});
      for (Value part : combined)
        total = combineLanesOf(builder, loc, combiner, part, total);
      store(output, row, {0, 1}, total);
    }
  }
}

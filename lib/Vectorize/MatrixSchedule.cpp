// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds the loops of a product whose operands are in the order of matrix registers: a[row, pairs], b[pairs, column, 2], c[row, column].
#include "MatrixSchedule.h"
#include "PairedProducts.h"
#include "ScheduleCost.h"
#include "Tile.h"

using namespace mlir;
using namespace tally;

/// Registers of rows and of columns in a tile, of which all products and both operands are in the eight registers: beside two of the other
/// kind, and beside one.
static constexpr int64_t besideTwo = 2, besideOne = 3;
/// Bytes of a row of a register, in columns of f32 and pairs of bf16.
static constexpr int64_t columnsOfRegister = 16, pairsOfRegister = 16;
/// Products in a block that are worth loading and storing the sums.
static constexpr int64_t leastProducts = 512;
/// Elements between rows that lie in pages of their own, and how much slower those are.
static constexpr int64_t farStride = 2048;
static constexpr double farCost = 1.3;
/// What a row is worth where two registers overlap, and the rows in both are computed twice.
static constexpr double overlapWorth = 0.9;
/// Fewer pairs, rows or columns are not worth an instruction.
static constexpr int64_t leastPairs = 4, leastSteps = 5;

std::optional<MatrixFactors> tally::findMatrixFactors(const LoopNest &nest, int column) {
  std::optional<std::pair<int, int>> found = findNarrowFactors(nest);
  if (!found)
    return std::nullopt;
  MatrixFactors factors{found->first, found->second};
  if (nest.inputs[factors.a].stride(column))
    std::swap(factors.a, factors.b);
  return factors;
}

namespace {
/// The strides of a loop in the factors and the result.
struct Strides {
  int64_t a, b, c;
  Strides(const LoopNest &nest, MatrixFactors factors, int loop)
      : a(nest.inputs[factors.a].stride(loop)), b(nest.inputs[factors.b].stride(loop)), c(nest.outputs.front().stride(loop)) {}
};
} // namespace

/// Steps of `size` that a register takes: as many as fit and divide it. All registers of a kind have one form, as a function sets their
/// forms once.
static int64_t stepsOfRegister(int64_t size, int64_t most) {
  int64_t steps = std::min(size, most);
  while (size % steps)
    --steps;
  return steps;
}

/// `size` steps in registers of `each`, at most `registers` of them in a tile.
static SmallVector<Segment> tilesOf(int64_t size, int64_t each, int64_t registers) {
  SmallVector<Segment> segments = balanced(size / each, registers);
  for (Segment &segment : segments) {
    segment.pieces.assign(segment.step, each);
    segment.start *= each;
    segment.step *= each;
  }
  return segments;
}

/// Cuts reduced loops, from the outermost on, until what the tiles of one block read again stays in the second cache.
static void chooseBlocks(const LoopNest &nest, MatrixFactors factors, TargetAttr target, Schedule &schedule) {
  SmallVector<int> inside(schedule.reducedLoops);
  llvm::append_range(inside, ArrayRef<int>{schedule.matrix->depth, schedule.matrix->pair, schedule.vectorLoop});
  for (const UnrolledLoop &unrolled : schedule.unrolled)
    inside.push_back(unrolled.loop);
  LoopNest block = nest;
  auto fits = [&] {
    return footprintOf(block, nest.inputs[factors.a], inside) + footprintOf(block, nest.inputs[factors.b], inside) <= target.getL2Bytes() / 2;
  };
  auto products = [&] {
    int64_t number = 2 * nest.sizes[schedule.matrix->depth];
    for (int loop : schedule.reducedLoops)
      number *= block.sizes[loop];
    return number;
  };
  for (int loop : schedule.reducedLoops) {
    int64_t &steps = block.sizes[loop];
    while (steps > 1 && !fits() && products() / 2 >= leastProducts)
      steps = stepsOfRegister(nest.sizes[loop], steps - 1);
    if (steps < nest.sizes[loop])
      schedule.blocks.push_back({loop, steps});
  }
}

/// The loops that can be rows, those of near rows first.
static SmallVector<int> findRows(const LoopNest &nest, MatrixFactors factors) {
  SmallVector<int> rows;
  for (int loop = 0; loop < nest.loops(); ++loop)
    if (Strides strides(nest, factors, loop); nest.parallel[loop] && strides.a > 0 && strides.b == 0 && strides.c > 0)
      rows.push_back(loop);
  llvm::stable_sort(rows, [&](int x, int y) { return Strides(nest, factors, x).a < Strides(nest, factors, y).a; });
  return rows;
}

/// The loops of a register: rows are those that fill it best, near ones first.
static std::optional<MatrixLoops> findLoops(const LoopNest &nest, MatrixFactors factors, ArrayRef<int> rows, int64_t rowsOfRegister, bool mayOverlap) {
  MatrixLoops loops{-1, -1, -1, 0, 0};
  for (int loop = 0; loop < nest.loops(); ++loop) {
    Strides strides(nest, factors, loop);
    if (nest.parallel[loop] || strides.c != 0)
      continue;
    if (strides.a == 1 && strides.b == 1 && nest.sizes[loop] == 2)
      loops.pair = loop;
    else if (strides.a == 2 && strides.b > 0)
      loops.depth = loop;
  }
  double best = 0;
  for (int loop : rows) {
    int64_t size = nest.sizes[loop], registers = llvm::divideCeil(size, rowsOfRegister), steps = stepsOfRegister(size, rowsOfRegister);
    double useful = steps, overlapping = overlapWorth * size / registers;
    if (mayOverlap && registers == besideTwo && overlapping > useful) {
      useful = overlapping;
      steps = rowsOfRegister;
    }
    if (Strides(nest, factors, loop).a > farStride)
      useful /= farCost;
    if (useful > best) {
      best = useful;
      loops.rows = steps;
      loops.row = loop;
    }
  }
  if (loops.pair < 0 || loops.depth < 0 || loops.row < 0)
    return std::nullopt;
  loops.pairs = stepsOfRegister(nest.sizes[loops.depth], pairsOfRegister);
  return loops;
}

/// As many registers as all products of a tile and both operands leave room for.
static void chooseTile(const LoopNest &nest, ArrayRef<int> rows, Schedule &schedule) {
  const MatrixLoops &loops = *schedule.matrix;
  int64_t size = nest.sizes[loops.row], registers = llvm::divideCeil(size, loops.rows);
  int64_t columns = nest.sizes[schedule.vectorLoop], columnRegisters = columns / schedule.lanes;
  // Another loop of rows, where one register holds all steps of the first.
  const auto *other = llvm::find_if(rows, [&](int loop) { return loop != loops.row && nest.sizes[loop] > 1; });
  int64_t rowRegisters = registers > 1 ? registers : other != rows.end() ? nest.sizes[*other] : 1;
  int64_t perColumn = std::min(columnRegisters, rowRegisters > 1 ? besideTwo : besideOne);
  int64_t perRow = std::min(rowRegisters, perColumn > 1 ? besideTwo : besideOne);
  schedule.vectorSegments = tilesOf(columns, schedule.lanes, perColumn);
  if (registers == 1 && perRow > 1)
    schedule.unrolled.push_back({*other, balanced(nest.sizes[*other], perRow)});
  bool overlaps = size % loops.rows;
  schedule.unrolled.push_back({loops.row, overlaps ? SmallVector<Segment>{{0, 1, size, {}}} : tilesOf(size, loops.rows, registers > 1 ? perRow : 1)});
}

std::optional<Schedule> tally::chooseMatrixSchedule(const LoopNest &nest, TargetAttr target, bool mayOverlap) {
  if (!target.getMatrixRows() || nest.outputs.size() != 1)
    return std::nullopt;
  Schedule schedule;
  for (int loop = 0; loop < nest.loops() && schedule.vectorLoop < 0; ++loop)
    if (nest.parallel[loop] && nest.outputs.front().stride(loop) == 1)
      schedule.vectorLoop = loop;
  std::optional<MatrixFactors> factors = schedule.vectorLoop < 0 ? std::nullopt : findMatrixFactors(nest, schedule.vectorLoop);
  if (!factors)
    return std::nullopt;
  Strides columns(nest, *factors, schedule.vectorLoop);
  if (columns.a != 0 || columns.b != 2)
    return std::nullopt;
  SmallVector<int> rows = findRows(nest, *factors);
  schedule.matrix = findLoops(nest, *factors, rows, target.getMatrixRows(), mayOverlap);
  schedule.lanes = stepsOfRegister(nest.sizes[schedule.vectorLoop], columnsOfRegister);
  if (!schedule.matrix || schedule.matrix->pairs < leastPairs || schedule.matrix->rows < leastSteps || schedule.lanes < leastSteps)
    return std::nullopt;
  chooseTile(nest, rows, schedule);
  orderLoops(nest, schedule);
  orderForCache(nest, target, schedule);
  chooseBlocks(nest, *factors, target, schedule);
  // What is computed twice must not be added twice.
  if (nest.sizes[schedule.matrix->row] % schedule.matrix->rows && !usesStart(nest, schedule, 0))
    return chooseMatrixSchedule(nest, target, /*mayOverlap=*/false);
  schedule.worthThreads = isWorthThreads(nest);
  return schedule;
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Tiles of matrix registers: each step multiplies pairs of a row with pairs of a column (AMX).
#include "MatrixSchedule.h"
#include "Tile.h"
#include "mlir/Dialect/AMX/AMXDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "tally/Support/CountChange.h"

using namespace mlir;
using namespace tally;

namespace {
/// Registers are results by rows, then columns.
class MatrixTile : public Tile {
public:
  MatrixTile(LoopAccess &access, bool startsAtZero)
      : access(access), builder(access.builder), loc(access.loc), nest(access.nest), loops(*access.schedule.matrix),
        factors(*findMatrixFactors(nest, access.schedule.vectorLoop)), startsAtZero(startsAtZero) {}

  Values begin(ArrayRef<Piece> pieces) override {
    Values sums;
    forEach(pieces, [&](int64_t row, Piece piece) {
      auto type = amx::TileType::get({loops.rows, piece.width}, builder.getF32Type());
      sums.push_back(startsAtZero ? amx::TileZeroOp::create(builder, loc, type).getResult()
                                  : load(result(), type, row, piece.distance, strideOf(result(), loops.row)));
    });
    return sums;
  }

  Values step(Values sums, ArrayRef<Piece> pieces) override {
    auto inside = [&](Values values) { return multiply(std::move(values), pieces); };
    int64_t count = nest.sizes[loops.depth] / loops.pairs;
    return count == 1 ? inside(std::move(sums)) : access.emitFor(loops.depth, count, loops.pairs, std::move(sums), inside);
  }

  void end(Values sums, ArrayRef<Piece> pieces) override {
    declareOverlap(pieces);
    auto *next = sums.begin();
    forEach(pieces, [&](int64_t row, Piece piece) {
      amx::TileStoreOp::create(builder, loc, access.flatOf(result()), access.indexOf(result(), row, piece.distance), *next++,
                               strideOf(result(), loops.row));
    });
  }

private:
  int result() const { return nest.inputs.size(); }

  /// The first row of each register; the last one may overlap with the one before.
  SmallVector<int64_t> registers() const {
    SmallVector<int64_t> all;
    int64_t extent = access.extents.back(), rows = access.rows();
    for (int64_t outer = 0; outer < rows; outer += extent)
      for (int64_t row = 0; row < extent; row += loops.rows)
        all.push_back(outer + std::min(row, extent - loops.rows));
    return all;
  }

  /// Rows that two registers compute.
  void declareOverlap(ArrayRef<Piece> pieces) {
    int64_t extent = access.extents.back(), twice = llvm::divideCeil(extent, loops.rows) * loops.rows - extent, columns = 0;
    for (Piece piece : pieces)
      columns += piece.width;
    Count products = access.executions * (access.rows() / extent) * twice * columns * 2 * nest.sizes[loops.depth];
    for (int loop : access.schedule.reducedLoops)
      products *= nest.sizes[loop];
    OpCount surplus;
    surplus.add(OperationKind::Multiply, builder.getBF16Type(), products);
    surplus.add(OperationKind::Add, builder.getF32Type(), products);
    if (twice)
      declareCountChange(nest.op, "overlapping rows of matrix registers", surplus, OpCount());
  }

  void forEach(ArrayRef<Piece> pieces, llvm::function_ref<void(int64_t, Piece)> visit) const {
    for (int64_t row : registers())
      for (Piece piece : pieces)
        visit(row, piece);
  }

  Value strideOf(int position, int loop) {
    int64_t stride = position == result() ? nest.outputs.front().stride(loop) : nest.inputs[position].stride(loop);
    return arith::ConstantIndexOp::create(builder, loc, stride);
  }

  Value load(int position, amx::TileType type, int64_t row, int64_t distance, Value stride) {
    return amx::TileLoadOp::create(builder, loc, type, access.flatOf(position), access.indexOf(position, row, distance), stride);
  }

  Values multiply(Values sums, ArrayRef<Piece> pieces) {
    Type narrow = builder.getBF16Type();
    Values columns;
    for (auto [number, row] : llvm::enumerate(registers())) {
      Value a = load(factors.a, amx::TileType::get({loops.rows, 2 * loops.pairs}, narrow), row, 0, strideOf(factors.a, loops.row));
      for (auto [column, piece] : llvm::enumerate(pieces)) {
        if (number == 0)
          columns.push_back(load(factors.b, amx::TileType::get({loops.pairs, 2 * piece.width}, narrow), 0, piece.distance,
                                 strideOf(factors.b, loops.depth)));
        Value &sum = sums[number * pieces.size() + column];
        sum = amx::TileMulFOp::create(builder, nest.op->getLoc(), sum.getType(), a, columns[column], sum);
      }
    }
    return sums;
  }

  LoopAccess &access;
  OpBuilder &builder;
  Location loc;
  const LoopNest &nest;
  MatrixLoops loops;
  MatrixFactors factors;
  bool startsAtZero;
};
} // namespace

std::unique_ptr<Tile> tally::createMatrixTile(LoopAccess &access, bool startsAtZero) {
  return std::make_unique<MatrixTile>(access, startsAtZero);
}

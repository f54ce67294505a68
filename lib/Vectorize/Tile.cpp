// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Tiles that repeat the scalar body on vectors: one product and sum a step.
#include "PairedProducts.h"
#include "Tile.h"
#include "VectorBody.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "tally/Support/CountChange.h"
#include "tally/Support/ScalarOperation.h"
#include <numeric>

using namespace mlir;
using namespace tally;

static bool accumulates(const LoopNest &nest, const Schedule &schedule, int output) {
  return llvm::all_of(schedule.reducedLoops, [&](int loop) { return nest.outputs[output].stride(loop) == 0; });
}

bool tally::usesStart(const LoopNest &nest, const Schedule &schedule, int output) {
  return schedule.blocks.empty() && llvm::all_of(schedule.outerLoops, [&](int loop) { return nest.parallel[loop]; }) &&
         accumulates(nest, schedule, output);
}

namespace {
/// What both kinds share: the body at each row and piece.
class BodyTile : public Tile {
public:
  BodyTile(LoopAccess &access, ArrayRef<Value> start, bool contract)
      : access(access), builder(access.builder), loc(access.loc), nest(access.nest), schedule(access.schedule), start(start),
        body{access.nest.op, contract} {}

protected:
  int outputs() const { return nest.outputs.size(); }
  bool accumulates(int output) const { return ::accumulates(nest, schedule, output); }

  Value startOf(int output, int64_t row, Piece piece) {
    if (start[output] && usesStart(nest, schedule, output))
      return broadcastTo(builder, loc, start[output], piece.width);
    return access.load(nest.inputs.size() + output, row, piece);
  }

  /// `slots` says which sum of a row each piece uses, of `slotCount`; outputs that are not summed are stored.
  Values emitBody(Values sums, ArrayRef<Piece> pieces, ArrayRef<int> slots, int slotCount) {
    int64_t rows = access.rows();
    for (int64_t row = 0; row < rows; ++row)
      for (auto [piece, slot] : llvm::zip_equal(pieces, slots)) {
        Values arguments;
        for (int input = 0, e = nest.inputs.size(); input < e; ++input)
          arguments.push_back(nest.readsInput[input] ? access.load(input, row, piece) : Value());
        auto slotOf = [&](int summed) { return (summed * rows + row) * slotCount + slot; };
        int summed = 0;
        for (int output = 0; output < outputs(); ++output) {
          if (!sums.empty() && accumulates(output))
            arguments.push_back(sums[slotOf(summed++)]);
          else
            arguments.push_back(nest.readsOutput[output] ? oldOf(output, row, piece) : Value());
        }
        Values results = nest.paired ? pairedSum(arguments, piece.width) : body.copy(builder, arguments, piece.width,
                                   [&, row = row, piece = piece](int64_t loop) { return access.countOf(loop, row, piece); });
        summed = 0;
        for (int output = 0; output < outputs(); ++output) {
          if (!sums.empty() && accumulates(output))
            sums[slotOf(summed++)] = results[output];
          else
            access.store(output, row, piece, results[output]);
        }
      }
    return sums;
  }

  LoopAccess &access;
  OpBuilder &builder;
  Location loc;
  const LoopNest &nest;
  const Schedule &schedule;
  SmallVector<Value> start;
  VectorBody body;

private:
  Values pairedSum(ArrayRef<Value> arguments, int64_t width) {
    auto [a, b] = *factors;
    return {createPairedProduct(builder, nest.op->getLoc(), arguments.back(), arguments[a], arguments[b], width)};
  }

  std::optional<std::pair<int, int>> factors = findNarrowFactors(nest);

  Value oldOf(int output, int64_t row, Piece piece) {
    Value known = schedule.reducedLoops.empty() ? start[output] : Value();
    return known ? broadcastTo(builder, loc, known, piece.width) : access.load(nest.inputs.size() + output, row, piece);
  }
};

/// Registers are sums by output, row, piece; none without a reduction.
class VectorTile : public BodyTile {
public:
  using BodyTile::BodyTile;

  Values begin(ArrayRef<Piece> pieces) override {
    Values sums;
    forEach(pieces, [&](int output, int64_t row, Piece piece) { sums.push_back(startOf(output, row, piece)); });
    return sums;
  }
  Values step(Values sums, ArrayRef<Piece> pieces) override {
    return emitBody(std::move(sums), pieces, llvm::to_vector(llvm::seq<int>(0, pieces.size())), pieces.size());
  }
  void end(Values sums, ArrayRef<Piece> pieces) override {
    auto *next = sums.begin();
    forEach(pieces, [&](int output, int64_t row, Piece piece) { access.store(output, row, piece, *next++); });
  }

private:
  void forEach(ArrayRef<Piece> pieces, llvm::function_ref<void(int, int64_t, Piece)> visit) {
    for (int output = 0; !schedule.reducedLoops.empty() && output < outputs(); ++output)
      for (int64_t row = 0, rows = access.rows(); accumulates(output) && row < rows; ++row)
        for (Piece piece : pieces)
          visit(output, row, piece);
  }
};

/// The vector loop is reduced: registers are partial sums by output, row, slot. Full vectors share slots, narrower ones have their own.
class LaneTile : public BodyTile {
public:
  LaneTile(LoopAccess &access, ArrayRef<Value> start, bool contract) : BodyTile(access, start, contract) {
    for (const Segment &segment : schedule.vectorSegments) {
      bool shared = !widths.empty() && segment.pieces.front() == schedule.lanes;
      SmallVector<int> &slots = slotsOfSegment.emplace_back();
      for (auto [position, width] : llvm::enumerate(segment.pieces)) {
        slots.push_back(shared ? position : widths.size());
        if (!shared)
          widths.push_back(width);
      }
    }
  }

  Values begin(ArrayRef<Piece>) override {
    Values sums;
    for (int output = 0; output < outputs(); ++output)
      for (int64_t row = 0, rows = access.rows(); row < rows; ++row)
        for (int64_t width : widths)
          sums.push_back(neutral(output, width));
    return sums;
  }

  Values step(Values sums, ArrayRef<Piece>) override {
    int loop = schedule.vectorLoop;
    for (auto [segment, slots] : llvm::zip_equal(schedule.vectorSegments, slotsOfSegment)) {
      SmallVector<Piece> pieces = piecesOf(segment.pieces);
      auto inside = [&, &slots = slots](Values values) { return emitBody(std::move(values), pieces, slots, widths.size()); };
      access.forgetLoads();
      access.base[loop] += segment.start;
      sums = segment.count == 1 ? inside(std::move(sums))
                                : access.emitFor(loop, segment.count, segment.step, std::move(sums), inside);
      access.base[loop] -= segment.start;
    }
    return sums;
  }

  /// Adds the lanes to the outputs.
  void end(Values sums, ArrayRef<Piece>) override {
    ArrayRef<Value> left = sums;
    for (int output = 0; output < outputs(); ++output) {
      Operation *scalar = combinerOf(output);
      for (int64_t row = 0, rows = access.rows(); row < rows; ++row) {
        Combiner combiner = nest.combiners[output];
        SmallVector<Value> combined; // equal widths first, as vectors
        for (Value part : left.take_front(widths.size())) {
          if (!combined.empty() && combined.back().getType() == part.getType())
            combined.back() = combine(builder, scalar->getLoc(), combiner, combined.back(), part);
          else
            combined.push_back(part);
        }
        left = left.drop_front(widths.size());
        Value total = startOf(output, row, {0, 1});
        for (Value part : combined)
          total = combineLanesOf(builder, scalar->getLoc(), combiner, part, total);
        access.store(output, row, {0, 1}, total);
      }
      declareLanes(scalar);
    }
  }

private:
  Operation *combinerOf(int output) const {
    linalg::GenericOp op = nest.op;
    return op.getBlock()->getTerminator()->getOperand(output).getDefiningOp();
  }

  /// Each lane starts from the neutral element and is one more term of its sum.
  void declareLanes(Operation *scalar) const {
    OpCount lanes;
    ScalarOperation kind = **classifyScalarOperation(scalar);
    lanes.add(kind.kind, kind.type, access.executions * access.rows() * std::accumulate(widths.begin(), widths.end(), int64_t(0)));
    declareCountChange(scalar, "partial sums in lanes", lanes, OpCount());
  }

  Value neutral(int output, int64_t width) {
    Type type = nest.outputs[output].elementType;
    TypedAttr value = neutralElement(builder, nest.combiners[output], type);
    if (width > 1)
      value = DenseElementsAttr::get(VectorType::get({width}, type), Attribute(value));
    return arith::ConstantOp::create(builder, loc, value);
  }

  SmallVector<SmallVector<int>> slotsOfSegment;
  SmallVector<int64_t> widths;
};
} // namespace

std::unique_ptr<Tile> tally::createTile(LoopAccess &access, ArrayRef<Value> start, bool contract) {
  if (access.schedule.matrix)
    return createMatrixTile(access, /*startsAtZero=*/start.front() != nullptr);
  if (access.schedule.vectorIsReduced)
    return std::make_unique<LaneTile>(access, start, contract);
  return std::make_unique<VectorTile>(access, start, contract);
}

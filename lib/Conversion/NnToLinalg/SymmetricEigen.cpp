// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Eigenvalues by cyclic Jacobi: loops of constant length over a table of pairs.
#include "NnToLinalg.h"
#include "dialects/Nn/ScalarBuilder.h"
#include <limits>

using namespace mlir;
using namespace tally;
using nn::ScalarBuilder;

namespace {
/// Builds the loops over matrices of one size.
class JacobiBuilder {
public:
  JacobiBuilder(OpBuilder &builder, Location loc, RankedTensorType type)
      : builder(builder), loc(loc), type(type), size(type.getDimSize(0)), b(builder, loc, type.getElementType()) {}

  using Body = llvm::function_ref<SmallVector<Value>(JacobiBuilder &, Value, ValueRange)>;

  Value position(int64_t value) { return arith::ConstantIndexOp::create(builder, loc, value); }
  Value read(Value tensor, ValueRange at) { return tensor::ExtractOp::create(builder, loc, tensor, at); }
  Value write(Value value, Value tensor, ValueRange at) {
    return tensor::InsertOp::create(builder, loc, value, tensor, at);
  }

  /// state = body(i, state) for i = 0 ... trips - 1.
  SmallVector<Value> repeat(int64_t trips, ValueRange state, Body body) {
    Value first = position(0), end = position(trips), step = position(1);
    auto loop = scf::ForOp::create(builder, loc, first, end, step, state,
                                   [&](OpBuilder &nested, Location nestedLoc, Value i, ValueRange inner) {
                                     JacobiBuilder build(nested, nestedLoc, type);
                                     scf::YieldOp::create(nested, nestedLoc, body(build, i, inner));
                                   });
    return llvm::to_vector_of<Value>(loop.getResults());
  }

  /// The pairs p < q as a constant [pairs, 2].
  Value pairTable() {
    SmallVector<int64_t> entries;
    for (int64_t p = 0; p < size; ++p)
      for (int64_t q = p + 1; q < size; ++q)
        entries.append({p, q});
    auto table = RankedTensorType::get({pairs(), 2}, builder.getIndexType());
    return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(table, ArrayRef<int64_t>(entries)));
  }
  Value identity() {
    SmallVector<Attribute> entries(size * size, builder.getFloatAttr(type.getElementType(), 0));
    for (int64_t i = 0; i < size; ++i)
      entries[i * size + i] = builder.getFloatAttr(type.getElementType(), 1);
    return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(type, entries));
  }
  int64_t pairs() const { return size * (size - 1) / 2; }

  /// Cosine and sine of the rotation that makes a[p, q] zero.
  std::pair<Value, Value> angle(Value a, Value p, Value q) {
    Value off = read(a, {p, q});
    Value d = b.sub(read(a, {q, q}), read(a, {p, p})), h = b.add(off, off);
    Value root = b.sqrt(b.add(b.mul(d, d), b.mul(h, h)));
    Value magnitude = math::AbsFOp::create(builder, loc, d);
    double tiny =
        type.getElementType().isF64() ? std::numeric_limits<double>::min() : std::numeric_limits<float>::min();
    Value t = b.div(h, b.max(b.add(magnitude, root), b.constant(tiny)));
    t = b.select(b.less(d, b.constant(0)), b.neg(t), t);
    Value c = b.rsqrt(b.add(b.mul(t, t), b.constant(1)));
    return {c, b.mul(t, c)};
  }

  /// (u, v) becomes (c*u - s*v, s*u + c*v) for rows (or columns) p and q of a matrix.
  Value rotate(Value matrix, Value p, Value q, Value c, Value s, bool columns) {
    return repeat(size, matrix,
                  [&](JacobiBuilder &inner, Value k, ValueRange state) -> SmallVector<Value> {
                    SmallVector<Value> first{p, k}, second{q, k};
                    if (columns) {
                      std::swap(first[0], first[1]);
                      std::swap(second[0], second[1]);
                    }
                    ScalarBuilder &f = inner.b;
                    Value u = inner.read(state[0], first), v = inner.read(state[0], second);
                    Value next = inner.write(f.sub(f.mul(c, u), f.mul(s, v)), state[0], first);
                    return {inner.write(f.add(f.mul(s, u), f.mul(c, v)), next, second)};
                  })
        .front();
  }

  /// The place of each diagonal element in descending order: one compare for each pair.
  Value ranks(Value a, Value table) {
    auto positions = RankedTensorType::get(size, builder.getIndexType());
    Value zeros = linalg::FillOp::create(builder, loc, position(0), createEmpty(builder, loc, positions)).getResult(0);
    return repeat(pairs(), zeros,
                  [&](JacobiBuilder &inner, Value pair, ValueRange state) -> SmallVector<Value> {
                    Value p = inner.read(table, {pair, inner.position(0)}),
                          q = inner.read(table, {pair, inner.position(1)});
                    Value swapped = inner.b.greater(inner.read(a, {q, q}), inner.read(a, {p, p}));
                    Value zero = inner.position(0), one = inner.position(1), ranks = state[0];
                    auto advance = [&](Value element, Value distance) {
                      Value moved =
                          arith::AddIOp::create(inner.builder, inner.loc, inner.read(ranks, element), distance);
                      ranks = inner.write(moved, ranks, element);
                    };
                    advance(p, inner.b.select(swapped, one, zero));
                    advance(q, inner.b.select(swapped, zero, one));
                    return {ranks};
                  })
        .front();
  }

  OpBuilder &builder;
  Location loc;
  RankedTensorType type;
  int64_t size;
  ScalarBuilder b;
};

struct SymmetricEigenLowering : OpConversionPattern<nn::SymmetricEigenOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::SymmetricEigenOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    JacobiBuilder build(rewriter, op.getLoc(), cast<RankedTensorType>(op.getA().getType()));
    Value table = build.pairTable();
    SmallVector<Value> start{adaptor.getA(), build.identity()};
    SmallVector<Value> done = build.repeat(op.getSweeps(), start, [&](JacobiBuilder &sweep, Value, ValueRange state) {
      return sweep.repeat(
          sweep.pairs(), state, [&](JacobiBuilder &inner, Value pair, ValueRange matrices) -> SmallVector<Value> {
            Value p = inner.read(table, {pair, inner.position(0)}), q = inner.read(table, {pair, inner.position(1)});
            auto [c, s] = inner.angle(matrices[0], p, q);
            Value a = inner.rotate(matrices[0], p, q, c, s, /*columns=*/true);
            return {inner.rotate(a, p, q, c, s, /*columns=*/false),
                    inner.rotate(matrices[1], p, q, c, s, /*columns=*/false)};
          });
    });

    Value ranks = build.ranks(done[0], table);
    SmallVector<Value> sorted{createEmpty(rewriter, op.getLoc(), op.getValues().getType()),
                              createEmpty(rewriter, op.getLoc(), op.getVectors().getType())};
    rewriter.replaceOp(
        op,
        build.repeat(build.size, sorted, [&](JacobiBuilder &outer, Value i, ValueRange state) -> SmallVector<Value> {
          Value rank = outer.read(ranks, i);
          Value values = outer.write(outer.read(done[0], {i, i}), state[0], rank);
          SmallVector<Value> vectors = outer.repeat(
              outer.size, state[1], [&](JacobiBuilder &inner, Value k, ValueRange rows) -> SmallVector<Value> {
                return {inner.write(inner.read(done[1], {i, k}), rows[0], {rank, k})};
              });
          return {values, vectors.front()};
        }));
    return success();
  }
};
} // namespace

void tally::populateSymmetricEigenLowering(RewritePatternSet &patterns) {
  patterns.add<SymmetricEigenLowering>(patterns.getContext());
}

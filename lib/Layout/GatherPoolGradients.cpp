// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --gather-pool-gradients.
#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Analysis/TopologicalSortUtils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "tally/Layout/Passes.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_GATHERPOOLGRADIENTS
#include "tally/Layout/Passes.h.inc"
} // namespace tally

namespace {
/// for n, c, h, w: dx[n, c, position[n, c, h, w]] += dy[n, c, h, w], from zeros; dx is then seen as [N, C, H, W].
struct Scatter {
  scf::ForOp loop;
  tensor::ExpandShapeOp image;
  Value dy, position;
};
/// The maximum that the positions come from: loops n c h w r s.
struct Pool {
  linalg::GenericOp op;
  tensor::InsertSliceOp border; ///< the image with its border, null where there is none
  AffineMap imageMap, outputMap;
  Value here; ///< in the body: the position that the loops read
};
} // namespace

static std::optional<Scatter> matchScatter(scf::ForOp loop) {
  if (loop.getNumResults() != 1 || !loop->hasOneUse())
    return std::nullopt;
  auto image = dyn_cast<tensor::ExpandShapeOp>(*loop->user_begin());
  auto fill = loop.getInits()[0].getDefiningOp<linalg::FillOp>();
  if (!image || image.getResultType().getRank() != 4 || !fill || !matchPattern(fill.getInputs()[0], m_AnyZeroFloat()))
    return std::nullopt;
  SmallVector<Value> counters;
  SmallVector<int64_t> sizes;
  scf::ForOp inner = loop;
  for (;;) {
    std::optional<int64_t> size = getConstantIntValue(inner.getUpperBound());
    if (getConstantIntValue(inner.getLowerBound()) != 0 || getConstantIntValue(inner.getStep()) != 1 || !size ||
        inner.getNumResults() != 1)
      return std::nullopt;
    counters.push_back(inner.getInductionVar());
    sizes.push_back(*size);
    auto next = dyn_cast<scf::ForOp>(inner.getBody()->front());
    if (!next || next.getInits()[0] != inner.getRegionIterArgs()[0])
      break;
    inner = next;
  }
  auto insert = inner.getBody()->getTerminator()->getOperand(0).getDefiningOp<tensor::InsertOp>();
  auto sum = insert ? insert.getScalar().getDefiningOp<arith::AddFOp>() : nullptr;
  auto old = sum ? sum.getLhs().getDefiningOp<tensor::ExtractOp>() : nullptr;
  auto term = sum ? sum.getRhs().getDefiningOp<tensor::ExtractOp>() : nullptr;
  if (!old || !term || insert.getDest() != inner.getRegionIterArgs()[0] || old.getTensor() != insert.getDest() ||
      insert.getIndices().size() != 3 || old.getIndices() != insert.getIndices() || counters.size() != 4 ||
      term.getIndices() != ValueRange(counters) || term.getTensor().getType().getShape() != ArrayRef(sizes) ||
      insert.getIndices().take_front(2) != ValueRange(counters).take_front(2))
    return std::nullopt;
  auto position = insert.getIndices()[2].getDefiningOp<tensor::ExtractOp>();
  if (!position || position.getIndices() != ValueRange(counters))
    return std::nullopt;
  return Scatter{loop, image, term.getTensor(), position.getTensor()};
}

static std::optional<Pool> matchPool(Value position, RankedTensorType dx) {
  auto result = dyn_cast<OpResult>(position);
  auto op = dyn_cast_or_null<linalg::GenericOp>(position.getDefiningOp());
  if (!op || op.getNumLoops() != 6 || op.getNumDpsInputs() != 2)
    return std::nullopt;
  Value yielded = op.getRegion().front().getTerminator()->getOperand(result.getResultNumber());
  auto select = yielded.getDefiningOp<arith::SelectOp>();
  if (!select || !isa<IndexType>(select.getType()) ||
      select.getFalseValue() != op.getRegionOutputArgs()[result.getResultNumber()])
    return std::nullopt;
  Value image = op.getDpsInputs()[0];
  auto border = image.getDefiningOp<tensor::InsertSliceOp>();
  if (image.getType() != dx && (!border || border.getSourceType() != dx))
    return std::nullopt;
  return Pool{op, image.getType() == dx ? nullptr : border, op.getMatchingIndexingMap(op.getDpsInputOperand(0)),
              op.getIndexingMapMatchingResult(result), select.getTrueValue()};
}

/// dx[n, c, row(h, r), column(w, s)] += position[n, c, h, w] == here(h, w, r, s) ? dy[n, c, h, w] : 0
static Value gather(OpBuilder &builder, Scatter &scatter, Pool &pool) {
  Location loc = scatter.loop.getLoc();
  RankedTensorType dx = scatter.image.getResultType(), type = pool.border ? pool.border.getType() : dx;
  Value zero = arith::ConstantOp::create(builder, loc, builder.getFloatAttr(type.getElementType(), 0));
  Value empty = tensor::EmptyOp::create(builder, loc, type.getShape(), type.getElementType());
  Value zeros = linalg::FillOp::create(builder, loc, zero, empty).getResult(0), taps = pool.op.getDpsInputs()[1];
  AffineMap tapsMap = pool.op.getMatchingIndexingMap(pool.op.getDpsInputOperand(1));
  SmallVector<utils::IteratorType> iterators(2, utils::IteratorType::parallel);
  iterators.append(4, utils::IteratorType::reduction);
  auto op = linalg::GenericOp::create(builder, loc, type, ValueRange{scatter.dy, scatter.position, taps}, zeros,
                                      ArrayRef<AffineMap>{pool.outputMap, pool.outputMap, tapsMap, pool.imageMap},
                                      iterators, [&](OpBuilder &nested, Location bodyLoc, ValueRange in) {
                                        BackwardSliceOptions options;
                                        options.inclusive = true;
                                        llvm::SetVector<Operation *> slice;
                                        (void)getBackwardSlice(pool.here, &slice, options);
                                        IRMapping mapping;
                                        for (Operation *inner : mlir::topologicalSort(slice))
                                          if (inner->getBlock() == &pool.op.getRegion().front())
                                            nested.clone(*inner, mapping);
                                        Value here = mapping.lookupOrDefault(pool.here);
                                        Value hit = arith::CmpIOp::create(nested, bodyLoc, arith::CmpIPredicate::eq,
                                                                          in[1], here);
                                        Value term = arith::SelectOp::create(nested, bodyLoc, hit, in[0], zero);
                                        Value sum = arith::AddFOp::create(nested, bodyLoc, in[3], term);
                                        linalg::YieldOp::create(nested, bodyLoc, sum);
                                      });
  if (!pool.border)
    return op.getResult(0);
  return tensor::ExtractSliceOp::create(builder, loc, dx, op.getResult(0), pool.border.getMixedOffsets(),
                                        pool.border.getMixedSizes(), pool.border.getMixedStrides());
}

namespace {
struct GatherPoolGradients : tally::impl::GatherPoolGradientsBase<GatherPoolGradients> {
  void runOnOperation() override {
    SmallVector<Scatter> scatters;
    getOperation()->walk([&](scf::ForOp loop) {
      if (std::optional<Scatter> scatter = matchScatter(loop))
        scatters.push_back(*scatter);
    });
    for (Scatter &scatter : scatters) {
      std::optional<Pool> pool = matchPool(scatter.position, scatter.image.getResultType());
      if (!pool)
        continue;
      OpBuilder builder(scatter.image);
      scatter.image.getResult().replaceAllUsesWith(gather(builder, scatter, *pool));
      scatter.image.erase();
      scatter.loop.erase();
      ++gathered;
    }
  }
};
} // namespace

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --gather-gradients.
#include "mlir/Analysis/FlatLinearValueConstraints.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "tally/Layout/Passes.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_GATHERGRADIENTS
#include "tally/Layout/Passes.h.inc"
} // namespace tally

namespace {
/// One spatial axis: output position o = stride * h + dilation * t, of which [offset, offset + size) is wanted.
struct Axis {
  int64_t result;                        ///< place in the map of the output
  int64_t output, tap;                   ///< loops h and t
  int64_t dyResult, weightResult;        ///< places in the maps of dy and the weight
  int64_t stride, dilation, steps, taps; ///< of h and t
  int64_t offset, size;
  int64_t border = 0, padded = 0; ///< zeros before dy, and its size with zeros
};

/// The positions of an axis with o % stride == residue.
struct Phase {
  int64_t residue, taps, first, count;

  Phase(const Axis &axis, int64_t residue) : residue(residue) {
    taps = residue < axis.taps ? llvm::divideCeil(axis.taps - residue, axis.stride) : 0;
    first = std::max<int64_t>(0, llvm::divideCeilSigned(axis.offset - residue, axis.stride));
    count = llvm::divideFloorSigned(axis.size - 1 + axis.offset - residue, axis.stride) - first + 1;
  }
  bool isEmpty() const { return taps <= 0 || count <= 0; }
};

struct Scatter {
  linalg::GenericOp op;
  tensor::ExtractSliceOp crop; ///< the only user, or null
  SmallVector<Axis> axes;
  unsigned dy, weight; ///< operand numbers
};
} // namespace

static std::optional<int64_t> placeOf(AffineMap map, int64_t loop) {
  return map.getResultPosition(getAffineDimExpr(loop, map.getContext()));
}

/// result += a * b from zeros.
static bool multipliesIntoZeros(linalg::GenericOp op) {
  if (op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1 || !op.hasPureTensorSemantics())
    return false;
  auto fill = op.getDpsInits()[0].getDefiningOp<linalg::FillOp>();
  if (!fill || !matchPattern(fill.getInputs()[0], m_AnyZeroFloat()))
    return false;
  Block &body = op.getRegion().front();
  auto sum = body.getTerminator()->getOperand(0).getDefiningOp<arith::AddFOp>();
  if (!sum)
    return false;
  Value product = sum.getLhs() == body.getArgument(2) ? sum.getRhs() : sum.getLhs();
  auto multiply = product.getDefiningOp<arith::MulFOp>();
  return multiply && llvm::all_of(multiply->getOperands(), llvm::IsaPred<BlockArgument>) && body.getOperations().size() == 3;
}

/// True where `crop` keeps every dimension whole but those of the axes.
static bool cropsOnly(tensor::ExtractSliceOp crop, ArrayRef<Axis> axes) {
  if (crop.getType().getRank() != crop.getSourceType().getRank())
    return false;
  for (int64_t dimension = 0; dimension < crop.getType().getRank(); ++dimension)
    if (crop.getType().getDimSize(dimension) != crop.getSourceType().getDimSize(dimension) &&
        llvm::none_of(axes, [&](const Axis &axis) { return axis.result == dimension; }))
      return false;
  return true;
}

static std::optional<Scatter> matchScatter(linalg::GenericOp op) {
  if (!multipliesIntoZeros(op))
    return std::nullopt;
  Scatter scatter{op, nullptr, {}, 0, 1};
  SmallVector<int64_t> ranges = op.getStaticLoopRanges();
  AffineMap output = op.getIndexingMapsArray()[2];
  for (auto [place, expression] : llvm::enumerate(output.getResults())) {
    if (isa<AffineDimExpr>(expression))
      continue;
    SmallVector<int64_t> flat;
    if (failed(getFlattenedAffineExpr(expression, output.getNumDims(), 0, &flat)) || flat.back() != 0)
      return std::nullopt;
    SmallVector<int64_t> loops;
    for (auto [loop, factor] : llvm::enumerate(ArrayRef<int64_t>(flat).drop_back()))
      if (factor)
        loops.push_back(loop);
    if (loops.size() != 2 || flat[loops[0]] < 1 || flat[loops[1]] < 1)
      return std::nullopt;
    Axis axis;
    axis.result = place;
    AffineMap dy = op.getIndexingMapsArray()[scatter.dy];
    axis.output = placeOf(dy, loops[0]) ? loops[0] : loops[1];
    axis.tap = axis.output == loops[0] ? loops[1] : loops[0];
    auto dyResult = placeOf(dy, axis.output), weightResult = placeOf(op.getIndexingMapsArray()[scatter.weight], axis.tap);
    if (!dyResult || !weightResult || dy.isFunctionOfDim(axis.tap))
      return std::nullopt;
    axis.dyResult = *dyResult;
    axis.weightResult = *weightResult;
    axis.stride = flat[axis.output];
    axis.dilation = flat[axis.tap];
    axis.steps = ranges[axis.output];
    axis.taps = ranges[axis.tap];
    axis.offset = 0;
    axis.size = cast<RankedTensorType>(op.getResult(0).getType()).getDimSize(place);
    if (axis.stride > 1 && axis.dilation > 1)
      return std::nullopt;
    scatter.axes.push_back(axis);
  }
  if (scatter.axes.empty())
    return std::nullopt;
  if (op->hasOneUse()) {
    auto crop = dyn_cast<tensor::ExtractSliceOp>(*op->user_begin());
    if (crop && crop.hasUnitStride() && !llvm::any_of(crop.getStaticOffsets(), ShapedType::isDynamic) &&
        cropsOnly(crop, scatter.axes)) {
      scatter.crop = crop;
      for (Axis &axis : scatter.axes) {
        axis.offset = crop.getStaticOffsets()[axis.result];
        axis.size = crop.getType().getDimSize(axis.result);
      }
    }
  }
  for (Axis &axis : scatter.axes) {
    int64_t last = 0;
    for (int64_t residue = 0; residue < axis.stride; ++residue) {
      Phase phase(axis, residue);
      if (phase.isEmpty())
        continue;
      axis.border = std::max(axis.border, (phase.taps - 1) * axis.dilation - phase.first);
      last = std::max(last, phase.first + phase.count - 1);
    }
    axis.padded = axis.border + std::max(axis.steps, last + 1);
  }
  return scatter;
}

static Value createZeros(OpBuilder &builder, Location loc, RankedTensorType type) {
  Value zero = arith::ConstantOp::create(builder, loc, builder.getFloatAttr(type.getElementType(), 0));
  Value empty = tensor::EmptyOp::create(builder, loc, type.getShape(), type.getElementType());
  return linalg::FillOp::create(builder, loc, zero, empty).getResult(0);
}

/// dy with its border of zeros.
static Value padDy(OpBuilder &builder, const Scatter &scatter) {
  linalg::GenericOp op = scatter.op;
  Value dy = op.getDpsInputs()[scatter.dy];
  auto type = cast<RankedTensorType>(dy.getType());
  SmallVector<int64_t> shape(type.getShape()), offsets(type.getRank(), 0), strides(type.getRank(), 1);
  for (const Axis &axis : scatter.axes) {
    shape[axis.dyResult] = axis.padded;
    offsets[axis.dyResult] = axis.border;
  }
  auto attributes = [&](ArrayRef<int64_t> values) { return getAsIndexOpFoldResult(builder.getContext(), values); };
  if (shape == type.getShape())
    return dy;
  return tensor::InsertSliceOp::create(builder, op.getLoc(), dy, createZeros(builder, op.getLoc(), type.clone(shape)),
                                       attributes(offsets), attributes(type.getShape()), attributes(strides));
}

/// One phase of all axes into `into`.
static Value gatherPhase(OpBuilder &builder, const Scatter &scatter, Value dy, Value into, ArrayRef<Phase> phases) {
  linalg::GenericOp op = scatter.op;
  MLIRContext *context = builder.getContext();
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
  SmallVector<AffineExpr> dyResults(maps[scatter.dy].getResults()), weightResults(maps[scatter.weight].getResults()),
      outputResults(maps[2].getResults());
  SmallVector<std::pair<AffineExpr, int64_t>> ranges; // loops that no operand tells the steps of
  for (auto [axis, phase] : llvm::zip_equal(scatter.axes, phases)) {
    AffineExpr position = getAffineDimExpr(axis.output, context), tap = getAffineDimExpr(axis.tap, context);
    // h = (o - dilation * t) / stride, the taps of the phase backwards: their last is tap 0.
    dyResults[axis.dyResult] = position + tap * axis.dilation + (phase.first + axis.border - (phase.taps - 1) * axis.dilation);
    weightResults[axis.weightResult] = tap * -axis.stride + (axis.stride * (phase.taps - 1) + phase.residue);
    outputResults[axis.result] = position * axis.stride + (axis.stride * phase.first + phase.residue - axis.offset);
    ranges.push_back({position, phase.count});
    ranges.push_back({tap, phase.taps});
    iterators[axis.output] = utils::IteratorType::parallel;
    iterators[axis.tap] = utils::IteratorType::reduction;
  }
  auto mapOf = [&](ArrayRef<AffineExpr> results) { return AffineMap::get(iterators.size(), 0, results, context); };
  SmallVector<Value> inputs{dy, op.getDpsInputs()[scatter.weight]};
  SmallVector<AffineMap> newMaps{mapOf(dyResults), mapOf(weightResults)};
  for (auto [loop, steps] : ranges) {
    inputs.push_back(tensor::EmptyOp::create(builder, op.getLoc(), steps, builder.getI8Type()));
    newMaps.push_back(mapOf(loop));
  }
  newMaps.push_back(mapOf(outputResults));
  return linalg::GenericOp::create(builder, op.getLoc(), into.getType(), inputs, into, newMaps, iterators,
                                   [](OpBuilder &nested, Location loc, ValueRange in) {
                                     Value product = arith::MulFOp::create(nested, loc, in[0], in[1]);
                                     Value sum = arith::AddFOp::create(nested, loc, in.back(), product);
                                     linalg::YieldOp::create(nested, loc, sum);
                                   })
      .getResult(0);
}

/// All combinations of residues, axis by axis.
static Value gather(OpBuilder &builder, const Scatter &scatter, Value dy, Value into, SmallVectorImpl<Phase> &phases) {
  if (phases.size() == scatter.axes.size())
    return gatherPhase(builder, scatter, dy, into, phases);
  const Axis &axis = scatter.axes[phases.size()];
  for (int64_t residue = 0; residue < axis.stride; ++residue) {
    Phase phase(axis, residue);
    if (phase.isEmpty())
      continue;
    phases.push_back(phase);
    into = gather(builder, scatter, dy, into, phases);
    phases.pop_back();
  }
  return into;
}

namespace {
struct GatherGradients : tally::impl::GatherGradientsBase<GatherGradients> {
  void runOnOperation() override {
    SmallVector<linalg::GenericOp> ops;
    getOperation()->walk([&](linalg::GenericOp op) { ops.push_back(op); });
    for (linalg::GenericOp op : ops) {
      std::optional<Scatter> scatter = matchScatter(op);
      if (!scatter)
        continue;
      OpBuilder builder(op);
      Operation *result = scatter->crop ? scatter->crop.getOperation() : op.getOperation();
      auto type = cast<RankedTensorType>(result->getResult(0).getType());
      SmallVector<Phase> phases;
      Value gathered = gather(builder, *scatter, padDy(builder, *scatter), createZeros(builder, op.getLoc(), type), phases);
      result->getResult(0).replaceAllUsesWith(gathered);
      result->erase();
      if (scatter->crop)
        op.erase();
      ++this->gathered;
    }
  }
};
} // namespace

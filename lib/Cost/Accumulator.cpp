// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Accumulators of linalg ops that start at their neutral element.
#include "llvm/ADT/DenseSet.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "tally/Cost/LoopCounter.h"
#include "tally/Support/ScalarOperation.h"

using namespace mlir;
using namespace tally;

/// Whether a structured op only copies its one input.
static bool isCopy(linalg::GenericOp op) {
  return op.getNumDpsInputs() == 1 && op.getNumDpsInits() == 1 && op.getMatchingYieldValue(op.getDpsInitOperand(0))->get() == op.getBlock()->getArgument(0);
}

/// The constant that every element of a tensor has, looking through fills and moves; null when unknown.
static Attribute constantElement(Value tensor) {
  Attribute value;
  while (Operation *op = tensor.getDefiningOp()) {
    if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::ExtractSliceOp, linalg::CopyOp>(op))
      tensor = op->getOperand(0);
    else if (auto generic = dyn_cast<linalg::GenericOp>(op); generic && isCopy(generic))
      tensor = generic.getDpsInputs().front();
    else
      break;
  }
  if (auto fill = tensor.getDefiningOp<linalg::FillOp>())
    return matchPattern(fill.getInputs().front(), m_Constant(&value)) ? value : Attribute();
  if (auto splat = tensor.getDefiningOp<tensor::SplatOp>())
    return matchPattern(splat.getInput(), m_Constant(&value)) ? value : Attribute();
  if (matchPattern(tensor, m_Constant(&value)))
    if (auto dense = dyn_cast<SplatElementsAttr>(value))
      return dense.getSplatValue<Attribute>();
  return {};
}

static bool isLowest(Attribute value) {
  if (auto number = dyn_cast<FloatAttr>(value))
    return number.getValue().isInfinity() && number.getValue().isNegative();
  auto integer = dyn_cast<IntegerAttr>(value);
  return integer && integer.getValue().isMinSignedValue();
}

static bool isHighest(Attribute value) {
  if (auto number = dyn_cast<FloatAttr>(value))
    return number.getValue().isInfinity() && !number.getValue().isNegative();
  auto integer = dyn_cast<IntegerAttr>(value);
  return integer && integer.getValue().isMaxSignedValue();
}

static bool isNeutral(Attribute value, OperationKind kind) {
  auto number = dyn_cast<FloatAttr>(value);
  auto integer = dyn_cast<IntegerAttr>(value);
  switch (kind) {
  case OperationKind::Add:
    return number ? number.getValue().isZero() : integer && integer.getValue().isZero();
  case OperationKind::Multiply:
    return number ? number.getValue().isExactlyValue(1.0) : integer && integer.getValue().isOne();
  case OperationKind::Maximum:
    return isLowest(value);
  case OperationKind::Minimum:
    return isHighest(value);
  default:
    return false;
  }
}

/// The ops that do nothing but take the first value of the accumulator `init`.
static SmallVector<Operation *> findCombiners(linalg::LinalgOp op, OpOperand &init) {
  BlockArgument accumulator = op.getMatchingBlockArgument(&init);
  if (accumulator.use_empty())
    return {};
  Attribute start = constantElement(init.get());
  if (!start)
    return {};
  Operation *combine = op.getBlock()->getTerminator()->getOperand(init.getOperandNumber() - op.getNumDpsInputs()).getDefiningOp();
  if (!combine || !llvm::is_contained(combine->getOperands(), accumulator))
    return {};
  FailureOr<std::optional<ScalarOperation>> scalar = classifyScalarOperation(combine);
  if (failed(scalar) || !*scalar)
    return {};
  // A maximum whose position is kept apart compares with the accumulator, too.
  SmallVector<Operation *> users(accumulator.getUsers());
  auto combines = [&](Operation *user) { return user == combine || isa<arith::CmpFOp>(user); };
  if (isNeutral(start, (*scalar)->kind) && llvm::count(users, combine) == 1 && llvm::all_of(users, combines))
    return users;
  // A maximum that keeps its position: value = select(compare(x, value), x, value), two uses of the accumulator.
  auto select = dyn_cast<arith::SelectOp>(combine);
  auto compare = select ? select.getCondition().getDefiningOp<arith::CmpFOp>() : arith::CmpFOp();
  if (!compare || !llvm::is_contained(compare->getOperands(), accumulator) || !(isLowest(start) || isHighest(start)))
    return {};
  return {compare, combine};
}

/// Collects the values that `expr` takes while the loops run.
static void collectValues(AffineExpr expr, ArrayRef<int64_t> ranges, llvm::DenseSet<int64_t> &values) {
  SmallVector<unsigned> loops;
  for (unsigned loop = 0; loop < ranges.size(); ++loop)
    if (expr.isFunctionOfDim(loop))
      loops.push_back(loop);
  SmallVector<Attribute> point(ranges.size(), IntegerAttr::get(IndexType::get(expr.getContext()), 0));
  AffineMap map = AffineMap::get(ranges.size(), 0, expr);
  SmallVector<int64_t> position(loops.size(), 0);
  if (llvm::any_of(loops, [&](unsigned loop) { return ranges[loop] == 0; }))
    return;
  while (true) {
    for (auto [loop, at] : llvm::zip_equal(loops, position))
      point[loop] = IntegerAttr::get(IndexType::get(expr.getContext()), at);
    SmallVector<Attribute> result;
    if (succeeded(map.constantFold(point, result)))
      values.insert(cast<IntegerAttr>(result.front()).getInt());
    size_t digit = 0;
    while (digit < loops.size() && ++position[digit] == ranges[loops[digit]])
      position[digit++] = 0;
    if (digit == loops.size())
      return;
  }
}

/// The elements of the result, as far as it is used, to which the loops add at least once.
static FailureOr<Count> countTouched(linalg::LinalgOp op, OpOperand &init) {
  SmallVector<int64_t> ranges = op.getStaticLoopRanges();
  AffineMap map = op.getMatchingIndexingMap(&init);
  // Each dimension counts by itself, so no loop may move two of them.
  for (unsigned loop = 0; loop < ranges.size(); ++loop)
    if (llvm::count_if(map.getResults(), [&](AffineExpr expr) { return expr.isFunctionOfDim(loop); }) > 1)
      return op->emitOpError("cannot be counted: a loop moves two dimensions of the accumulator");

  Value result = op.getTiedOpResult(&init);
  tensor::ExtractSliceOp slice;
  if (result.hasOneUse())
    slice = dyn_cast<tensor::ExtractSliceOp>(*result.user_begin());
  Count touched = 1;
  for (auto [dimension, expr] : llvm::enumerate(map.getResults())) {
    if (auto loop = dyn_cast<AffineDimExpr>(expr); loop && !slice) {
      touched *= ranges[loop.getPosition()];
      continue;
    }
    llvm::DenseSet<int64_t> values;
    collectValues(expr, ranges, values);
    int64_t inside = values.size();
    if (slice) {
      int64_t offset = slice.getStaticOffset(dimension), size = slice.getStaticSize(dimension), stride = slice.getStaticStride(dimension);
      if (ShapedType::isDynamic(offset) || ShapedType::isDynamic(size) || ShapedType::isDynamic(stride))
        return slice.emitOpError("cannot be counted: requires constant offsets, sizes and strides");
      inside = llvm::count_if(values, [&](int64_t value) {
        return value >= offset && (value - offset) % stride == 0 && (value - offset) / stride < size;
      });
    }
    touched *= inside;
  }
  return touched;
}

FailureOr<SmallVector<FirstOp>> tally::findFirstOps(linalg::LinalgOp op) {
  SmallVector<FirstOp> first;
  if (!op.hasPureTensorSemantics())
    return first;
  for (OpOperand &init : op.getDpsInitsMutable())
    for (Operation *combine : findCombiners(op, init)) {
      FailureOr<Count> touched = countTouched(op, init);
      if (failed(touched))
        return failure();
      first.push_back({combine, *touched});
    }
  return first;
}

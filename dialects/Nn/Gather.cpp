// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Types, gradients and costs of gather and scatter.
#include "dialects/Nn/Nn.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

#define GET_OP_CLASSES
#include "dialects/Nn/Gather.cpp.inc"

static RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

/// An error unless x is of rank 3 with rows, places are of rank 2 (C1), and the first sizes of `a` and `b` are equal or 1 (C2).
static LogicalResult checkTable(std::optional<Location> loc, RankedTensorType x, RankedTensorType places) {
  if (x.getRank() != 3 || places.getRank() != 2) // C1
    return emitOptionalError(loc, "requires a table of rank 3 and places of rank 2, got ", x, " and ", places);
  if (x.getDimSize(1) < 1 && places.getNumElements() != 0) // C1
    return emitOptionalError(loc, "requires a table with rows, got ", x);
  return success();
}

LogicalResult GatherOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor, SmallVectorImpl<Type> &types) {
  RankedTensorType x = typeOf(adaptor.getX()), places = typeOf(adaptor.getPlaces());
  if (failed(checkTable(loc, x, places)))
    return failure();
  int64_t tables = x.getDimSize(0), rows = places.getDimSize(0);
  if (tables != rows && tables != 1 && rows != 1) // C2
    return emitOptionalError(loc, "expects as many rows of places as tables, or one, got ", rows, " and ", tables);
  types.push_back(x.clone({tables == 1 ? rows : tables, places.getDimSize(1), x.getDimSize(2)}));
  return success();
}

/// One compare for each of `number` uses of a place that is a value: whether it counts from the end.
static SmallVector<CostTerm> costOfPlaces(Value places, int64_t number) {
  Type type = getElementTypeOrSelf(places.getType());
  if (type.isIndex())
    return {};
  return {CostTerm::body(OperationKind::Compare, type, number)};
}

SmallVector<CostTerm> GatherOp::getCost() { return costOfPlaces(getPlaces(), typeOf(getY()).getNumElements()); }

// dx = scatter of dy into zeros
LogicalResult GatherOp::buildGradient(GradientBuilder &gradients) {
  if (!gradients.needs(getX()))
    return success();
  RankedTensorType x = typeOf(getX()), y = typeOf(getY());
  Value zero = gradients.create<ConstantOp>(x.getElementType(), 0.0);
  Value zeros = gradients.create<BroadcastOp>(zero, x.getShape());
  Value dy = gradients.of(getY()), places = getPlaces();
  if (x.getDimSize(0) != y.getDimSize(0)) {
    // One table served all: the rows of all follow each other.
    int64_t rows = y.getDimSize(0) * y.getDimSize(1);
    if (typeOf(places).getDimSize(0) != y.getDimSize(0))
      places = gradients.create<BroadcastOp>(places, ArrayRef<int64_t>{y.getDimSize(0), y.getDimSize(1)});
    places = gradients.create<ReshapeOp>(places, ArrayRef<int64_t>{1, rows});
    dy = gradients.create<ReshapeOp>(dy, ArrayRef<int64_t>{1, rows, y.getDimSize(2)});
  }
  gradients.accumulate(getX(), gradients.create<ScatterOp>(ScatterReduction::Add, zeros, places, dy));
  return success();
}

LogicalResult ScatterOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor, SmallVectorImpl<Type> &types) {
  RankedTensorType x = typeOf(adaptor.getX()), places = typeOf(adaptor.getPlaces()), updates = typeOf(adaptor.getUpdates());
  if (failed(checkTable(loc, x, places)))
    return failure();
  if (updates.getRank() != 3 || updates.getElementType() != x.getElementType() || updates.getDimSize(0) != x.getDimSize(0) ||
      updates.getDimSize(2) != x.getDimSize(2)) // C1
    return emitOptionalError(loc, "expects updates that agree with x but for dimension 1, got ", updates, " and ", x);
  if ((places.getDimSize(0) != x.getDimSize(0) && places.getDimSize(0) != 1) || places.getDimSize(1) != updates.getDimSize(1)) // C2
    return emitOptionalError(loc, "expects a place for each update of ", updates, ", got ", places);
  types.push_back(x);
  return success();
}

SmallVector<CostTerm> ScatterOp::getCost() {
  RankedTensorType updates = typeOf(getUpdates());
  SmallVector<CostTerm> cost = costOfPlaces(getPlaces(), updates.getNumElements());
  static constexpr OperationKind kinds[] = {OperationKind::Add, OperationKind::Multiply, OperationKind::Maximum, OperationKind::Minimum};
  if (getReduction() != ScatterReduction::None && !updates.getElementType().isIndex())
    cost.push_back(CostTerm::body(kinds[static_cast<size_t>(getReduction()) - 1], updates.getElementType(), updates.getNumElements()));
  return cost;
}

LogicalResult ScatterOp::buildGradient(GradientBuilder &gradients) {
  Value dy = gradients.of(getY());
  if (getReduction() == ScatterReduction::Mul)
    return emitOpError("has no gradient where updates are combined by '") << stringifyScatterReduction(getReduction()) << "'";
  bool isExtremum = getReduction() == ScatterReduction::Max || getReduction() == ScatterReduction::Min;
  auto makeZero = [&]() -> Value { return gradients.create<ConstantOp>(getElementTypeOrSelf(dy.getType()), 0.0); };
  auto whereEqual = [&](Value extremum, Value part, Value gradient) -> Value {
    Value isIt = gradients.create<CompareOp>(Relation::Equal, extremum, part);
    return gradients.create<SelectOp>(isIt, gradient, makeZero());
  };
  if (gradients.needs(getUpdates())) {
    Value dupdates = gradients.create<GatherOp>(dy, getPlaces());
    if (isExtremum) {
      Value extremum = gradients.create<GatherOp>(getY(), getPlaces());
      dupdates = whereEqual(extremum, getUpdates(), dupdates);
    }
    gradients.accumulate(getUpdates(), dupdates);
  }
  if (gradients.needs(getX())) {
    Value dx = isExtremum ? whereEqual(getY(), getX(), dy) : dy;
    if (getReduction() == ScatterReduction::None) {
      Value zeros = gradients.create<BroadcastOp>(makeZero(), typeOf(getUpdates()).getShape());
      dx = gradients.create<ScatterOp>(ScatterReduction::None, dy, getPlaces(), zeros);
    }
    gradients.accumulate(getX(), dx);
  }
  return success();
}

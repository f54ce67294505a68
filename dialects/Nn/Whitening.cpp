// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Types and costs of the whitening ops.
#include "dialects/Nn/Nn.h"
#include "dialects/Nn/Window.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

#define GET_OP_CLASSES
#include "dialects/Nn/Whitening.cpp.inc"

static FailureOr<std::pair<Window, Window>> patchWindows(std::optional<Location> loc, RankedTensorType x,
                                                         ArrayRef<int64_t> kernel) {
  return windowsOf(loc, x.getShape().drop_front(2), kernel, {1, 1}, {1, 1}, {0, 0, 0, 0});
}

static int64_t countPatches(RankedTensorType x, const std::pair<Window, Window> &windows) {
  return x.getDimSize(0) * windows.first.outputs() * windows.second.outputs();
}

// patch_covariance

LogicalResult PatchCovarianceOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                                  SmallVectorImpl<Type> &types) {
  auto x = floatTensorOfRank(loc, adaptor.getX(), "x", 4);
  if (failed(x))
    return failure();
  auto windows = patchWindows(loc, *x, adaptor.getKernel()); // C1
  if (failed(windows))
    return failure();
  if (adaptor.getCentred() && countPatches(*x, *windows) < 2) // C2
    return emitOptionalError(loc, "requires at least 2 patches for a sample covariance, got ",
                             countPatches(*x, *windows));
  int64_t size = x->getDimSize(1) * windows->first.kernel * windows->second.kernel;
  types.push_back(x->clone({size, size}));
  return success();
}

SmallVector<CostTerm> PatchCovarianceOp::getCost() {
  auto x = cast<RankedTensorType>(getX().getType()), cov = cast<RankedTensorType>(getType());
  Type type = x.getElementType();
  Count patches = countPatches(x, *patchWindows(std::nullopt, x, getKernel())), results = cov.getNumElements();
  SmallVector<CostTerm> terms{CostTerm::product(type, type, patches * results, results)};
  if (getCentred()) {
    terms.push_back(CostTerm::sum(type, patches * cov.getDimSize(0), cov.getDimSize(0)));
    terms.push_back(CostTerm::body(OperationKind::Multiply, type, Count(3) * results));
    terms.push_back(CostTerm::body(OperationKind::Subtract, type, results));
  } else {
    terms.push_back(CostTerm::body(OperationKind::Multiply, type, results));
  }
  return terms;
}

// symmetric_eigen

LogicalResult SymmetricEigenOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                                 SmallVectorImpl<Type> &types) {
  auto a = floatTensorOfRank(loc, adaptor.getA(), "a", 2);
  if (failed(a))
    return failure();
  if (a->getDimSize(0) != a->getDimSize(1) || a->getDimSize(0) < 1) // C1
    return emitOptionalError(loc, "requires a square matrix, got ", *a);
  if (static_cast<int64_t>(adaptor.getSweeps()) < 1) // C2
    return emitOptionalError(loc, "requires at least 1 sweep, got ", static_cast<int64_t>(adaptor.getSweeps()));
  types.push_back(a->clone(a->getDimSize(0)));
  types.push_back(*a);
  return success();
}

SmallVector<CostTerm> SymmetricEigenOp::getCost() {
  auto a = cast<RankedTensorType>(getA().getType());
  int64_t size = a.getDimSize(0), pairs = size * (size - 1) / 2;
  Count rotations = Count(static_cast<int64_t>(getSweeps())) * pairs;
  SmallVector<CostTerm> terms;
  auto body = [&](OperationKind kind, Count number) {
    terms.push_back(CostTerm::body(kind, a.getElementType(), number));
  };
  // A rotation: its angle, then 4 multiplications, a subtraction and an addition on each of 3*size pairs of elements.
  body(OperationKind::Multiply, rotations * (4 + 12 * size));
  body(OperationKind::Add, rotations * (4 + 3 * size));
  body(OperationKind::Subtract, rotations * (1 + 3 * size));
  for (auto kind :
       {OperationKind::SquareRoot, OperationKind::Absolute, OperationKind::Maximum, OperationKind::Divide,
        OperationKind::Negate, OperationKind::Compare, OperationKind::Select, OperationKind::ReciprocalSquareRoot})
    body(kind, rotations);
  body(OperationKind::Compare, pairs); // the order
  return terms;
}

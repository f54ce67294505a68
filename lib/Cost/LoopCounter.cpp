// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Trips times the scalar ops of each loop, from linalg on tensors to vectors on buffers.
#include "tally/Cost/LoopCounter.h"
#include "mlir/Dialect/AMX/AMXDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Dialect/X86Vector/X86VectorDialect.h"
#include "tally/Kernels/KernelSignature.h"
#include "tally/Support/ScalarOperation.h"

using namespace mlir;
using namespace tally;

LogicalResult LoopCounter::addBlock(Block &block, Count times, LocatedCount &count) {
  for (Operation &op : block)
    if (failed(add(&op, times, count)))
      return failure();
  return success();
}

static bool isInKernel(Operation *op) {
  auto function = op->getParentOfType<func::FuncOp>();
  return function && function->hasAttr(kernelAttribute);
}

LogicalResult LoopCounter::addLinalg(linalg::LinalgOp op, Count times, LocatedCount &count) {
  Count trips = times;
  for (int64_t range : op.getStaticLoopRanges()) {
    if (ShapedType::isDynamic(range))
      return op->emitOpError("cannot be counted: requires static loop ranges");
    trips *= range;
  }
  if (failed(addBlock(*op.getBlock(), trips, count)))
    return failure();
  if (executed || isInKernel(op))
    return success();
  FailureOr<SmallVector<FirstOp>> firstOps = findFirstOps(op);
  if (failed(firstOps))
    return failure();
  for (const FirstOp &first : *firstOps) {
    ScalarOperation scalar = **classifyScalarOperation(first.op);
    count[first.op->getLoc()].add(scalar.kind, scalar.type, Count() - first.touched * times);
  }
  return success();
}

std::optional<Count> tally::tripsOf(LoopLikeOpInterface loop) {
  auto lowers = loop.getLoopLowerBounds(), uppers = loop.getLoopUpperBounds(), steps = loop.getLoopSteps();
  if (!lowers || !uppers || !steps)
    return std::nullopt;
  Count trips = 1;
  for (auto [lower, upper, step] : llvm::zip_equal(*lowers, *uppers, *steps)) {
    std::optional<int64_t> from = getConstantIntValue(lower), to = getConstantIntValue(upper), by = getConstantIntValue(step);
    if (!from || !to || !by || *by < 1)
      return std::nullopt;
    trips *= *from < *to ? llvm::divideCeil(*to - *from, *by) : 0;
  }
  return trips;
}

LogicalResult LoopCounter::addCall(func::CallOp call, Count times, LocatedCount &count) {
  auto callee = symbols.lookupNearestSymbolFrom<func::FuncOp>(call, call.getCalleeAttr());
  if (!callee || callee.isDeclaration())
    return call.emitOpError("cannot be counted: requires a function with a body, got ") << call.getCalleeAttr();
  auto known = functions.find(callee);
  if (known == functions.end()) {
    if (!callee.getBody().hasOneBlock())
      return callee.emitOpError("cannot be counted: requires one block");
    if (!open.insert(callee).second)
      return call.emitOpError("cannot be counted: the function calls itself");
    LocatedCount one;
    if (failed(addBlock(callee.getBody().front(), 1, one)))
      return failure();
    open.erase(callee);
    known = functions.try_emplace(callee, std::move(one)).first;
  }
  for (auto [location, number] : known->second) {
    number *= times;
    count[location] += number;
  }
  return success();
}

/// Both branches must cost the same, in each phase and layer, or the number would depend on data.
static LogicalResult requireEqual(scf::IfOp branch, const LocatedCount &yes, const LocatedCount &no) {
  std::map<Origin, OpCount> difference;
  OpCount sums[2];
  for (const auto &[location, number] : yes)
    difference[{phaseOf(location), layerOf(location)}] += number, sums[0] += number;
  for (const auto &[location, number] : no)
    difference[{phaseOf(location), layerOf(location)}] -= number, sums[1] += number;
  if (llvm::all_of(difference, [](const auto &entry) { return entry.second == OpCount(); }))
    return success();
  return branch.emitOpError("cannot be counted: its branches cost ")
         << sums[0].total().str() << " and " << sums[1].total().str() << " operations, or in other layers";
}

static OperationKind kindOf(vector::CombiningKind kind) {
  switch (kind) {
  case vector::CombiningKind::ADD:
    return OperationKind::Add;
  case vector::CombiningKind::MUL:
    return OperationKind::Multiply;
  case vector::CombiningKind::MINIMUMF:
  case vector::CombiningKind::MINNUMF:
  case vector::CombiningKind::MINSI:
  case vector::CombiningKind::MINUI:
    return OperationKind::Minimum;
  case vector::CombiningKind::MAXIMUMF:
  case vector::CombiningKind::MAXNUMF:
  case vector::CombiningKind::MAXSI:
  case vector::CombiningKind::MAXUI:
    return OperationKind::Maximum;
  case vector::CombiningKind::AND:
  case vector::CombiningKind::OR:
  case vector::CombiningKind::XOR:
    return OperationKind::Bitwise;
  }
  llvm_unreachable("all kinds are listed");
}

/// `number` products of factors of one type, each added to a sum of another.
static LogicalResult addProducts(Operation *op, Type factor, Type sum, Count number, LocatedCount &count) {
  count[op->getLoc()].add(OperationKind::Multiply, factor, number);
  count[op->getLoc()].add(OperationKind::Add, sum, number);
  return success();
}

/// An op without loops of its own: one operation, or one for each element of a vector or tensor.
static LogicalResult addScalar(Operation *op, Count times, LocatedCount &count) {
  if (auto reduction = dyn_cast<vector::ReductionOp>(op)) {
    int64_t number = reduction.getSourceVectorType().getNumElements() - (reduction.getAcc() ? 0 : 1);
    count[op->getLoc()].add(kindOf(reduction.getKind()), reduction.getSourceVectorType().getElementType(), times * number);
    return success();
  }
  if (auto fused = dyn_cast<vector::FMAOp>(op)) {
    auto type = dyn_cast<VectorType>(fused.getType());
    Type element = getElementTypeOrSelf(fused.getType());
    return addProducts(op, element, element, times * (type ? type.getNumElements() : 1), count);
  }
  if (auto product = dyn_cast<amx::TileMulFOp>(op)) {
    amx::TileType factor = product.getLhsTileType(), sum = product.getTileType();
    Count number = times * sum.getDimSize(0) * sum.getDimSize(1) * factor.getDimSize(1);
    return addProducts(op, factor.getElementType(), sum.getElementType(), number, count);
  }
  if (auto product = dyn_cast<x86vector::DotBF16Op>(op)) {
    VectorType factor = product.getA().getType();
    return addProducts(op, factor.getElementType(), product.getType().getElementType(), times * factor.getNumElements(), count);
  }
  FailureOr<std::optional<ScalarOperation>> scalar = classifyScalarOperation(op);
  if (failed(scalar)) {
    if (op->hasTrait<ZeroCost>())
      return success();
    return op->emitOpError("cannot be counted: the counting rules do not know it");
  }
  if (*scalar) {
    auto shaped = dyn_cast<ShapedType>(op->getResult(0).getType());
    count[op->getLoc()].add((*scalar)->kind, (*scalar)->type, shaped ? times * shaped.getNumElements() : times);
  }
  return success();
}

LogicalResult LoopCounter::add(Operation *op, Count times, LocatedCount &count) {
  if (auto structured = dyn_cast<linalg::LinalgOp>(op))
    return addLinalg(structured, times, count);
  if (auto loop = dyn_cast<scf::ForOp>(op)) {
    if (std::optional<llvm::APInt> trips = loop.getStaticTripCount())
      return addBlock(*loop.getBody(), times * trips->getSExtValue(), count);
    return loop.emitOpError("cannot be counted: requires constant bounds");
  }
  if (auto loop = dyn_cast<scf::ParallelOp>(op)) {
    std::optional<Count> trips = tripsOf(loop);
    if (!trips || loop.getNumReductions())
      return loop.emitOpError("cannot be counted: requires constant bounds, and no reduction");
    return addBlock(*loop.getBody(), times * *trips, count);
  }
  if (auto branch = dyn_cast<scf::IfOp>(op)) {
    LocatedCount yes, no;
    if (failed(addBlock(*branch.thenBlock(), times, yes)) || (branch.elseBlock() && failed(addBlock(*branch.elseBlock(), times, no))) ||
        failed(requireEqual(branch, yes, no)))
      return failure();
    for (const auto &[location, number] : yes)
      count[location] += number;
    return success();
  }
  if (auto call = dyn_cast<func::CallOp>(op))
    return addCall(call, times, count);
  if (auto generate = dyn_cast<tensor::GenerateOp>(op))
    if (generate.getType().hasStaticShape())
      return addBlock(generate.getBody().front(), times * generate.getType().getNumElements(), count);
  if (auto pad = dyn_cast<tensor::PadOp>(op))
    return addBlock(pad.getRegion().front(), times, count); // a constant, or it is refused below
  if (op->getNumRegions() != 0)
    return op->emitOpError("cannot be counted: its regions have no known number of trips");
  return addScalar(op, times, count);
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Copies a scalar body onto vectors.
#include "VectorBody.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace tally;

Value tally::broadcastTo(OpBuilder &builder, Location loc, Value value, int64_t width) {
  if (width == 1)
    return value;
  return vector::BroadcastOp::create(builder, loc, VectorType::get({width}, value.getType()), value);
}

Value tally::combine(OpBuilder &builder, Location loc, Combiner combiner, Value lhs, Value rhs) {
  bool isFloat = isa<FloatType>(getElementTypeOrSelf(lhs.getType()));
  switch (combiner) {
  case Combiner::Add:
    return isFloat ? arith::AddFOp::create(builder, loc, lhs, rhs).getResult()
                   : arith::AddIOp::create(builder, loc, lhs, rhs).getResult();
  case Combiner::Multiply:
    return isFloat ? arith::MulFOp::create(builder, loc, lhs, rhs).getResult()
                   : arith::MulIOp::create(builder, loc, lhs, rhs).getResult();
  case Combiner::Maximum:
    return arith::MaximumFOp::create(builder, loc, lhs, rhs);
  case Combiner::Minimum:
    return arith::MinimumFOp::create(builder, loc, lhs, rhs);
  case Combiner::None:
    break;
  }
  llvm_unreachable("a reduction without a known combiner is not split into lanes");
}

TypedAttr tally::neutralElement(OpBuilder &builder, Combiner combiner, Type type) {
  auto real = dyn_cast<FloatType>(type);
  if (!real)
    return builder.getIntegerAttr(type, combiner == Combiner::Multiply ? 1 : 0);
  if (combiner == Combiner::Add || combiner == Combiner::Multiply)
    return builder.getFloatAttr(type, combiner == Combiner::Multiply ? 1.0 : 0.0);
  return builder.getFloatAttr(type, APFloat::getInf(real.getFloatSemantics(), combiner == Combiner::Maximum));
}

Value tally::combineLanesOf(OpBuilder &builder, Location loc, Combiner combiner, Value vector, Value start) {
  if (!isa<VectorType>(vector.getType()))
    return combine(builder, loc, combiner, start, vector);
  vector::CombiningKind kind = combiner == Combiner::Add        ? vector::CombiningKind::ADD
                               : combiner == Combiner::Multiply ? vector::CombiningKind::MUL
                               : combiner == Combiner::Maximum  ? vector::CombiningKind::MAXIMUMF
                                                                : vector::CombiningKind::MINIMUMF;
  // The lanes are added as a tree: an order of its own, but always the same.
  return vector::ReductionOp::create(builder, loc, kind, vector, start, arith::FastMathFlags::reassoc);
}

SmallVector<Value> VectorBody::copy(OpBuilder &builder, ArrayRef<Value> arguments, int64_t width,
                                    llvm::function_ref<Value(int64_t)> count) const {
  linalg::GenericOp generic = op;
  Block &block = generic.getRegion().front();
  IRMapping mapping;
  for (auto [argument, value] : llvm::zip_equal(block.getArguments(), arguments))
    mapping.map(argument, value);
  auto lookup = [&](Value value) {
    // A value from outside of the body is the same in all lanes.
    if (!mapping.contains(value) && value.getParentBlock() != &block)
      mapping.map(value, broadcastTo(builder, generic.getLoc(), value, width));
    return mapping.lookup(value);
  };
  for (Operation &scalar : block.without_terminator()) {
    Location loc = scalar.getLoc();
    if (auto index = dyn_cast<linalg::IndexOp>(scalar)) {
      mapping.map(index.getResult(), count(index.getDim()));
      continue;
    }
    if (auto constant = dyn_cast<arith::ConstantOp>(scalar)) {
      TypedAttr value = constant.getValue();
      if (width > 1)
        value = DenseElementsAttr::get(VectorType::get({width}, value.getType()), Attribute(value));
      mapping.map(constant.getResult(), arith::ConstantOp::create(builder, loc, value));
      continue;
    }
    for (Value operand : scalar.getOperands())
      lookup(operand);
    Operation *copied = builder.clone(scalar, mapping);
    if (width > 1)
      for (OpResult result : copied->getResults())
        result.setType(VectorType::get({width}, result.getType()));
    auto fast = dyn_cast<arith::ArithFastMathInterface>(copied);
    if (contract && fast && isa<arith::AddFOp, arith::SubFOp, arith::MulFOp>(copied))
      copied->setAttr(fast.getFastMathAttrName(),
                      arith::FastMathFlagsAttr::get(builder.getContext(), arith::FastMathFlags::contract));
  }
  SmallVector<Value> results;
  for (Value yielded : block.getTerminator()->getOperands())
    results.push_back(lookup(yielded));
  return results;
}

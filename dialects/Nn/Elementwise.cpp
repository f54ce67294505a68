// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Scalar bodies and gradients of the elementwise arithmetic.
#include "dialects/Nn/Nn.h"
#include "dialects/Nn/ScalarBuilder.h"
#include "dialects/Nn/ScalarDerivative.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

#define GET_OP_CLASSES
#include "dialects/Nn/Elementwise.cpp.inc"

/// The float form of an arithmetic op, or the integer form on whole numbers and positions.
template <typename FloatOp, typename IntegerOp>
static Value createArithmetic(OpBuilder &builder, Location loc, ValueRange in) {
  if (in[0].getType().isIntOrIndex())
    return IntegerOp::create(builder, loc, in[0], in[1]);
  return FloatOp::create(builder, loc, in[0], in[1]);
}

// z = x + y
Value AddOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  return createArithmetic<arith::AddFOp, arith::AddIOp>(builder, loc, in);
}

// dx = dz, dy = dz
LogicalResult AddOp::buildGradient(GradientBuilder &gradients) {
  Value dz = gradients.of(getZ());
  for (Value operand : {getX(), getY()})
    if (gradients.needs(operand))
      gradients.accumulate(operand, sumToShape(gradients, dz, operand.getType()));
  return success();
}

// z = x - y
Value SubOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  return createArithmetic<arith::SubFOp, arith::SubIOp>(builder, loc, in);
}

// dx = dz, dy = -dz; the minus after the sum, where there are fewer elements
LogicalResult SubOp::buildGradient(GradientBuilder &gradients) {
  Value dz = gradients.of(getZ());
  if (gradients.needs(getX()))
    gradients.accumulate(getX(), sumToShape(gradients, dz, getX().getType()));
  if (gradients.needs(getY()))
    gradients.accumulate(getY(), gradients.create<NegOp>(sumToShape(gradients, dz, getY().getType())));
  return success();
}

// z = x * y
Value MulOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  return createArithmetic<arith::MulFOp, arith::MulIOp>(builder, loc, in);
}

// dx = dz * y, dy = dz * x
LogicalResult MulOp::buildGradient(GradientBuilder &gradients) {
  Value dz = gradients.of(getZ());
  if (getX() == getY() && gradients.needs(getX())) { // a square: dx = (2 * dz) * x
    Value twice = gradients.create<AddOp>(dz, dz);
    gradients.accumulate(getX(), gradients.create<MulOp>(twice, getX()));
    return success();
  }
  if (gradients.needs(getX()))
    gradients.accumulate(getX(), sumToShape(gradients, gradients.create<MulOp>(dz, getY()), getX().getType()));
  if (gradients.needs(getY()))
    gradients.accumulate(getY(), sumToShape(gradients, gradients.create<MulOp>(dz, getX()), getY().getType()));
  return success();
}

// z = x / y
Value DivOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  return createArithmetic<arith::DivFOp, arith::DivSIOp>(builder, loc, in);
}

// q = dz / y; dx = q, dy = -(q * z)
LogicalResult DivOp::buildGradient(GradientBuilder &gradients) {
  Value q = gradients.create<DivOp>(gradients.of(getZ()), getY());
  if (gradients.needs(getX()))
    gradients.accumulate(getX(), sumToShape(gradients, q, getX().getType()));
  if (gradients.needs(getY())) {
    Value product = gradients.create<MulOp>(q, getZ());
    gradients.accumulate(getY(), gradients.create<NegOp>(sumToShape(gradients, product, getY().getType())));
  }
  return success();
}

// y = -x
Value NegOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  return arith::NegFOp::create(builder, loc, in[0]);
}

// dx = -dy
LogicalResult NegOp::buildGradient(GradientBuilder &gradients) {
  gradients.accumulate(getX(), gradients.create<NegOp>(gradients.of(getY())));
  return success();
}

// y = exp(x)
Value ExpOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  return math::ExpOp::create(builder, loc, in[0]);
}

// dx = dy * y
LogicalResult ExpOp::buildGradient(GradientBuilder &gradients) {
  gradients.accumulate(getX(), gradients.create<MulOp>(gradients.of(getY()), getY()));
  return success();
}

// y = ln(x)
Value LogOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  return math::LogOp::create(builder, loc, in[0]);
}

// dx = dy / x
LogicalResult LogOp::buildGradient(GradientBuilder &gradients) {
  gradients.accumulate(getX(), gradients.create<DivOp>(gradients.of(getY()), getX()));
  return success();
}

// y = sqrt(x)
Value SqrtOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  return math::SqrtOp::create(builder, loc, in[0]);
}

// dx = dy / (2 * y)
LogicalResult SqrtOp::buildGradient(GradientBuilder &gradients) {
  Value two = gradients.create<ConstantOp>(getElementTypeOrSelf(getY().getType()), 2.0);
  Value twice = gradients.create<MulOp>(getY(), two);
  gradients.accumulate(getX(), gradients.create<DivOp>(gradients.of(getY()), twice));
  return success();
}

/// The condition of `relation` between two tensors.
static Value compare(GradientBuilder &gradients, Relation relation, Value x, Value y) {
  return gradients.create<CompareOp>(relation, x, y);
}

// dx = dz where x is `better` than y, dz / 2 where they are equal, else 0
template <typename Op>
static LogicalResult buildExtremumGradient(Op op, Relation better, GradientBuilder &gradients) {
  Value dz = gradients.of(op.getZ());
  Type element = getElementTypeOrSelf(dz.getType());
  for (auto [own, other] : {std::pair(op.getX(), op.getY()), std::pair(op.getY(), op.getX())}) {
    if (!gradients.needs(own))
      continue;
    Value zero = gradients.create<ConstantOp>(element, 0.0);
    Value half = gradients.create<ConstantOp>(element, 0.5);
    Value halved = gradients.create<MulOp>(dz, half);
    Value tied = gradients.create<SelectOp>(compare(gradients, Relation::Equal, own, other), halved, zero);
    Value passed = gradients.create<SelectOp>(compare(gradients, better, own, other), dz, tied);
    gradients.accumulate(own, sumToShape(gradients, passed, own.getType()));
  }
  return success();
}

// z = max(x, y)
Value MaximumOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  return createArithmetic<arith::MaximumFOp, arith::MaxSIOp>(builder, loc, in);
}

LogicalResult MaximumOp::buildGradient(GradientBuilder &gradients) {
  return buildExtremumGradient(*this, Relation::Greater, gradients);
}

// z = min(x, y)
Value MinimumOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  return createArithmetic<arith::MinimumFOp, arith::MinSIOp>(builder, loc, in);
}

LogicalResult MinimumOp::buildGradient(GradientBuilder &gradients) {
  return buildExtremumGradient(*this, Relation::Less, gradients);
}

// z = x^y
Value PowOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  return math::PowFOp::create(builder, loc, in[0], in[1]);
}

// dx = dz * y * x^(y - 1), dy = dz * z * (x = 0 ? 0 : ln(x)), which is 0 rather than 0 * ln(0) for a power of 0
LogicalResult PowOp::buildGradient(GradientBuilder &gradients) {
  Value dz = gradients.of(getZ());
  if (gradients.needs(getX())) {
    Value one = gradients.create<ConstantOp>(getElementTypeOrSelf(dz.getType()), 1.0);
    Value lower = gradients.create<SubOp>(getY(), one);
    Value power = gradients.create<PowOp>(getX(), lower);
    Value slope = gradients.create<MulOp>(getY(), power);
    gradients.accumulate(getX(), sumToShape(gradients, gradients.create<MulOp>(dz, slope), getX().getType()));
  }
  if (gradients.needs(getY())) {
    Value zero = gradients.create<ConstantOp>(getElementTypeOrSelf(dz.getType()), 0.0);
    Value log = gradients.create<LogOp>(getX());
    Value finite = gradients.create<SelectOp>(compare(gradients, Relation::Equal, getX(), zero), zero, log);
    Value slope = gradients.create<MulOp>(getZ(), finite);
    gradients.accumulate(getY(), sumToShape(gradients, gradients.create<MulOp>(dz, slope), getY().getType()));
  }
  return success();
}

// z = x - trunc(x / y) * y
Value RemainderOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  return createArithmetic<arith::RemFOp, arith::RemSIOp>(builder, loc, in);
}

// dx = dz, dy = dz * ((z - x) / y)
LogicalResult RemainderOp::buildGradient(GradientBuilder &gradients) {
  Value dz = gradients.of(getZ());
  if (gradients.needs(getX()))
    gradients.accumulate(getX(), sumToShape(gradients, dz, getX().getType()));
  if (gradients.needs(getY())) {
    Value whole = gradients.create<DivOp>(gradients.create<SubOp>(getZ(), getX()), getY());
    gradients.accumulate(getY(), sumToShape(gradients, gradients.create<MulOp>(dz, whole), getY().getType()));
  }
  return success();
}

Value BitwiseOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  switch (getKind()) {
  case BitwiseKind::And:
    return arith::AndIOp::create(builder, loc, in[0], in[1]);
  case BitwiseKind::Or:
    return arith::OrIOp::create(builder, loc, in[0], in[1]);
  case BitwiseKind::Xor:
    return arith::XOrIOp::create(builder, loc, in[0], in[1]);
  case BitwiseKind::ShiftLeft:
    return arith::ShLIOp::create(builder, loc, in[0], in[1]);
  case BitwiseKind::ShiftRight:
    return arith::ShRUIOp::create(builder, loc, in[0], in[1]);
  }
  llvm_unreachable("every kind is named");
}

/// The broadcast of operands that must have one element type, with the element type `result`, or theirs where it is null (C1).
static LogicalResult inferMixedType(std::optional<Location> loc, ValueRange same, ValueRange all, Type result,
                                    SmallVectorImpl<Type> &types) {
  Type element = getElementTypeOrSelf(same.front().getType());
  for (Value operand : same)
    if (getElementTypeOrSelf(operand.getType()) != element)
      return emitOptionalError(loc, "expects operands of one element type, got ", element, " and ",
                               getElementTypeOrSelf(operand.getType()));
  if (failed(inferBroadcastType(loc, all, types)))
    return failure();
  types.back() = cast<RankedTensorType>(types.back()).clone(result ? result : element);
  return success();
}

LogicalResult CompareOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc, Adaptor adaptor,
                                          SmallVectorImpl<Type> &types) {
  return inferMixedType(loc, adaptor.getOperands(), adaptor.getOperands(), IntegerType::get(context, 1), types);
}

SmallVector<CostTerm> CompareOp::getCost() { return costOfScalarBody(*this); }

Value CompareOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  using arith::CmpFPredicate, arith::CmpIPredicate;
  static constexpr std::pair<CmpFPredicate, CmpIPredicate> predicates[] = {
      {CmpFPredicate::OEQ, CmpIPredicate::eq},  {CmpFPredicate::UNE, CmpIPredicate::ne},  {CmpFPredicate::OLT, CmpIPredicate::slt},
      {CmpFPredicate::OLE, CmpIPredicate::sle}, {CmpFPredicate::OGT, CmpIPredicate::sgt}, {CmpFPredicate::OGE, CmpIPredicate::sge}};
  auto [ofFloats, ofIntegers] = predicates[static_cast<size_t>(getRelation())];
  if (isa<FloatType>(in[0].getType()))
    return arith::CmpFOp::create(builder, loc, ofFloats, in[0], in[1]);
  return arith::CmpIOp::create(builder, loc, ofIntegers, in[0], in[1]);
}

OpFoldResult CompareOp::fold(FoldAdaptor adaptor) { return foldScalarBody(*this, adaptor.getOperands()); }

LogicalResult SelectOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor, SmallVectorImpl<Type> &types) {
  return inferMixedType(loc, {adaptor.getX(), adaptor.getY()}, adaptor.getOperands(), {}, types);
}

SmallVector<CostTerm> SelectOp::getCost() { return costOfScalarBody(*this); }

Value SelectOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  return arith::SelectOp::create(builder, loc, in[0], in[1], in[2]);
}

// dx = dz where the condition holds, else 0; dy the other way round
LogicalResult SelectOp::buildGradient(GradientBuilder &gradients) {
  Value dz = gradients.of(getZ());
  Value zero = gradients.create<ConstantOp>(getElementTypeOrSelf(dz.getType()), 0.0);
  if (gradients.needs(getX())) {
    Value passed = gradients.create<SelectOp>(getCondition(), dz, zero);
    gradients.accumulate(getX(), sumToShape(gradients, passed, getX().getType()));
  }
  if (gradients.needs(getY())) {
    Value passed = gradients.create<SelectOp>(getCondition(), zero, dz);
    gradients.accumulate(getY(), sumToShape(gradients, passed, getY().getType()));
  }
  return success();
}

OpFoldResult SelectOp::fold(FoldAdaptor adaptor) { return foldScalarBody(*this, adaptor.getOperands()); }

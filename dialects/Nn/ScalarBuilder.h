// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Short names for the arith and math ops that scalar formulas are written with.
#ifndef TALLY_NN_SCALARBUILDER_H
#define TALLY_NN_SCALARBUILDER_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

namespace tally::nn {

/// Builds scalar float ops of one element type.
class ScalarBuilder {
public:
  ScalarBuilder(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type)
      : builder(builder), loc(loc), type(type) {}

  using Value = mlir::Value;
  Value constant(double value) {
    return mlir::arith::ConstantOp::create(builder, loc, builder.getFloatAttr(type, value));
  }
  Value add(Value a, Value b) { return mlir::arith::AddFOp::create(builder, loc, a, b); }
  Value sub(Value a, Value b) { return mlir::arith::SubFOp::create(builder, loc, a, b); }
  Value mul(Value a, Value b) { return mlir::arith::MulFOp::create(builder, loc, a, b); }
  Value div(Value a, Value b) { return mlir::arith::DivFOp::create(builder, loc, a, b); }
  /// a * factor; a itself where that is 1, which is no operation.
  Value scale(Value a, double factor) { return factor == 1 ? a : mul(a, constant(factor)); }
  /// a + addend; a itself where that is 0.
  Value shift(Value a, double addend) { return addend == 0 ? a : add(a, constant(addend)); }
  Value neg(Value a) { return mlir::arith::NegFOp::create(builder, loc, a); }
  Value min(Value a, Value b) { return mlir::arith::MinimumFOp::create(builder, loc, a, b); }
  Value max(Value a, Value b) { return mlir::arith::MaximumFOp::create(builder, loc, a, b); }
  Value exp(Value a) { return mlir::math::ExpOp::create(builder, loc, a); }
  Value log(Value a) { return mlir::math::LogOp::create(builder, loc, a); }
  Value erf(Value a) { return mlir::math::ErfOp::create(builder, loc, a); }
  Value expm1(Value a) { return mlir::math::ExpM1Op::create(builder, loc, a); }
  Value log1p(Value a) { return mlir::math::Log1pOp::create(builder, loc, a); }
  Value abs(Value a) { return mlir::math::AbsFOp::create(builder, loc, a); }
  Value sin(Value a) { return mlir::math::SinOp::create(builder, loc, a); }
  Value cos(Value a) { return mlir::math::CosOp::create(builder, loc, a); }
  Value tan(Value a) { return mlir::math::TanOp::create(builder, loc, a); }
  Value asin(Value a) { return mlir::math::AsinOp::create(builder, loc, a); }
  Value acos(Value a) { return mlir::math::AcosOp::create(builder, loc, a); }
  Value atan(Value a) { return mlir::math::AtanOp::create(builder, loc, a); }
  Value sinh(Value a) { return mlir::math::SinhOp::create(builder, loc, a); }
  Value cosh(Value a) { return mlir::math::CoshOp::create(builder, loc, a); }
  Value asinh(Value a) { return mlir::math::AsinhOp::create(builder, loc, a); }
  Value acosh(Value a) { return mlir::math::AcoshOp::create(builder, loc, a); }
  Value atanh(Value a) { return mlir::math::AtanhOp::create(builder, loc, a); }
  Value tanh(Value a) { return mlir::math::TanhOp::create(builder, loc, a); }
  Value sqrt(Value a) { return mlir::math::SqrtOp::create(builder, loc, a); }
  Value rsqrt(Value a) { return mlir::math::RsqrtOp::create(builder, loc, a); }
  Value greater(Value a, Value b) {
    return mlir::arith::CmpFOp::create(builder, loc, mlir::arith::CmpFPredicate::OGT, a, b);
  }
  Value less(Value a, Value b) {
    return mlir::arith::CmpFOp::create(builder, loc, mlir::arith::CmpFPredicate::OLT, a, b);
  }
  Value equal(Value a, Value b) {
    return mlir::arith::CmpFOp::create(builder, loc, mlir::arith::CmpFPredicate::OEQ, a, b);
  }
  Value select(Value condition, Value a, Value b) {
    return mlir::arith::SelectOp::create(builder, loc, condition, a, b);
  }

private:
  mlir::OpBuilder &builder;
  mlir::Location loc;
  mlir::Type type;
};

} // namespace tally::nn

#endif

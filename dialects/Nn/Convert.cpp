// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Conversions between number types: which there are, and by which scalar op.
#include "dialects/Nn/Nn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

namespace {
enum class Number { Float, Signed, Byte, Truth, Position };

/// Builds `x` as a number of type `to`.
using Conversion = Value (*)(OpBuilder &builder, Location loc, Type to, Value x);

/// How numbers of one sort become numbers of another; null where there is no way in one operation.
struct ConversionRow {
  Number from, to;
  Conversion narrower, equal, wider; ///< by the bits of the two types
};
} // namespace

template <typename OpTy>
static Value by(OpBuilder &builder, Location loc, Type to, Value x) {
  return OpTy::create(builder, loc, to, x);
}

static Value isNotZero(OpBuilder &builder, Location loc, Type, Value x) {
  Value zero = arith::ConstantOp::create(builder, loc, builder.getZeroAttr(x.getType()));
  if (isa<FloatType>(x.getType()))
    return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::UNE, x, zero);
  return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, x, zero);
}

static Value fromPosition(OpBuilder &builder, Location loc, Type to, Value x) {
  Value integer = arith::IndexCastOp::create(builder, loc, builder.getI64Type(), x);
  return arith::SIToFPOp::create(builder, loc, to, integer);
}

static std::optional<Number> sortOf(Type type) {
  if (isa<Float16Type, BFloat16Type, Float32Type, Float64Type>(type))
    return Number::Float;
  if (type.isSignlessInteger(16) || type.isSignlessInteger(32) || type.isSignlessInteger(64))
    return Number::Signed;
  if (type.isSignlessInteger(8))
    return Number::Byte;
  if (type.isSignlessInteger(1))
    return Number::Truth;
  return type.isIndex() ? std::optional(Number::Position) : std::nullopt;
}

static Conversion findConversion(Type from, Type to) {
  using enum Number;
  static constexpr ConversionRow rows[] = {
      {Float, Float, by<arith::TruncFOp>, nullptr, by<arith::ExtFOp>},
      {Float, Signed, by<arith::FPToSIOp>, by<arith::FPToSIOp>, by<arith::FPToSIOp>},
      {Float, Byte, by<arith::FPToUIOp>, nullptr, nullptr},
      {Float, Truth, isNotZero, nullptr, nullptr},
      {Signed, Float, by<arith::SIToFPOp>, by<arith::SIToFPOp>, by<arith::SIToFPOp>},
      {Signed, Signed, by<arith::TruncIOp>, nullptr, by<arith::ExtSIOp>},
      {Signed, Byte, by<arith::TruncIOp>, nullptr, nullptr},
      {Signed, Truth, isNotZero, nullptr, nullptr},
      {Byte, Float, nullptr, nullptr, by<arith::UIToFPOp>},
      {Byte, Signed, nullptr, nullptr, by<arith::ExtUIOp>},
      {Byte, Truth, isNotZero, nullptr, nullptr},
      {Truth, Float, nullptr, nullptr, by<arith::UIToFPOp>},
      {Truth, Signed, nullptr, nullptr, by<arith::ExtUIOp>},
      {Truth, Byte, nullptr, nullptr, by<arith::ExtUIOp>},
      {Position, Float, fromPosition, fromPosition, fromPosition},
  };
  std::optional<Number> source = sortOf(from), target = sortOf(to);
  if (!source || !target)
    return nullptr;
  const auto *row = llvm::find_if(rows, [&](const ConversionRow &row) { return row.from == *source && row.to == *target; });
  if (row == std::end(rows))
    return nullptr;
  unsigned bits = from.isIndex() ? 64 : from.getIntOrFloatBitWidth(), wanted = to.getIntOrFloatBitWidth();
  return wanted < bits ? row->narrower : wanted == bits ? row->equal : row->wider;
}

LogicalResult ConvertOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                          SmallVectorImpl<Type> &types) {
  auto x = cast<RankedTensorType>(adaptor.getX().getType());
  Type from = x.getElementType(), to = adaptor.getTo();
  if (from != to && !findConversion(from, to)) // C1
    return emitOptionalError(loc, "requires number types with a conversion, got ", from, " to ", to);
  types.push_back(x.clone(to));
  return success();
}

SmallVector<CostTerm> ConvertOp::getCost() { return costOfScalarBody(*this); }

// y = x, converted
Value ConvertOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  Type from = in[0].getType(), to = getTo();
  return from == to ? in[0] : findConversion(from, to)(builder, loc, to, in[0]);
}

// dx = dy, converted back
LogicalResult ConvertOp::buildGradient(GradientBuilder &gradients) {
  Type type = getElementTypeOrSelf(getX().getType());
  gradients.accumulate(getX(), gradients.create<ConvertOp>(gradients.of(getY()), type));
  return success();
}

OpFoldResult ConvertOp::fold(FoldAdaptor adaptor) {
  if (getX().getType() == getY().getType())
    return getX();
  return foldScalarBody(*this, adaptor.getOperands());
}

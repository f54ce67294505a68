// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --expand-philox: random numbers as integer arithmetic.
#include "dialects/Nn/Nn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/SymbolTable.h"
#include "tally/Kernels/Passes.h"
#include <array>
#include <numbers>

using namespace mlir;
using namespace tally;
using nn::Distribution;

namespace tally {
#define GEN_PASS_DEF_EXPANDPHILOX
#include "tally/Kernels/Passes.h.inc"
} // namespace tally

using Words = std::array<Value, 4>;

static Value constant32(ImplicitLocOpBuilder &builder, uint32_t value) {
  return arith::ConstantOp::create(builder, builder.getI32IntegerAttr(static_cast<int32_t>(value)));
}

static Value low32(ImplicitLocOpBuilder &builder, Value value) {
  if (value.getType().isIndex())
    value = arith::IndexCastOp::create(builder, builder.getI64Type(), value);
  return arith::TruncIOp::create(builder, builder.getI32Type(), value);
}

/// The block of Philox4x32-10 (Salmon et al., SC 2011): ten rounds, the key bumped between them.
static Words buildBlock(ImplicitLocOpBuilder &builder, Value seed, ValueRange counter) {
  Value upper = arith::ShRUIOp::create(builder, seed, arith::ConstantOp::create(builder, builder.getI64IntegerAttr(32)));
  Value key0 = low32(builder, seed), key1 = low32(builder, upper);
  Words x;
  for (unsigned i = 0; i < 4; ++i)
    x[i] = low32(builder, counter[i]);
  Value multiplier0 = constant32(builder, 0xD2511F53), multiplier1 = constant32(builder, 0xCD9E8D57);
  Value bump0 = constant32(builder, 0x9E3779B9), bump1 = constant32(builder, 0xBB67AE85);
  for (unsigned round = 0; round < 10; ++round) {
    auto product0 = arith::MulUIExtendedOp::create(builder, multiplier0, x[0]);
    auto product1 = arith::MulUIExtendedOp::create(builder, multiplier1, x[2]);
    auto mix = [&](Value a, Value b, Value c) -> Value {
      return arith::XOrIOp::create(builder, arith::XOrIOp::create(builder, a, b), c);
    };
    x = {mix(product1.getHigh(), x[1], key0), product1.getLow(), mix(product0.getHigh(), x[3], key1), product0.getLow()};
    if (round == 9)
      break;
    key0 = arith::AddIOp::create(builder, key0, bump0);
    key1 = arith::AddIOp::create(builder, key1, bump1);
  }
  return x;
}

/// A word, or two, as a number in [0, 1).
static Value buildUniform(ImplicitLocOpBuilder &builder, Type type, Value word, Value lowerWord) {
  auto scaled = [&](Value bits, unsigned shift, double scale) -> Value {
    Value amount = arith::ConstantOp::create(builder, builder.getIntegerAttr(bits.getType(), shift));
    Value number = arith::UIToFPOp::create(builder, type, arith::ShRUIOp::create(builder, bits, amount));
    return arith::MulFOp::create(builder, number, arith::ConstantOp::create(builder, builder.getFloatAttr(type, scale)));
  };
  if (type.isF32())
    return scaled(word, 8, 0x1p-24);
  Type i64 = builder.getI64Type();
  Value upper = arith::ShLIOp::create(builder, arith::ExtUIOp::create(builder, i64, word),
                                      arith::ConstantOp::create(builder, builder.getI64IntegerAttr(32)));
  return scaled(arith::OrIOp::create(builder, upper, arith::ExtUIOp::create(builder, i64, lowerWord)), 11, 0x1p-53);
}

/// sqrt(-2 ln(1 - u0)) * cos(2 pi u1).
static Value buildNormal(ImplicitLocOpBuilder &builder, Type type, Value u0, Value u1) {
  auto constant = [&](double value) -> Value {
    return arith::ConstantOp::create(builder, builder.getFloatAttr(type, value));
  };
  Value log = math::LogOp::create(builder, arith::SubFOp::create(builder, constant(1), u0));
  Value radius = math::SqrtOp::create(builder, arith::MulFOp::create(builder, constant(-2), log));
  Value angle = arith::MulFOp::create(builder, constant(2 * std::numbers::pi), u1);
  return arith::MulFOp::create(builder, radius, math::CosOp::create(builder, angle));
}

/// The number of `distribution`; `range` is i64, and absent but for positions.
static Value buildNumber(ImplicitLocOpBuilder &builder, Distribution distribution, Type type, Value seed, ValueRange counter,
                         Value range) {
  Words words = buildBlock(builder, seed, counter);
  switch (distribution) {
  case Distribution::Uniform:
    return buildUniform(builder, type, words[0], words[1]);
  case Distribution::Normal: {
    bool wide = type.isF64();
    return buildNormal(builder, type, buildUniform(builder, type, words[0], words[1]),
                       buildUniform(builder, type, words[wide ? 2 : 1], words[3]));
  }
  case Distribution::Position: {
    Type i64 = builder.getI64Type();
    Value product = arith::MulIOp::create(builder, arith::ExtUIOp::create(builder, i64, words[0]), range);
    Value shift = arith::ConstantOp::create(builder, builder.getI64IntegerAttr(32));
    return arith::IndexCastOp::create(builder, type, arith::ShRUIOp::create(builder, product, shift));
  }
  }
  llvm_unreachable("every distribution is handled");
}

namespace {
struct ExpandPhilox : tally::impl::ExpandPhiloxBase<ExpandPhilox> {
  using ExpandPhiloxBase::ExpandPhiloxBase;

  void runOnOperation() override {
    SmallVector<nn::PhiloxOp> ops;
    getOperation().walk([&](nn::PhiloxOp op) { ops.push_back(op); });
    for (nn::PhiloxOp op : ops) {
      ImplicitLocOpBuilder builder(op.getLoc(), op);
      Value range;
      if (op.getRange())
        range = arith::ConstantOp::create(builder, builder.getI64IntegerAttr(*op.getRange()));
      SmallVector<Value> counter{op.getUse(), op.getEpoch(), op.getSample(), op.getDraw()};
      Value number;
      if (inlineRounds) {
        number = buildNumber(builder, op.getDistribution(), op.getType(), op.getSeed(), counter, range);
      } else {
        SmallVector<Value> operands{op.getSeed()};
        llvm::append_range(operands, counter);
        if (range)
          operands.push_back(range);
        number = func::CallOp::create(builder, functionFor(op, operands), operands).getResult(0);
      }
      op.replaceAllUsesWith(number);
      op.erase();
    }
  }

private:
  /// The function of this distribution and type in the symbol table around `op`.
  func::FuncOp functionFor(nn::PhiloxOp op, ValueRange operands) {
    Operation *table = SymbolTable::getNearestSymbolTable(op);
    std::string name;
    llvm::raw_string_ostream(name) << "tally.philox." << nn::stringifyDistribution(op.getDistribution()) << "." << op.getType();
    if (auto existing = SymbolTable::lookupSymbolIn(table, name))
      return cast<func::FuncOp>(existing);
    auto builder = ImplicitLocOpBuilder::atBlockEnd(UnknownLoc::get(op.getContext()), &table->getRegion(0).front());
    auto function =
        func::FuncOp::create(builder, name, builder.getFunctionType(ValueRange(operands).getTypes(), op.getType()));
    function.setPrivate();
    Block *entry = function.addEntryBlock();
    builder.setInsertionPointToStart(entry);
    ValueRange arguments = entry->getArguments();
    Value range = arguments.size() > 5 ? arguments[5] : Value();
    func::ReturnOp::create(builder, buildNumber(builder, op.getDistribution(), op.getType(), arguments[0],
                                                arguments.slice(1, 4), range));
    return function;
  }
};
} // namespace

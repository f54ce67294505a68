// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Puts activation functions together. Exporters place the constant factors differently.
#include "Patterns.h"
#include <cmath>

using namespace mlir;
using namespace tally;
using namespace tally::recompose;

/// root = x * g(x) with a constant factor, where `match` knows g: the x; null otherwise.
static Value matchGate(Operation *root, llvm::function_ref<bool(Value x, Value gate, double number)> match) {
  Factors factors = factorsOf(root);
  if (factors.values.size() != 2)
    return {};
  for (size_t gate : {0, 1}) {
    Value x = factors.values[1 - gate];
    if (x.getType() == root->getResult(0).getType() && match(x, factors.values[gate], factors.number))
      return x;
  }
  return {};
}

/// number * gate = 0.5 + 0.5 f(p(x)) with f = OpTy.
template <typename OpTy>
static bool isHalfOnePlus(Value x, Value gate, double number, const Polynomial &argument) {
  // The function is somewhere below the sum.
  Value inner = gate;
  while (Operation *op = inner.getDefiningOp()) {
    if (isa<OpTy>(op))
      break;
    if (!isa<nn::AddOp, nn::MulOp, nn::DivOp>(op))
      return false;
    inner = op->getOperand(isa_and_nonnull<nn::ConstantOp>(op->getOperand(0).getDefiningOp()));
  }
  auto function = definedBy<OpTy>(inner);
  std::optional<Polynomial> sum = function ? polynomialOf(gate, inner) : std::nullopt;
  if (!sum || inner == gate || !isNear({number * (*sum)[0], number * (*sum)[1], (*sum)[2], (*sum)[3]}, {0.5, 0.5, 0, 0}))
    return false;
  std::optional<Polynomial> found = polynomialOf(function.getX(), x);
  return found && isNear(*found, argument);
}

/// 0.5 x (1 + erf(x / sqrt(2))).
Value recompose::matchGelu(OpBuilder &builder, Operation *root) {
  Value x = matchGate(root, [](Value x, Value gate, double number) {
    return isHalfOnePlus<nn::ErfOp>(x, gate, number, {0, std::sqrt(0.5), 0, 0});
  });
  return x ? nn::GeluOp::create(builder, root->getLoc(), x, nn::GeluApproximation::None) : Value();
}

/// 0.5 x (1 + tanh(k (x + 0.044715 x^3))), k = sqrt(2 / pi).
Value recompose::matchGeluTanh(OpBuilder &builder, Operation *root) {
  double k = std::sqrt(2 / M_PI);
  Value x = matchGate(root, [&](Value x, Value gate, double number) {
    return isHalfOnePlus<nn::TanhOp>(x, gate, number, {0, k, 0, k * 0.044715});
  });
  return x ? nn::GeluOp::create(builder, root->getLoc(), x, nn::GeluApproximation::Tanh) : Value();
}

/// x * clip(x / 6 + 0.5, 0, 1), also as x * clip(x + 3, 0, 6) / 6.
Value recompose::matchHardSwish(OpBuilder &builder, Operation *root) {
  Value x = matchGate(root, [](Value x, Value gate, double number) {
    if (auto sigmoid = definedBy<nn::HardSigmoidOp>(gate))
      return sigmoid.getX() == x && isNear(number, 1) && isNear(sigmoid.getAlpha().convertToDouble(), 1.0 / 6) &&
             isNear(sigmoid.getBeta().convertToDouble(), 0.5);
    auto clip = definedBy<nn::ClipOp>(gate);
    std::optional<APFloat> minimum = clip ? clip.getMinimum() : std::nullopt, maximum = clip ? clip.getMaximum() : std::nullopt;
    std::optional<Polynomial> line = clip ? polynomialOf(clip.getX(), x) : std::nullopt;
    return line && minimum && maximum && minimum->isZero() && isNear(number * maximum->convertToDouble(), 1) &&
           isNear({number * (*line)[0], number * (*line)[1], (*line)[2], (*line)[3]}, {0.5, 1.0 / 6, 0, 0});
  });
  return x ? nn::HardSwishOp::create(builder, root->getLoc(), x) : Value();
}

/// x * tanh(softplus(x)).
Value recompose::matchMish(OpBuilder &builder, Operation *root) {
  Value x = matchGate(root, [](Value x, Value gate, double number) {
    auto tanh = definedBy<nn::TanhOp>(gate);
    auto softplus = tanh ? definedBy<nn::SoftplusOp>(tanh.getX()) : nn::SoftplusOp();
    return softplus && softplus.getX() == x && isNear(number, 1);
  });
  return x ? nn::MishOp::create(builder, root->getLoc(), x) : Value();
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads numbers, products and polynomials from chains of nn ops.
#include "Patterns.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include <cmath>

using namespace mlir;
using namespace tally;
using namespace tally::recompose;

template <typename Range>
static std::optional<double> numberIn(const Range &elements) {
  if (elements.empty() || !llvm::all_equal(elements))
    return std::nullopt;
  return static_cast<double>(*elements.begin());
}

std::optional<double> recompose::numberOf(Value value) {
  Operation *op = value.getDefiningOp();
  auto weight = dyn_cast_or_null<nn::WeightOp>(op);
  auto constant = dyn_cast_or_null<nn::ConstantOp>(op);
  if (!weight && !constant)
    return std::nullopt;
  ElementsAttr elements = weight ? weight.getValue() : constant.getValue();
  if (auto dense = dyn_cast<DenseElementsAttr>(elements))
    return dense.isSplat() && isa<FloatType>(dense.getElementType())
               ? std::optional(dense.getSplatValue<APFloat>().convertToDouble())
               : std::nullopt;
  if (auto resource = dyn_cast<DenseF32ResourceElementsAttr>(elements))
    if (std::optional<ArrayRef<float>> numbers = resource.tryGetAsArrayRef())
      return numberIn(*numbers);
  if (auto resource = dyn_cast<DenseF64ResourceElementsAttr>(elements))
    if (std::optional<ArrayRef<double>> numbers = resource.tryGetAsArrayRef())
      return numberIn(*numbers);
  return std::nullopt;
}

bool recompose::isNear(double number, double expected) { return std::abs(number - expected) <= 1e-6 * std::abs(expected); }

static void addFactor(Factors &factors, Value value);

static void addOperands(Factors &factors, Operation *op) {
  if (auto mul = dyn_cast<nn::MulOp>(op)) {
    addFactor(factors, mul.getX());
    addFactor(factors, mul.getY());
  } else if (auto div = dyn_cast<nn::DivOp>(op)) {
    addFactor(factors, div.getX());
    factors.number /= *numberOf(div.getY());
  }
}

static bool isProduct(Operation *op) {
  auto div = dyn_cast_or_null<nn::DivOp>(op);
  return isa_and_nonnull<nn::MulOp>(op) || (div && isa_and_nonnull<nn::ConstantOp>(div.getY().getDefiningOp()) && numberOf(div.getY()));
}

static void addFactor(Factors &factors, Value value) {
  Operation *op = value.getDefiningOp();
  std::optional<double> number = isa_and_nonnull<nn::ConstantOp>(op) ? numberOf(value) : std::nullopt;
  if (number)
    factors.number *= *number;
  else if (isProduct(op) && value.hasOneUse())
    addOperands(factors, op);
  else
    factors.values.push_back(value);
}

Factors recompose::factorsOf(Operation *root) {
  Factors factors;
  if (isProduct(root))
    addOperands(factors, root);
  return factors;
}

static std::optional<Polynomial> multiply(const Polynomial &a, const Polynomial &b) {
  Polynomial product = {};
  for (size_t i = 0; i < a.size(); ++i)
    for (size_t j = 0; j < b.size(); ++j) {
      if (a[i] == 0 || b[j] == 0)
        continue;
      if (i + j >= product.size())
        return std::nullopt;
      product[i + j] += a[i] * b[j];
    }
  return product;
}

std::optional<Polynomial> recompose::polynomialOf(Value value, Value x) {
  if (value == x)
    return Polynomial{0, 1, 0, 0};
  Operation *op = value.getDefiningOp();
  if (isa_and_nonnull<nn::ConstantOp>(op)) {
    std::optional<double> number = numberOf(value);
    return number ? std::optional(Polynomial{*number, 0, 0, 0}) : std::nullopt;
  }
  if (!isa_and_nonnull<nn::AddOp, nn::SubOp, nn::MulOp, nn::DivOp>(op) || !value.hasOneUse())
    return std::nullopt;
  std::optional<Polynomial> a = polynomialOf(op->getOperand(0), x), b = polynomialOf(op->getOperand(1), x);
  if (!a || !b)
    return std::nullopt;
  if (isa<nn::MulOp>(op))
    return multiply(*a, *b);
  if (isa<nn::DivOp>(op) && (*b)[0] != 0 && llvm::all_of(llvm::drop_begin(*b), [](double c) { return c == 0; }))
    return multiply(*a, {1 / (*b)[0], 0, 0, 0});
  if (isa<nn::DivOp>(op))
    return std::nullopt;
  double sign = isa<nn::SubOp>(op) ? -1 : 1;
  for (size_t i = 0; i < a->size(); ++i)
    (*a)[i] += sign * (*b)[i];
  return a;
}

bool recompose::isNear(const Polynomial &polynomial, const Polynomial &expected) {
  return llvm::all_of(llvm::zip_equal(polynomial, expected), [](auto pair) { return isNear(std::get<0>(pair), std::get<1>(pair)); });
}

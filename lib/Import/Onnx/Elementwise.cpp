// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports elementwise ops: those without attributes are one row each.
#include "Composition.h"
#include "tally/Support/Attribution.h"
#include <cmath>

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

/// nn.<target> of one input, with the attributes of the row as f64.
static LogicalResult importUnary(NodeReader &node) {
  Composition c(node);
  return c.result(c.op(node.getRow().target, c.input(0)));
}

/// The convolution or matrix product whose result is the other input of an Add node; null where it is something else.
static Operation *findProduct(NodeReader &node, size_t input) {
  const Binding &other = node.binding(1 - input);
  Operation *op = node.getRow().target == "add" && other.kind == Binding::Kind::Value ? other.value.getDefiningOp() : nullptr;
  return op && llvm::is_contained({"nn.conv", "nn.matmul"}, op->getName().getStringRef()) ? op : nullptr;
}

/// A tensor of the file that is added to the product of a weight is its bias. One element is, where the product has one channel: to
/// more, or without a dimension, it is a number of the formula.
static bool isBias(NodeReader &node, size_t input, Operation *product) {
  const Tensor *tensor = node.binding(input).initializer;
  if (!tensor || *checkedProduct(tensor->shape) != 1)
    return true;
  int64_t channel = product->getName().getStringRef() == "nn.conv" ? 1 : -1;
  auto shape = cast<RankedTensorType>(product->getResult(0).getType()).getShape();
  return !tensor->shape.empty() && shape[channel < 0 ? shape.size() - 1 : channel] == 1 &&
         llvm::any_of(product->getOperands(), NodeReader::isWeight);
}

static LogicalResult importArithmetic(NodeReader &node) {
  SmallVector<Value> operands;
  for (size_t input : {0, 1}) {
    Operation *product = findProduct(node, input);
    bool bias = product && isBias(node, input, product);
    FailureOr<Value> operand =
        bias ? node.weight(input, "bias", "bias", /*statistics=*/false, nodeOf(product->getLoc())) : node.value(input);
    if (failed(operand))
      return failure();
    operands.push_back(*operand);
  }
  return node.result(node.emit(node.getRow().target, operands));
}

/// Functions with numbers as attributes: their names in the file and in the graph, and the values that they have by default.
static LogicalResult importFunction(NodeReader &node) {
  struct Number {
    StringLiteral target, onnx, name;
    double otherwise;
  };
  static constexpr Number numbers[] = {
      {"leaky_relu", "alpha", "alpha", 0.01f}, {"elu", "alpha", "alpha", 1},
      {"celu", "alpha", "alpha", 1},           {"selu", "alpha", "alpha", 1.67326319217681884765625}, {"selu", "gamma", "gamma", 1.05070102214813232421875},
      {"hard_sigmoid", "alpha", "alpha", 0.2f}, {"hard_sigmoid", "beta", "beta", 0.5},  {"thresholded_relu", "alpha", "alpha", 1},
      {"shrink", "lambd", "threshold", 0.5},   {"shrink", "bias", "bias", 0},
  };
  Composition c(node);
  Attributes attributes;
  for (const Number &number : numbers)
    if (number.target == node.getRow().target)
      attributes.push_back(node.attr(number.name, node.real(number.onnx, number.otherwise)));
  return c.result(c.op(node.getRow().target, c.input(0), attributes));
}

Value tally::onnx::swish(NodeReader &node, Value x, double alpha) {
  Composition c(node);
  return c.mul(x, c.op("sigmoid", alpha == 1 ? x : c.mul(x, alpha)));
}

static LogicalResult importSwish(NodeReader &node) {
  Composition c(node);
  return c.result(swish(node, c.input(0), node.real("alpha", 1)));
}

/// -x, |x| and the sign of x, of floats and integers.
static LogicalResult importSigned(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  if (!x)
    return failure();
  StringRef target = node.getRow().target;
  if (isa<FloatType>(c.elementOf(x)))
    return c.result(c.op(target, x));
  Value zero = c.number(0, x);
  if (target == "neg")
    return c.result(c.sub(zero, x));
  if (target == "abs")
    return c.result(c.max(x, c.sub(zero, x)));
  return c.result(c.max(c.number(-1, x), c.min(x, c.number(1, x))));
}

/// Max, Min, Sum and Mean of any number of inputs.
static LogicalResult importVariadic(NodeReader &node) {
  Composition c(node);
  Value all = c.input(0);
  for (size_t input = 1; input < node.numInputs(); ++input)
    all = c.op(node.getRow().target, {all, c.input(input)});
  // Divided, because 1 / 3 is no f32: trained in f64, it would be off by 1e-8.
  if (node.getNode().opType == "Mean" && node.numInputs() > 1 && all)
    all = c.div(all, c.number(static_cast<double>(node.numInputs()), all));
  return c.result(all);
}

/// Exponents that are known become products and roots: fewer and cheaper operations, and exact gradients at 0.
static Value powerOf(Composition &c, Value x, double exponent) {
  if (exponent == 1)
    return x;
  if (exponent == 0)
    return c.add(c.mul(x, 0.0), 1);
  if (exponent < 0)
    return c.op("reciprocal", powerOf(c, x, -exponent));
  if (exponent == 0.5)
    return c.op("sqrt", x);
  if (exponent == 2 || exponent == 4 || exponent == 8) {
    Value root = powerOf(c, x, exponent / 2);
    return c.mul(root, root);
  }
  if (exponent == 3)
    return c.mul(powerOf(c, x, 2), x);
  return c.op("pow", {x, c.number(exponent, x)});
}

static LogicalResult importPow(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  if (!x)
    return failure();
  auto known = node.constants(1);
  bool isOne = known && known->first == known->second && known->first.size() == 1 && known->first.shape.size() <= static_cast<size_t>(c.rankOf(x));
  if (isOne && isa<FloatType>(c.elementOf(x)) && (known->first.isFloat() || !known->first.integers.empty())) {
    double exponent = known->first.isFloat() ? known->first.reals.front() : static_cast<double>(known->first.integers.front());
    return c.result(powerOf(c, x, exponent));
  }
  // Integers by way of f64, which is exact up to 2^53.
  Type real = isa<FloatType>(c.elementOf(x)) ? c.elementOf(x) : Type(node.getBuilder().getF64Type());
  Value base = c.convert(x, real), exponent = c.input(1);
  Value power = c.op("pow", {base, c.convert(exponent, real)});
  if (power && !isa<FloatType>(c.elementOf(x)))
    power = c.op("round", power);
  return c.result(c.convert(power, c.elementOf(x)), 0, node.elementType(0));
}

/// fmod = 1: the remainder with the sign of x; else with the sign of y, as in Python.
static LogicalResult importMod(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0), y = c.input(1);
  Value remainder = c.op("remainder", {x, y});
  if (node.integer("fmod", 0) != 0)
    return c.result(remainder);
  Value zero = c.number(0, y);
  using nn::Relation;
  Value differs = c.bitwise(nn::BitwiseKind::Xor, c.compare(Relation::Less, remainder, zero), c.compare(Relation::Less, y, zero));
  Value wrong = c.bitwise(nn::BitwiseKind::And, c.compare(Relation::NotEqual, remainder, zero), differs);
  return c.result(c.select(wrong, c.add(remainder, y), remainder));
}

/// x where it is positive, slope * x elsewhere.
static LogicalResult importPRelu(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  FailureOr<Value> slope = node.weight(1, "other", "slope");
  if (failed(slope) || !x)
    return failure();
  return c.result(c.select(c.compare(nn::Relation::Greater, x, c.number(0, x)), x, c.mul(x, *slope)));
}

static LogicalResult importGelu(NodeReader &node) {
  FailureOr<Value> x = node.value(0);
  if (failed(x))
    return failure();
  StringRef approximate = node.string("approximate", "none");
  if (approximate != "none" && approximate != "tanh")
    return node.wrong("expects 'none' or 'tanh' as approximate, got '" + approximate + "'");
  auto attribute = node.getBuilder().getI32IntegerAttr(approximate == "tanh");
  return node.result(node.emit("gelu", *x, {node.attr("approximate", attribute)}));
}

static LogicalResult clip(NodeReader &node, std::optional<double> minimum, std::optional<double> maximum) {
  FailureOr<Value> x = node.value(0);
  if (failed(x))
    return failure();
  // Where they cross, ONNX gives the maximum.
  if (minimum && maximum)
    minimum = std::min(*minimum, *maximum);
  Attributes attributes;
  if (minimum)
    attributes.push_back(node.attr("minimum", *minimum));
  if (maximum)
    attributes.push_back(node.attr("maximum", *maximum));
  if (attributes.empty())
    return node.result(*x);
  return node.result(node.emit("clip", *x, attributes));
}

static LogicalResult importClip(NodeReader &node) {
  std::optional<double> minimum, maximum;
  bool known = isFloat(node.elementType(0));
  for (size_t input : {1, 2})
    known &= !node.has(input) || node.constants(input).has_value();
  if (!known) {
    // Bounds that are values, or integers.
    Composition c(node);
    Value x = c.input(0);
    if (node.has(1))
      x = c.max(x, c.input(1));
    if (node.has(2))
      x = c.min(x, c.input(2));
    return c.result(x);
  }
  for (auto [input, bound] : {std::pair(1, &minimum), {2, &maximum}}) {
    if (!node.has(input))
      continue;
    FailureOr<HostTensor> given = node.constant(input);
    if (failed(given))
      return failure();
    if (!given->isFloat() || given->size() != 1 || std::isnan(given->reals.front()))
      return node.wrong("expects one number as input " + Twine(input));
    *bound = given->reals.front();
  }
  return clip(node, minimum, maximum);
}

/// The bounds as attributes; by default the largest numbers, which are none.
static LogicalResult importClipByAttribute(NodeReader &node) {
  std::optional<double> minimum, maximum;
  constexpr double largest = std::numeric_limits<float>::max();
  for (auto [name, bound, none] : {std::tuple("min", &minimum, -largest), {"max", &maximum, largest}}) {
    double given = node.real(name, none);
    if (std::isnan(given))
      return node.wrong("expects a number as " + Twine(name));
    if (given != none)
      *bound = given;
  }
  return clip(node, minimum, maximum);
}

ArrayRef<OpRow> tally::onnx::getElementwiseRows() {
  static const OpRow rows[] = {
      {"Add", {7}, importArithmetic, "add", 2},
      {"Sub", {7}, importArithmetic, "sub", 2},
      {"Mul", {7}, importArithmetic, "mul", 2},
      {"Div", {7}, importArithmetic, "div", 2},
      {"Sum", {7}, importVariadic, "add"},
      {"Mean", {7}, importVariadic, "add"},
      {"Max", {7}, importVariadic, "maximum"},
      {"Min", {7}, importVariadic, "minimum"},
      {"Pow", {7}, importPow, "", 2},
      {"Mod", {10}, importMod, "", 2},
      {"Neg", {7}, importSigned, "neg"},
      {"Abs", {7}, importSigned, "abs"},
      {"Sign", {9}, importSigned, "sign"},
      {"Exp", {7}, importUnary, "exp"},
      {"Log", {7}, importUnary, "log"},
      {"Sqrt", {7}, importUnary, "sqrt"},
      {"Reciprocal", {7}, importUnary, "reciprocal"},
      {"Erf", {9}, importUnary, "erf"},
      {"Floor", {7}, importUnary, "floor"},
      {"Ceil", {7}, importUnary, "ceil"},
      {"Round", {11}, importUnary, "round"},
      {"Sin", {7}, importUnary, "sin"},
      {"Cos", {7}, importUnary, "cos"},
      {"Tan", {7}, importUnary, "tan"},
      {"Asin", {7}, importUnary, "asin"},
      {"Acos", {7}, importUnary, "acos"},
      {"Atan", {7}, importUnary, "atan"},
      {"Sinh", {9}, importUnary, "sinh"},
      {"Cosh", {9}, importUnary, "cosh"},
      {"Asinh", {9}, importUnary, "asinh"},
      {"Acosh", {9}, importUnary, "acosh"},
      {"Atanh", {9}, importUnary, "atanh"},
      {"Relu", {7}, importUnary, "relu"},
      {"Sigmoid", {7}, importUnary, "sigmoid"},
      {"Tanh", {7}, importUnary, "tanh"},
      {"Softplus", {7}, importUnary, "softplus"},
      {"Softsign", {7}, importUnary, "softsign"},
      {"Mish", {18}, importUnary, "mish"},
      {"HardSwish", {14}, importUnary, "hard_swish"},
      {"LeakyRelu", {7}, importFunction, "leaky_relu"},
      {"Swish", {24}, importSwish},
      {"Elu", {7}, importFunction, "elu"},
      {"Celu", {12}, importFunction, "celu"},
      {"Selu", {7}, importFunction, "selu"},
      {"HardSigmoid", {7}, importFunction, "hard_sigmoid"},
      {"ThresholdedRelu", {10}, importFunction, "thresholded_relu"},
      {"Shrink", {9}, importFunction, "shrink"},
      {"PRelu", {7}, importPRelu, "", 2},
      {"Gelu", {20}, importGelu},
      {"Clip", {7, 11}, importClipByAttribute},
      {"Clip", {11}, importClip},
  };
  return rows;
}

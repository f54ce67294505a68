// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports elementwise ops: those without attributes are one row each.
#include "NodeReader.h"
#include "tally/Support/Attribution.h"
#include <cmath>

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

static LogicalResult importUnary(NodeReader &node) {
  FailureOr<Value> x = node.value(0);
  if (failed(x))
    return failure();
  return node.result(node.emit(node.getRow().target, *x));
}

/// One element of a folded arithmetic op; integers wrap around.
static FailureOr<int64_t> computeInteger(NodeReader &node, int64_t a, int64_t b) {
  auto x = static_cast<uint64_t>(a), y = static_cast<uint64_t>(b);
  StringRef op = node.getRow().target;
  if (op == "add")
    return static_cast<int64_t>(x + y);
  if (op == "sub")
    return static_cast<int64_t>(x - y);
  if (op == "mul")
    return static_cast<int64_t>(x * y);
  if (b == 0)
    return FailureOr<int64_t>(node.wrong("divides by zero"));
  return b == -1 ? static_cast<int64_t>(0 - x) : a / b;
}

static double computeReal(StringRef op, double a, double b) {
  return op == "add" ? a + b : op == "sub" ? a - b : op == "mul" ? a * b : a / b;
}

static FailureOr<HostTensor> foldArithmetic(NodeReader &node, ArrayRef<HostTensor> inputs) {
  auto shape = broadcastShapes(inputs[0].shape, inputs[1].shape);
  std::optional<HostTensor> a, b;
  if (shape) {
    a = inputs[0].expand(*shape);
    b = inputs[1].expand(*shape);
  }
  if (!a || !b || a->type != b->type)
    return FailureOr<HostTensor>(node.wrong("expects two tensors of one type and of shapes that broadcast"));
  for (int64_t index = 0; index < a->size(); ++index) {
    if (a->isFloat()) {
      double value = computeReal(node.getRow().target, a->reals[index], b->reals[index]);
      a->reals[index] = a->type == ElementType::Float ? static_cast<float>(value) : value;
      continue;
    }
    FailureOr<int64_t> value = computeInteger(node, a->integers[index], b->integers[index]);
    if (failed(value))
      return failure();
    a->integers[index] = *value;
  }
  return *a;
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
  if (node.allKnown())
    return node.fold([&](ArrayRef<HostTensor> inputs) { return foldArithmetic(node, inputs); });
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

// LeakyRelu and Swish.
static LogicalResult importWithAlpha(NodeReader &node) {
  FailureOr<Value> x = node.value(0);
  if (failed(x))
    return failure();
  double alpha = node.real("alpha", node.getRow().target == "swish" ? 1.0 : 0.01f);
  return node.result(node.emit(node.getRow().target, *x, {node.attr("alpha", alpha)}));
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

/// Cast and CastLike to a type.
static LogicalResult importConversion(NodeReader &node, ElementType type) {
  if (!elementBytes(type))
    return node.unsupported("conversion to element type " + Twine(static_cast<int>(type)) + " is not supported");
  if (node.binding(0).kind == Binding::Kind::Host)
    return node.result(node.binding(0).host.cast(type), node.binding(0).hostAtOtherBatch.cast(type));
  FailureOr<Value> x = node.value(0);
  if (failed(x))
    return failure();
  if (type != ElementType::Float && type != ElementType::Double)
    return node.unsupported("conversion of a float tensor to integers is not supported");
  Builder &builder = node.getBuilder();
  Type to = type == ElementType::Float ? Type(builder.getF32Type()) : builder.getF64Type();
  if (cast<RankedTensorType>(x->getType()).getElementType() == to)
    return node.result(*x);
  return node.result(node.emit("convert", *x, {node.attr("to", TypeAttr::get(to))}));
}

static LogicalResult importCast(NodeReader &node) {
  node.ignore({"saturate", "round_mode"});
  return importConversion(node, static_cast<ElementType>(node.integer("to", 0)));
}

static LogicalResult importCastLike(NodeReader &node) {
  node.ignore({"saturate", "round_mode"});
  const Binding &like = node.binding(1);
  if (like.kind == Binding::Kind::Host)
    return importConversion(node, like.host.type);
  if (like.kind == Binding::Kind::Initializer)
    return importConversion(node, like.initializer->type);
  bool isDouble = cast<RankedTensorType>(like.value.getType()).getElementType().isF64();
  return importConversion(node, isDouble ? ElementType::Double : ElementType::Float);
}

ArrayRef<OpRow> tally::onnx::getElementwiseRows() {
  static const OpRow rows[] = {
      {"Add", {7}, importArithmetic, "add", 2},
      {"Sub", {7}, importArithmetic, "sub", 2},
      {"Mul", {7}, importArithmetic, "mul", 2},
      {"Div", {7}, importArithmetic, "div", 2},
      {"Neg", {7}, importUnary, "neg"},
      {"Exp", {7}, importUnary, "exp"},
      {"Log", {7}, importUnary, "log"},
      {"Sqrt", {7}, importUnary, "sqrt"},
      {"Reciprocal", {7}, importUnary, "reciprocal"},
      {"Erf", {9}, importUnary, "erf"},
      {"Relu", {7}, importUnary, "relu"},
      {"Sigmoid", {7}, importUnary, "sigmoid"},
      {"Tanh", {7}, importUnary, "tanh"},
      {"LeakyRelu", {7}, importWithAlpha, "leaky_relu"},
      {"Swish", {24}, importWithAlpha, "swish"},
      {"HardSwish", {14}, importUnary, "hard_swish"},
      {"Gelu", {20}, importGelu},
      {"Clip", {7, 11}, importClipByAttribute},
      {"Clip", {11}, importClip},
      {"Cast", {7}, importCast},
      {"CastLike", {15}, importCastLike, "", 2},
  };
  return rows;
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports Dropout and random tensors. Recipes draw the random numbers of training: a random tensor stands only for the mask of a dropout
// that an exporter has written out, such as that of stochastic depth. What is imported as written is drawn here, once.
#include "Composition.h"
#include "Draw.h"
#include <cmath>

using namespace mlir;
using namespace tally;
using namespace tally::onnx;
using Sizes = SmallVector<int64_t>;

// As written

/// The numbers that the node draws for a shape; those of nodes without a seed differ.
static Draw drawOf(NodeReader &node) {
  const NodeAttribute *seed = node.attribute("seed");
  if (seed && !seed->ints.empty())
    return Draw(static_cast<uint32_t>(seed->ints.front()));
  if (seed && !seed->floats.empty())
    return Draw(static_cast<uint32_t>(static_cast<int64_t>(seed->floats.front())));
  return Draw(static_cast<uint32_t>(node.getIndex()));
}

/// A constant of drawn numbers at either batch size; null after an error.
static Value emitDrawn(NodeReader &node, ElementType type, const Sizes &shape, const Sizes &other,
                       llvm::function_ref<double(Draw &)> number) {
  constexpr int64_t most = 1 << 24;
  auto fill = [&](const Sizes &sizes) {
    HostTensor host;
    host.type = type;
    host.shape = sizes;
    Draw draw = drawOf(node);
    for (int64_t index = 0; index < *checkedProduct(sizes); ++index)
      host.reals.push_back(number(draw));
    return host;
  };
  if (checkedProduct(shape).value_or(most + 1) > most || checkedProduct(other).value_or(most + 1) > most) {
    (void)node.unsupported("more than " + Twine(most) + " random numbers are not supported as written");
    return {};
  }
  HostTensor here = fill(shape);
  return node.emitConstant(here, fill(other));
}

/// Numbers in [0, 1) of the element type of `like`.
static Value emitUniform(Composition &c, const Shape &shape, Value like) {
  ElementType type = c.elementOf(like).isF64() ? ElementType::Double : ElementType::Float;
  return emitDrawn(c.node, type, shape.here, shape.there, [](Draw &draw) { return draw.uniform(); });
}

/// y = x / (1 - ratio) where a random number is at least ratio, else 0; the second output is where.
static LogicalResult importDropoutAsWritten(NodeReader &node, bool byAttribute) {
  Composition c(node);
  Value x = c.input(0), ratio;
  if (!x)
    return failure();
  if (byAttribute)
    ratio = c.number(node.real("ratio", 0.5), x);
  else
    ratio = node.has(1) ? c.convert(c.input(1), c.elementOf(x)) : c.number(0.5, x);
  Shape shape = c.shapeOf(x);
  Value kept, y = x;
  if (!byAttribute && node.has(2)) {
    Value trains = c.input(2), drawn = emitUniform(c, shape, x);
    kept = c.compare(nn::Relation::GreaterEqual, drawn, ratio);
    Value scaled = c.div(x, c.sub(1, ratio));
    scaled = c.select(kept, scaled, c.number(0, x));
    y = c.select(trains, scaled, x);
    kept = c.bitwise(nn::BitwiseKind::Or, kept, c.bitwise(nn::BitwiseKind::Xor, trains, c.number(1, trains)));
  } else {
    node.ignore({"seed"});
    Value one = c.number(1, x);
    kept = c.broadcast(c.compare(nn::Relation::Equal, one, one), shape);
  }
  if (failed(c.result(y, 0, node.elementType(0))))
    return failure();
  return node.getNode().outputs.size() > 1 ? c.result(kept, 1, ElementType::Bool) : success();
}

// As a recipe trains it

static LogicalResult dropout(NodeReader &node, double ratio) {
  FailureOr<Value> x = node.value(0);
  if (failed(x))
    return failure();
  if (!(ratio >= 0 && ratio < 1))
    return node.wrong("expects a ratio in [0, 1), got " + Twine(std::to_string(ratio)));
  if (ratio == 0)
    return node.result(*x);
  return node.result(node.emit("dropout", *x, {node.attr("ratio", ratio)}));
}

static LogicalResult importDropout(NodeReader &node) {
  if (node.isAsWritten())
    return importDropoutAsWritten(node, /*byAttribute=*/false);
  node.ignore({"seed"}); // random numbers follow from the recipe's seed
  (void)node.has(2);     // training_mode: recipes train the training form
  double ratio = 0.5;
  if (node.has(1)) {
    FailureOr<HostTensor> constant = node.constant(1);
    if (failed(constant))
      return failure();
    if (!constant->isFloat() || constant->size() != 1)
      return node.wrong("expects one number as ratio");
    ratio = constant->reals.front();
  }
  return dropout(node, ratio);
}

static LogicalResult importDropoutByAttribute(NodeReader &node) {
  return node.isAsWritten() ? importDropoutAsWritten(node, /*byAttribute=*/true) : dropout(node, node.real("ratio", 0.5));
}

/// The shapes of a random tensor. Exporters write the batch down in dimension 0 of a mask of samples, behind which are sizes of 1.
static std::pair<Sizes, Sizes> shapesOf(NodeReader &node) {
  std::pair<Sizes, Sizes> shapes(node.integers("shape"), node.integers("shape"));
  if (!node.hasAttribute("shape"))
    shapes = node.shapes(0);
  auto &[here, there] = shapes;
  Value like = node.getBatchedInput();
  bool isMaskOfSamples = here.size() > 1 && here[0] == node.getBatch() &&
                         llvm::all_of(ArrayRef(here).drop_front(), [](int64_t size) { return size == 1; });
  if (like && here == there && isMaskOfSamples)
    there[0] = node.shapeAtOtherBatch(like)[0];
  return shapes;
}

static LogicalResult bindRandom(NodeReader &node, RandomTensor random, ElementType type) {
  Binding bound;
  bound.kind = Binding::Kind::Random;
  bound.type = type;
  bound.random = std::make_shared<const RandomTensor>(std::move(random));
  return node.result(bound);
}

/// 1 with probability `keep`, else 0: nn.dropout of ones, of which the inference form is the mean.
static LogicalResult bindMask(NodeReader &node, RandomTensor random, double keep, ElementType type) {
  Composition c(node);
  keep = std::clamp(keep, 0.0, 1.0);
  random.keep = keep;
  Value number = node.emitConstant(HostTensor::scalar(1));
  random.ones = c.broadcast(number, {random.shape, random.shapeAtOtherBatch});
  if (keep > 0 && keep < 1)
    random.ones = c.op("dropout", random.ones, {node.attr("ratio", 1 - keep)});
  return random.ones ? bindRandom(node, std::move(random), type) : failure();
}

/// RandomUniform, RandomNormal, and those of the shape of an input.
static LogicalResult importRandom(NodeReader &node) {
  bool isUniform = node.getRow().target == "uniform", isLike = !node.hasAttribute("shape");
  double first = isUniform ? node.real("low", 0) : node.real("mean", 0), second = isUniform ? node.real("high", 1) : node.real("scale", 1);
  auto type = static_cast<ElementType>(node.integer("dtype", 0));
  if (type == ElementType::Undefined)
    type = isLike && isFloat(node.elementType(0)) ? node.elementType(0) : ElementType::Float;
  if (!isFloat(type))
    return node.wrong("expects a float type as dtype, got " + Twine(static_cast<int>(type)));
  if ((isLike && node.numInputs() == 0) || !checkedProduct(node.integers("shape")))
    return node.wrong("requires a shape");
  if (node.isAsWritten()) {
    auto [here, there] = isLike ? node.shapes(0) : std::pair<Sizes, Sizes>(node.integers("shape"), node.integers("shape"));
    Composition c(node);
    return c.result(emitDrawn(node, type, here, there, [&](Draw &draw) {
      return isUniform ? first + (second - first) * draw.uniform() : first + second * draw.normal();
    }), 0, type);
  }
  node.ignore({"seed"});
  RandomTensor random;
  std::tie(random.shape, random.shapeAtOtherBatch) = shapesOf(node);
  random.low = isUniform ? first : 0;
  random.high = isUniform ? second : 0;
  return bindRandom(node, std::move(random), type);
}

/// 1 with the probability that the input says, else 0.
static LogicalResult importBernoulli(NodeReader &node) {
  auto type = static_cast<ElementType>(node.integer("dtype", static_cast<int64_t>(node.elementType(0))));
  if (!elementBytes(type))
    return node.unsupported("element type " + Twine(static_cast<int>(type)) + " is not supported");
  if (node.isAsWritten()) {
    Composition c(node);
    Value p = c.input(0);
    if (!p)
      return failure();
    Value drawn = emitUniform(c, c.shapeOf(p), p);
    return c.result(c.convert(c.compare(nn::Relation::Less, drawn, p), type), 0, type);
  }
  node.ignore({"seed"});
  auto known = node.constants(0);
  if (!known || !known->first.isFloat() || known->first.reals.empty() || !llvm::all_equal(known->first.reals))
    return node.unsupported("a probability that is not one number, known at import time, is not supported");
  RandomTensor random;
  std::tie(random.shape, random.shapeAtOtherBatch) = shapesOf(node);
  return bindMask(node, std::move(random), known->first.reals.front(), type);
}

/// `sample_size` classes for each row of the input, which holds the logarithms of their probabilities but for a constant.
static LogicalResult importMultinomial(NodeReader &node) {
  int64_t samples = node.integer("sample_size", 1);
  auto type = static_cast<ElementType>(node.integer("dtype", static_cast<int64_t>(ElementType::Int32)));
  if (!node.isAsWritten())
    return node.unsupported("classes drawn at random are supported as written only, not where a recipe trains");
  Composition c(node);
  Value x = c.input(0);
  if (!x)
    return failure();
  Shape shape = c.shapeOf(x), drawnShape = shape;
  if (shape.rank() != 2 || samples < 1 || !integerBits(type))
    return node.wrong("expects an input [N, classes], a sample_size of at least 1 and an integer dtype");
  int64_t classes = shape.here[1];
  // The class is the number of classes whose probabilities and those before add up to the random number or less.
  std::vector<double> before;
  for (int64_t row = 0; row < classes; ++row)
    for (int64_t column = 0; column < classes - 1; ++column)
      before.push_back(row <= column);
  Value sums = c.op("softmax", x, {node.integerAttr("axis", 1)});
  sums = c.op("matmul", {sums, c.reals(before, {classes, classes - 1}, x)});
  drawnShape.set(1, samples);
  Value drawn = emitUniform(c, drawnShape, x);
  Shape perClass = c.shapeOf(sums), perSample = drawnShape;
  perClass.insert(1, 1);
  perSample.insert(2, 1);
  drawn = c.reshape(drawn, perSample);
  Value passed = c.compare(nn::Relation::GreaterEqual, drawn, c.reshape(sums, perClass));
  return c.result(c.convert(c.sum(c.convert(passed, ElementType::Int64), {2}, /*keep=*/false), type), 0, type);
}

// Uses of random tensors

/// The one number that an input is; nullopt where it is not.
static std::optional<double> numberOf(NodeReader &node, size_t input) {
  auto known = node.constants(input);
  if (!known || !(known->first == known->second) || known->first.size() != 1)
    return std::nullopt;
  return known->first.isFloat() ? known->first.reals.front() : static_cast<double>(known->first.integers.front());
}

/// What the ones that are kept are multiplied by, in all; exporters round, so that what is nearly 1 is 1.
static double scaleOf(const RandomTensor &random) {
  double scale = *random.keep * random.factor;
  return std::abs(scale - 1) < 1e-6 ? 1 : scale;
}

static bool isMask(const Binding &bound) { return bound.random->keep && isFloat(bound.type); }

FailureOr<Value> tally::onnx::valueOfRandom(NodeReader &node, size_t input) {
  const Binding &bound = node.binding(input);
  if (!isMask(bound))
    return FailureOr<Value>(node.unsupported("input " + Twine(input) + " is a random tensor, supported only as the mask of a dropout: "
                                             "compared with a number and converted to a float"));
  Composition c(node);
  double scale = scaleOf(*bound.random);
  node.recordRandomUse(input, scale);
  Type element = typeOf(node.getLoc().getContext(), bound.type, {}).getElementType();
  Value ones = c.convert(bound.random->ones, element), value = scale == 1 ? ones : c.mul(ones, scale);
  return value ? FailureOr<Value>(value) : FailureOr<Value>(failure());
}

/// A comparison of a uniform random tensor with a number: a mask.
static LogicalResult importComparison(NodeReader &node, RandomTensor random, bool isFirst, double number) {
  StringRef op = node.getNode().opType;
  double below = (number - random.low) / (random.high - random.low);
  // A number that more than one node reads would have to be the same in each of them.
  if (random.isShared)
    return node.unsupported("a random tensor that is compared is supported for one node alone");
  return bindMask(node, std::move(random), op.starts_with("Less") == isFirst ? below : 1 - below, ElementType::Bool);
}

/// x times a mask of its shape that nothing else reads: dropout of x.
static std::optional<LogicalResult> importMasking(NodeReader &node, const RandomTensor &random, size_t input) {
  const Binding &other = node.binding(1 - input);
  auto shapes = node.shapes(1 - input);
  if (!isMask(node.binding(input)) || random.isShared || other.kind != Binding::Kind::Value || shapes.first != random.shape ||
      shapes.second != random.shapeAtOtherBatch || *random.keep <= 0 || *random.keep >= 1)
    return std::nullopt;
  Composition c(node);
  double scale = scaleOf(random);
  node.recordRandomUse(input, scale);
  Value y = c.op("dropout", c.input(1 - input), {node.attr("ratio", 1 - *random.keep)});
  return c.result(scale == 1 ? y : c.mul(y, scale));
}

std::optional<LogicalResult> tally::onnx::importOfRandom(NodeReader &node) {
  size_t input = 0, number = node.numInputs();
  while (input < number && (node.getNode().inputs[input].empty() || node.peek(input).kind != Binding::Kind::Random))
    ++input;
  if (input == number)
    return std::nullopt;
  StringRef op = node.getNode().opType;
  RandomTensor random = *node.peek(input).random;
  ElementType type = node.peek(input).type;
  random.isShared |= !node.isOnlyReader(input);
  bool isPair = number == 2, isUniform = !random.keep && random.low < random.high;
  std::optional<double> scalar;
  if (isPair)
    scalar = numberOf(node, 1 - input);
  if (isUniform && scalar && llvm::is_contained({"Less", "LessOrEqual", "Greater", "GreaterOrEqual"}, op)) {
    (void)node.has(input);
    return importComparison(node, std::move(random), input == 0, *scalar);
  }
  if (op == "Identity" || ((op == "Cast" || op == "CastLike") && input == 0)) {
    (void)node.has(0);
    if (op != "Identity") {
      node.ignore({"saturate", "round_mode"});
      type = op == "Cast" ? static_cast<ElementType>(node.integer("to", 0)) : node.elementType(1);
      if (!isFloat(type) && type != ElementType::Bool)
        return node.unsupported("a random tensor as element type " + Twine(static_cast<int>(type)) + " is not supported");
    }
    return bindRandom(node, std::move(random), type);
  }
  if (scalar && random.keep && isFloat(type) && (op == "Mul" || (op == "Div" && input == 0))) {
    (void)node.has(input);
    random.factor = op == "Mul" ? random.factor * *scalar : random.factor / *scalar;
    return bindRandom(node, std::move(random), type);
  }
  return op == "Mul" && isPair ? importMasking(node, random, input) : std::nullopt;
}

ArrayRef<OpRow> tally::onnx::getRandomRows() {
  static const OpRow rows[] = {
      {"Dropout", {7, 12}, importDropoutByAttribute, "", 1, 2},
      {"Dropout", {12}, importDropout, "", 1, 2},
      {"RandomUniform", {7}, importRandom, "uniform", 0},
      {"RandomUniformLike", {7}, importRandom, "uniform"},
      {"RandomNormal", {7}, importRandom, "normal", 0},
      {"RandomNormalLike", {7}, importRandom, "normal"},
      {"Bernoulli", {15}, importBernoulli},
      {"Multinomial", {7}, importMultinomial},
  };
  return rows;
}

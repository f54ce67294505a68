// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Compares gradients with central differences in f64, and where a function is linear with its values.
#include "Checks.h"
#include "dialects/Nn/Nn.h"
#include "mlir/IR/TypeUtilities.h"
#include "tally/Autodiff/Differentiate.h"
#include <cmath>
#include <random>

using namespace mlir;
using namespace tally;

static bool isFloat(Value value) { return isa<FloatType>(getElementTypeOrSelf(value.getType())); }

/// Deterministic numbers in [low, high); std::uniform_real_distribution is not the same everywhere.
static std::vector<double> draw(int64_t number, double low, double high, std::mt19937_64 &generator) {
  std::vector<double> values(number);
  for (double &value : values)
    value = low + (high - low) * std::ldexp(static_cast<double>(generator() >> 11), -53);
  return values;
}

FailureOr<GradientCheck> tally::buildGradient(func::FuncOp function) {
  for (Type type : llvm::concat<const Type>(function.getArgumentTypes(), function.getResultTypes()))
    if (!isa<RankedTensorType>(type) || getElementTypeOrSelf(type).isF32())
      return function.emitError("check_gradient requires tensors, of f64 where they are floats, got ") << type;
  OpBuilder builder(function->getContext());
  builder.setInsertionPointAfter(function);
  auto clone = cast<func::FuncOp>(builder.clone(*function));
  clone.setName((function.getName() + "_gradient").str());
  clone->removeAttr("check_gradient");

  GradientCheck check{function, clone, {}};
  Operation *terminator = clone.getBody().front().getTerminator();
  builder.setInsertionPoint(terminator);
  GradientRequest request{function.getLoc(), {}, {}, {}};
  std::mt19937_64 generator(7);
  for (Value output : llvm::make_filter_range(terminator->getOperands(), isFloat)) {
    auto type = cast<RankedTensorType>(output.getType());
    check.weights.push_back(draw(type.getNumElements(), 0.5, 1.5, generator));
    for (double &weight : check.weights.back())
      weight = generator() & 1 ? weight : -weight;
    request.outputs.push_back(output);
    request.seeds.push_back(nn::ConstantOp::create(builder, function.getLoc(), type,
                                                   DenseElementsAttr::get(type, ArrayRef<double>(check.weights.back()))));
  }
  for (Value argument : llvm::make_filter_range(clone.getArguments(), isFloat))
    request.parameters.push_back(argument);
  int64_t differentiated = 0;
  FailureOr<SmallVector<Value>> gradients = differentiate(builder, request, differentiated);
  if (failed(gradients))
    return failure();
  if (differentiated == 0)
    return function.emitError("check_gradient found nothing to differentiate");
  terminator->setOperands(*gradients);
  clone.setFunctionType(builder.getFunctionType(function.getArgumentTypes(), ValueRange(*gradients).getTypes()));
  return check;
}

/// The weighted sum of the float results.
static FailureOr<double> evaluate(Jit &jit, const GradientCheck &check, ArrayRef<HostTensor> inputs) {
  FailureOr<std::vector<HostTensor>> results = jit.call(check.function, inputs);
  if (failed(results))
    return failure();
  double loss = 0;
  size_t number = 0;
  for (const HostTensor &result : *results)
    if (isa<FloatType>(result.type.getElementType())) {
      const std::vector<double> &weights = check.weights[number++];
      for (int64_t i = 0; i < result.size(); ++i)
        loss += weights[i] * result.get(i);
    }
  return loss;
}

/// A number of the attribute check_gradient = {key = number}, or its default.
static double getOption(func::FuncOp function, llvm::StringRef key, double otherwise) {
  auto options = function->getAttrOfType<DictionaryAttr>("check_gradient");
  Attribute value = options ? options.get(key) : Attribute();
  if (auto number = dyn_cast_or_null<FloatAttr>(value))
    return number.getValueAsDouble();
  if (auto number = dyn_cast_or_null<IntegerAttr>(value))
    return number.getInt();
  return otherwise;
}

/// Where the loss f is linear in an argument, <x, df/dx> is f(x) - f(0) but for roundings (the adjoint identity), which shows errors that
/// differences hide. The same holds of all that grows along x as a line does, by Euler's theorem on homogeneous functions.
static LogicalResult checkAdjoint(Jit &jit, const GradientCheck &check, std::vector<HostTensor> inputs, size_t position, const HostTensor &gradient,
                                  double scale) {
  HostTensor &input = inputs[position];
  std::vector<double> x(input.size());
  double product = 0, magnitude = 0;
  for (int64_t i = 0; i < input.size(); ++i) {
    x[i] = input.get(i);
    product += x[i] * gradient.get(i) * scale;
    magnitude += std::abs(x[i] * gradient.get(i));
  }
  auto along = [&](double t) -> FailureOr<double> {
    for (int64_t i = 0; i < input.size(); ++i)
      input.set(i, t * x[i]);
    return evaluate(jit, check, inputs);
  };
  FailureOr<double> origin = along(0), here = along(1);
  if (failed(origin) || failed(here))
    return failure();
  double change = *here - *origin;
  magnitude += std::abs(*here) + std::abs(*origin);
  for (double t : {0.5, 1.375, 2.0}) {
    FailureOr<double> value = along(t);
    if (failed(value))
      return failure();
    if (!(std::abs(*value - *origin - t * change) <= 1e-12 * magnitude))
      return success();
  }
  if (std::abs(product - change) <= 1e-9 * magnitude)
    return success();
  func::FuncOp function = check.function;
  return function.emitError("the gradient of argument ")
         << position << ", in which the function is linear, breaks the adjoint identity: its product with the argument is "
         << printNumber(product) << ", the values give " << printNumber(change);
}

LogicalResult tally::checkGradient(Jit &jit, const GradientCheck &check, double scale) {
  func::FuncOp function = check.function;
  double low = getOption(function, "low", -1), high = getOption(function, "high", 1);
  double tolerance = getOption(function, "tolerance", 1e-6);
  std::mt19937_64 generator(static_cast<uint64_t>(getOption(function, "seed", 1)));
  std::vector<HostTensor> inputs;
  for (Type type : function.getArgumentTypes()) {
    HostTensor &input = inputs.emplace_back(cast<RankedTensorType>(type));
    // Positions are drawn below the option `positions`.
    bool floats = isa<FloatType>(input.type.getElementType());
    std::vector<double> values = floats ? draw(input.size(), low, high, generator)
                                        : draw(input.size(), 0, getOption(function, "positions", 1), generator);
    for (int64_t i = 0; i < input.size(); ++i)
      input.set(i, floats ? values[i] : std::floor(values[i]));
  }
  FailureOr<std::vector<HostTensor>> gradients = jit.call(check.gradient, inputs);
  if (failed(gradients))
    return failure();

  constexpr double step = 5e-6; // about the cube root of the precision of f64
  auto difference = [&](HostTensor &input, int64_t i, double h) -> FailureOr<double> {
    double x = input.get(i);
    input.set(i, x + h);
    FailureOr<double> above = evaluate(jit, check, inputs);
    input.set(i, x - h);
    FailureOr<double> below = evaluate(jit, check, inputs);
    input.set(i, x);
    if (failed(above) || failed(below))
      return failure();
    return (*above - *below) / (2 * h);
  };
  size_t number = 0;
  int64_t compared = 0;
  for (auto [position, input] : llvm::enumerate(inputs)) {
    if (!isa<FloatType>(input.type.getElementType()))
      continue;
    const HostTensor &gradient = (*gradients)[number++];
    compared += input.size();
    double largest = 0;
    for (int64_t i = 0; i < gradient.size(); ++i)
      largest = std::max(largest, std::abs(gradient.get(i)));
    for (int64_t i = 0; i < input.size(); ++i) {
      FailureOr<double> expected = difference(input, i, step);
      if (failed(expected))
        return failure();
      double actual = gradient.get(i) * scale;
      double allowed = tolerance * std::max({std::abs(*expected), std::abs(largest), 1e-2});
      if (std::abs(actual - *expected) <= allowed)
        continue;
      InFlightDiagnostic error = function.emitError("the gradient of argument ")
                                 << position << ", element " << i << " is " << printNumber(actual) << ", differences give "
                                 << printNumber(*expected);
      if (FailureOr<double> finer = difference(input, i, step / 4);
          succeeded(finer) && std::abs(*finer - *expected) > allowed)
        error.attachNote() << "a smaller step gives " << printNumber(*finer) << ": a kink may be near, try another seed";
      return error;
    }
    if (failed(checkAdjoint(jit, check, inputs, position, gradient, scale)))
      return failure();
  }
  if (compared == 0)
    return function.emitError("check_gradient found no element to compare");
  return success();
}

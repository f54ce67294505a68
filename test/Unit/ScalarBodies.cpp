// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Each rule of scalar differentiation against differences, and the count of a body that the counting rules do not know.
#include "dialects/Nn/Fold.h"
#include "dialects/Nn/ScalarDerivative.h"
#include "llvm/Support/FormatVariadic.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"
#include "tally/Cost/BodyCount.h"
#include "tally/Interfaces/ScalarBodyOpInterface.h"
#include "tally/Support/ScalarOperation.h"
#include <cmath>

using namespace mlir;
using namespace tally;
using nn::ScalarBuilder;

/// The value of `result` for the given arguments; NaN where it is not a number.
static double evaluate(Block &body, Value result, ArrayRef<double> arguments) {
  SmallVector<Attribute> attributes;
  for (auto [argument, number] : llvm::zip_equal(body.getArguments(), arguments))
    attributes.push_back(FloatAttr::get(argument.getType(), number));
  auto number = dyn_cast_or_null<FloatAttr>(nn::evaluateScalars(body, result, attributes));
  return number ? number.getValueAsDouble() : std::nan("");
}

static int64_t countOperations(Block &body) {
  return llvm::count_if(body, [](Operation &op) {
    FailureOr<std::optional<ScalarOperation>> operation = classifyScalarOperation(&op);
    return succeeded(operation) && operation->has_value();
  });
}

static void checkFormula(MLIRContext &context, StringRef name, StringRef reads, nn::Formula formula) {
  Location loc = UnknownLoc::get(&context);
  Type type = Float64Type::get(&context);
  OpBuilder builder(&context);
  Block forward, backward;
  builder.setInsertionPointToEnd(&forward);
  ScalarBuilder b(builder, loc, type);
  Value y = formula(b, forward.addArgument(type, loc));
  for (size_t i = 0; i <= reads.size(); ++i)
    backward.addArgument(type, loc);
  builder.setInsertionPointToEnd(&backward);
  Value dx = nn::differentiateFormula(builder, loc, formula, reads, backward.getArguments());

  constexpr double h = 1e-6, dy = 1.5;
  double worst = 0;
  for (double x : {0.25, 0.75, 1.5}) {
    SmallVector<double> arguments;
    for (char read : reads)
      arguments.push_back(read == 'x' ? x : evaluate(forward, y, x));
    arguments.push_back(dy);
    double expected = dy * (evaluate(forward, y, x + h) - evaluate(forward, y, x - h)) / (2 * h);
    double difference = std::abs(evaluate(backward, dx, arguments) - expected);
    worst = difference <= worst ? worst : difference; // NaN is worst
  }
  bool agrees = worst < 1e-8;
  llvm::outs() << llvm::formatv("{0} of {1}: {2} operations, {3}\n", name, reads, countOperations(backward), agrees ? "agrees" : "differs");
}

namespace {
/// An op whose scalar body is unknown to the counting rules.
struct UnknownBody : ScalarBodyOpInterface::ExternalModel<UnknownBody, arith::NegFOp> {
  Value buildScalarBody(Operation *, OpBuilder &builder, Location loc, ValueRange in) const {
    return math::CbrtOp::create(builder, loc, in[0]);
  }
};
struct BodyCost : CostOpInterface::ExternalModel<BodyCost, arith::NegFOp> {
  SmallVector<CostTerm> getCost(Operation *op) const { return costOfScalarBody(op); }
};
} // namespace

static void countUnknown(MLIRContext &context) {
  arith::NegFOp::attachInterface<UnknownBody, BodyCost>(context);
  ScopedDiagnosticHandler handler(&context, [](Diagnostic &diagnostic) {
    llvm::outs() << diagnostic.getLocation() << ": " << diagnostic << "\n";
    return success();
  });
  Location loc = FileLineColLoc::get(&context, "network", 3, 5);
  OpBuilder builder(&context);
  Block block;
  builder.setInsertionPointToEnd(&block);
  Value x = block.addArgument(RankedTensorType::get({3}, builder.getF32Type()), loc);
  bool counted = succeeded(countGraphOp(arith::NegFOp::create(builder, loc, x)));
  llvm::outs() << (counted ? "counted\n" : "refused\n");
}

int main() {
  MLIRContext context;
  context.loadDialect<arith::ArithDialect, math::MathDialect>();
  auto check = [&](StringRef name, StringRef reads, nn::Formula formula) { checkFormula(context, name, reads, formula); };
  check("add", "x", [](ScalarBuilder &b, Value x) { return b.add(b.mul(x, b.constant(3)), x); });
  check("subtract", "x", [](ScalarBuilder &b, Value x) { return b.sub(x, b.mul(x, b.constant(3))); });
  check("multiply", "x", [](ScalarBuilder &b, Value x) { return b.mul(x, x); });
  check("divide", "xy", [](ScalarBuilder &b, Value x) { return b.div(x, b.add(x, b.constant(2))); });
  check("negate", "x", [](ScalarBuilder &b, Value x) { return b.neg(x); });
  check("exp", "y", [](ScalarBuilder &b, Value x) { return b.exp(x); });
  check("exp", "x", [](ScalarBuilder &b, Value x) { return b.exp(x); });
  check("log", "x", [](ScalarBuilder &b, Value x) { return b.log(x); });
  check("sqrt", "y", [](ScalarBuilder &b, Value x) { return b.sqrt(x); });
  check("maximum", "y", [](ScalarBuilder &b, Value x) { return b.max(x, b.constant(0.5)); });
  check("minimum", "x", [](ScalarBuilder &b, Value x) { return b.min(x, b.constant(0.5)); });
  check("tanh", "y", [](ScalarBuilder &b, Value x) { return b.tanh(x); });
  check("erf", "x", [](ScalarBuilder &b, Value x) { return b.erf(x); });
  countUnknown(context);
}

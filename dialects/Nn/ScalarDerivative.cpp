// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Scalar automatic differentiation: backwards over the ops of a formula, one rule an op.
#include "dialects/Nn/ScalarDerivative.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/ErrorHandling.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace tally::nn;

namespace {
/// What is known of the values of one formula. Its ops are only read: what a rule needs of them is built anew.
struct Derivative {
  Derivative(OpBuilder &builder, Location loc, Type type) : builder(builder), b(builder, loc, type) {}

  OpBuilder &builder;
  ScalarBuilder b;
  DenseMap<Value, Value> atHand;
  DenseMap<Value, Value> gradients; ///< of the values that depend on x; null until one flows in

  Value get(Value value) {
    if (Value known = atHand.lookup(value))
      return known;
    Operation *op = value.getDefiningOp();
    if (!op)
      llvm::reportFatalInternalError("the derivative needs x, but its op reads only y");
    IRMapping operands;
    for (Value operand : op->getOperands())
      operands.map(operand, get(operand));
    return atHand[value] = builder.clone(*op, operands)->getResult(0);
  }
};

/// One op on the way back.
struct Step {
  Derivative &derivative;
  Operation *op;
  Value gradient; ///< of the result
  ScalarBuilder &b;

  Value operand(unsigned index) { return derivative.get(op->getOperand(index)); }
  Value result() { return derivative.get(op->getResult(0)); }
  bool needs(unsigned index) { return derivative.gradients.contains(op->getOperand(index)); }
  void pass(unsigned index, Value value) {
    Value &sum = derivative.gradients[op->getOperand(index)];
    sum = sum ? b.add(sum, value) : value;
  }
};
} // namespace

// r = x + y
static void add(Step &step) {
  for (unsigned index : {0, 1})
    if (step.needs(index))
      step.pass(index, step.gradient);
}

// r = x - y
static void subtract(Step &step) {
  if (step.needs(0))
    step.pass(0, step.gradient);
  if (step.needs(1))
    step.pass(1, step.b.neg(step.gradient));
}

// r = x * y
static void multiply(Step &step) {
  for (unsigned index : {0, 1})
    if (step.needs(index))
      step.pass(index, step.b.mul(step.gradient, step.operand(1 - index)));
}

// r = x / y: q = dr / y; dx = q, dy = -(q * r)
static void divide(Step &step) {
  Value quotient = step.b.div(step.gradient, step.operand(1));
  if (step.needs(0))
    step.pass(0, quotient);
  if (step.needs(1))
    step.pass(1, step.b.neg(step.b.mul(quotient, step.result())));
}

static void negate(Step &step) { step.pass(0, step.b.neg(step.gradient)); }

// r = exp(x): dx = dr * r
static void exp(Step &step) { step.pass(0, step.b.mul(step.gradient, step.result())); }

// r = ln(x): dx = dr / x
static void log(Step &step) { step.pass(0, step.b.div(step.gradient, step.operand(0))); }

// r = sqrt(x): dx = dr / (2 * r)
static void sqrt(Step &step) {
  step.pass(0, step.b.div(step.gradient, step.b.mul(step.result(), step.b.constant(2))));
}

// r = max(x, c) lets pass where x > c, which is where r > c; min(x, c) where r < c.
static void limit(Step &step) {
  if (step.needs(1))
    llvm::reportFatalInternalError("no derivative of a maximum or minimum of two values that vary");
  bool hasResult = step.derivative.atHand.contains(step.op->getResult(0));
  Value compared = hasResult ? step.result() : step.operand(0), bound = step.operand(1);
  bool below = isa<arith::MinimumFOp>(step.op);
  Value passes = below ? step.b.less(compared, bound) : step.b.greater(compared, bound);
  step.pass(0, step.b.select(passes, step.gradient, step.b.constant(0)));
}

// r = tanh(x): dx = dr * (1 - r * r)
static void tanh(Step &step) {
  Value square = step.b.mul(step.result(), step.result());
  step.pass(0, step.b.mul(step.gradient, step.b.sub(step.b.constant(1), square)));
}

// r = erf(x): dx = dr * exp(ln(2 / sqrt(pi)) - x * x)
static void erf(Step &step) {
  Value square = step.b.mul(step.operand(0), step.operand(0));
  step.pass(0, step.b.mul(step.gradient, step.b.exp(step.b.sub(step.b.constant(0.1207822376352452), square))));
}

// r = sin(x): dx = dr * cos(x)
static void sin(Step &step) { step.pass(0, step.b.mul(step.gradient, step.b.cos(step.operand(0)))); }

// r = cos(x): dx = -(dr * sin(x))
static void cos(Step &step) { step.pass(0, step.b.neg(step.b.mul(step.gradient, step.b.sin(step.operand(0))))); }

/// A data table, so that a new scalar op is one row.
static const llvm::StringMap<void (*)(Step &)> &rules() {
  static const llvm::StringMap<void (*)(Step &)> table = {
      {"arith.addf", add},       {"arith.subf", subtract},  {"arith.mulf", multiply}, {"arith.divf", divide},
      {"arith.maximumf", limit}, {"arith.minimumf", limit}, {"arith.negf", negate},   {"math.exp", exp},
      {"math.log", log},         {"math.sqrt", sqrt},       {"math.tanh", tanh},      {"math.erf", erf},
      {"math.sin", sin},         {"math.cos", cos},
  };
  return table;
}

Value tally::nn::differentiateFormula(OpBuilder &builder, Location loc, Formula formula, StringRef reads, ValueRange in) {
  Type type = in[0].getType();
  Block block;
  Value x = block.addArgument(type, loc);
  OpBuilder forward(builder.getContext());
  forward.setInsertionPointToEnd(&block);
  ScalarBuilder forwardScalars(forward, loc, type);
  Value y = formula(forwardScalars, x);

  Derivative derivative(builder, loc, type);
  for (auto [name, value] : llvm::zip_equal(reads, in.drop_back()))
    derivative.atHand[name == 'x' ? x : y] = value;
  derivative.gradients[x] = {};
  for (Operation &op : block)
    if (llvm::any_of(op.getOperands(), [&](Value operand) { return derivative.gradients.contains(operand); }))
      derivative.gradients[op.getResult(0)] = {};
  derivative.gradients[y] = in.back();
  for (Operation &op : llvm::reverse(block)) {
    Value gradient = derivative.gradients.lookup(op.getResult(0));
    if (!gradient)
      continue;
    auto rule = rules().find(op.getName().getStringRef());
    if (rule == rules().end())
      llvm::reportFatalInternalError("no derivative of " + op.getName().getStringRef());
    Step step{derivative, &op, gradient, derivative.b};
    rule->second(step);
  }
  return derivative.gradients.lookup(x);
}

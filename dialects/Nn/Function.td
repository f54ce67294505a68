// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions of one real number: a table, one entry a function and its gradient.
#ifndef TALLY_NN_FUNCTION_TD
#define TALLY_NN_FUNCTION_TD

include "dialects/Nn/NnBase.td"

/// nn.<mnemonic> and nn.<mnemonic>_grad: y[i] = <what>, dx[i] = <gradient>, with their prices in words, the ONNX op and its first opset.
multiclass Nn_Function<string mnemonic, list<string> reads, string onnx, string what, string cost, string gradient, string gradientCost,
                       code scalars, code gradientScalars = "", list<string> numbers = []> {
  def Op : Nn_FormulaOp<mnemonic, reads, numbers> {
    let formula = scalars;
    let gradientFormula = gradientScalars;
    let summary = what;
    let description = [{
    y[i] = }] # !subst(" x", " x[i]", !subst("(x", "(x[i]", " " # what)) # [{.

    Shapes: x: [d0 ... dn]; y: as x.
    Gradient: }] # mnemonic # [{_grad.
    Cost: }] # cost # [{.
    ONNX: }] # onnx # [{.

    (* example: test/Ops/}] # mnemonic # [{.mlir *)
    }];
  }
  def GradOp : Nn_DerivedGradOp<!cast<Nn_FormulaOp>(NAME # "Op")> {
    let summary = "the gradient of " # mnemonic;
    let description = [{
    For each element dx = }] # gradient # [{.

    Shapes: }] # !interleave(reads, ", ") # [{, dy, dx: [d0 ... dn].
    Cost: }] # gradientCost # [{.

    (* example: test/Ops/}] # mnemonic # [{.mlir *)
    }];
  }
}

defm Nn_Sin : Nn_Function<"sin", ["x"], "Sin (from opset 7)", "sin(x)", "1 operation per element (trigonometric)",
  "dy * cos(x)", "2 operations per element (trigonometric, multiply)",
  [{ return b.sin(x); }]>;
defm Nn_Cos : Nn_Function<"cos", ["x"], "Cos (from opset 7)", "cos(x)", "1 operation per element (trigonometric)",
  "-(dy * sin(x))", "3 operations per element (trigonometric, multiply, negate)",
  [{ return b.cos(x); }]>;
defm Nn_Tan : Nn_Function<"tan", ["y"], "Tan (from opset 7)", "tan(x)", "1 operation per element (trigonometric)",
  "dy * (y * y + 1)", "3 operations per element (multiply, add, multiply)",
  [{ return b.tan(x); }], [{ return b.mul(dy, b.add(b.mul(y, y), b.constant(1))); }]>;
defm Nn_Asin : Nn_Function<"asin", ["x"], "Asin (from opset 7)", "asin(x)", "1 operation per element (trigonometric)",
  "dy * rsqrt(1 - x * x)", "4 operations per element (2 multiply, subtract, rsqrt)",
  [{ return b.asin(x); }], [{ return b.mul(dy, b.rsqrt(b.sub(b.constant(1), b.mul(x, x)))); }]>;
defm Nn_Acos : Nn_Function<"acos", ["x"], "Acos (from opset 7)", "acos(x)", "1 operation per element (trigonometric)",
  "-(dy * rsqrt(1 - x * x))", "5 operations per element (2 multiply, subtract, rsqrt, negate)",
  [{ return b.acos(x); }], [{ return b.neg(b.mul(dy, b.rsqrt(b.sub(b.constant(1), b.mul(x, x))))); }]>;
defm Nn_Atan : Nn_Function<"atan", ["x"], "Atan (from opset 7)", "atan(x)", "1 operation per element (trigonometric)",
  "dy / (x * x + 1)", "3 operations per element (multiply, add, divide)",
  [{ return b.atan(x); }], [{ return b.div(dy, b.add(b.mul(x, x), b.constant(1))); }]>;
defm Nn_Sinh : Nn_Function<"sinh", ["x"], "Sinh (from opset 9)", "sinh(x)", "1 operation per element (trigonometric)",
  "dy * cosh(x)", "2 operations per element (trigonometric, multiply)",
  [{ return b.sinh(x); }], [{ return b.mul(dy, b.cosh(x)); }]>;
defm Nn_Cosh : Nn_Function<"cosh", ["x"], "Cosh (from opset 9)", "cosh(x)", "1 operation per element (trigonometric)",
  "dy * sinh(x)", "2 operations per element (trigonometric, multiply)",
  [{ return b.cosh(x); }], [{ return b.mul(dy, b.sinh(x)); }]>;
defm Nn_Asinh : Nn_Function<"asinh", ["x"], "Asinh (from opset 9)", "asinh(x)", "1 operation per element (trigonometric)",
  "dy * rsqrt(x * x + 1)", "4 operations per element (2 multiply, add, rsqrt)",
  [{ return b.asinh(x); }], [{ return b.mul(dy, b.rsqrt(b.add(b.mul(x, x), b.constant(1)))); }]>;
defm Nn_Acosh : Nn_Function<"acosh", ["x"], "Acosh (from opset 9)", "acosh(x)", "1 operation per element (trigonometric)",
  "dy * rsqrt(x * x - 1)", "4 operations per element (2 multiply, subtract, rsqrt)",
  [{ return b.acosh(x); }], [{ return b.mul(dy, b.rsqrt(b.sub(b.mul(x, x), b.constant(1)))); }]>;
defm Nn_Atanh : Nn_Function<"atanh", ["x"], "Atanh (from opset 9)", "atanh(x)", "1 operation per element (trigonometric)",
  "dy / (1 - x * x)", "3 operations per element (multiply, subtract, divide)",
  [{ return b.atanh(x); }], [{ return b.div(dy, b.sub(b.constant(1), b.mul(x, x))); }]>;
defm Nn_Abs : Nn_Function<"abs", ["x"], "Abs (from opset 7)", "abs(x)", "1 operation per element (absolute)",
  "dy where x > 0, -dy where x < 0, 0 at 0", "5 operations per element (2 compare, negate, 2 select)",
  [{ return b.abs(x); }], [{
    ::mlir::Value negative = b.select(b.less(x, b.constant(0)), b.neg(dy), b.constant(0));
    return b.select(b.greater(x, b.constant(0)), dy, negative);
  }]>;
defm Nn_Elu : Nn_Function<"elu", ["x", "y"], "Elu (from opset 7)", "x where x > 0, alpha * (exp(x) - 1) elsewhere",
  "4 operations per element (compare, exp, multiply, select), 3 where alpha is 1",
  "dy where x > 0, dy * (y + alpha) elsewhere", "4 operations per element (compare, add, multiply, select)",
  [{ return b.select(b.greater(x, b.constant(0)), x, b.scale(b.expm1(x), alpha)); }],
  [{ return b.select(b.greater(x, b.constant(0)), dy, b.mul(dy, b.shift(y, alpha))); }], ["alpha"]>;
defm Nn_Celu : Nn_Function<"celu", ["x", "y"], "Celu (from opset 12)", "x where x > 0, alpha * (exp(x / alpha) - 1) elsewhere",
  "5 operations per element (compare, 2 multiply, exp, select), 3 where alpha is 1",
  "dy where x > 0, dy * (y / alpha + 1) elsewhere", "5 operations per element (compare, 2 multiply, add, select), 4 where alpha is 1",
  [{
    ::mlir::Value scaled = b.scale(x, 1 / alpha);
    return b.select(b.greater(x, b.constant(0)), x, b.scale(b.expm1(scaled), alpha));
  }], [{
    ::mlir::Value slope = b.shift(b.scale(y, 1 / alpha), 1);
    return b.select(b.greater(x, b.constant(0)), dy, b.mul(dy, slope));
  }], ["alpha"]>;
defm Nn_Selu : Nn_Function<"selu", ["x", "y"], "Selu (from opset 7)", "gamma * x where x > 0, gamma * alpha * (exp(x) - 1) elsewhere",
  "5 operations per element (compare, 2 multiply, exp, select)",
  "gamma * dy where x > 0, dy * (y + gamma * alpha) elsewhere", "5 operations per element (compare, 2 multiply, add, select)",
  [{
    ::mlir::Value linear = b.scale(x, gamma);
    return b.select(b.greater(x, b.constant(0)), linear, b.scale(b.expm1(x), gamma * alpha));
  }], [{
    ::mlir::Value linear = b.scale(dy, gamma);
    return b.select(b.greater(x, b.constant(0)), linear, b.mul(dy, b.shift(y, gamma * alpha)));
  }], ["alpha", "gamma"]>;
defm Nn_Softplus : Nn_Function<"softplus", ["x"], "Softplus (from opset 7)", "max(x, 0) + log(1 + exp(-abs(x))), which is log(1 + exp(x))",
  "6 operations per element (maximum, absolute, negate, exp, log, add)",
  "dy / (1 + exp(-x))", "4 operations per element (negate, exp, add, divide)",
  [{ return b.add(b.max(x, b.constant(0)), b.log1p(b.exp(b.neg(b.abs(x))))); }],
  [{ return b.div(dy, b.add(b.exp(b.neg(x)), b.constant(1))); }]>;
defm Nn_Softsign : Nn_Function<"softsign", ["x"], "Softsign (from opset 7)", "x / (1 + abs(x))",
  "3 operations per element (absolute, add, divide)",
  "dy / (1 + abs(x))^2", "4 operations per element (absolute, add, multiply, divide)",
  [{ return b.div(x, b.add(b.abs(x), b.constant(1))); }], [{
    ::mlir::Value divisor = b.add(b.abs(x), b.constant(1));
    return b.div(dy, b.mul(divisor, divisor));
  }]>;
defm Nn_Mish : Nn_Function<"mish", ["x"], "Mish (from opset 18)",
  "x * n / (n + 2) with e = exp(min(x, 40)), n = e * (e + 2), which is x * tanh(log(1 + exp(x)))",
  "7 operations per element (minimum, exp, 2 add, 2 multiply, divide)",
  "dy * (n * r + 4 * x * (e * r) * ((e + 1) * r)) with e and n of mish, r = 1 / (n + 2)",
  "15 operations per element (minimum, exp, 4 add, 8 multiply, divide)",
  [{
    ::mlir::Value e = b.exp(b.min(x, b.constant(40)));
    ::mlir::Value n = b.mul(e, b.add(e, b.constant(2)));
    return b.mul(x, b.div(n, b.add(n, b.constant(2))));
  }], [{
    ::mlir::Value e = b.exp(b.min(x, b.constant(40)));
    ::mlir::Value n = b.mul(e, b.add(e, b.constant(2)));
    ::mlir::Value r = b.div(b.constant(1), b.add(n, b.constant(2)));
    ::mlir::Value falling = b.mul(b.add(e, b.constant(1)), r);
    ::mlir::Value slope = b.mul(b.mul(b.mul(x, b.constant(4)), b.mul(e, r)), falling);
    return b.mul(dy, b.add(b.mul(n, r), slope));
  }]>;
defm Nn_HardSigmoid : Nn_Function<"hard_sigmoid", ["y"], "HardSigmoid (from opset 7)", "max(0, min(1, alpha * x + beta))",
  "4 operations per element (multiply, add, minimum, maximum)",
  "alpha * dy where 0 < y < 1, else 0", "5 operations per element (2 compare, 2 select, multiply)",
  [{ return b.max(b.min(b.shift(b.scale(x, alpha), beta), b.constant(1)), b.constant(0)); }], [{
    ::mlir::Value below = b.select(b.less(y, b.constant(1)), b.scale(dy, alpha), b.constant(0));
    return b.select(b.greater(y, b.constant(0)), below, b.constant(0));
  }], ["alpha", "beta"]>;
defm Nn_ThresholdedRelu : Nn_Function<"thresholded_relu", ["x"], "ThresholdedRelu (from opset 10)", "x where x > alpha, else 0",
  "2 operations per element (compare, select)",
  "dy where x > alpha, else 0", "2 operations per element (compare, select)",
  [{ return b.select(b.greater(x, b.constant(alpha)), x, b.constant(0)); }],
  [{ return b.select(b.greater(x, b.constant(alpha)), dy, b.constant(0)); }], ["alpha"]>;
defm Nn_Shrink : Nn_Function<"shrink", ["x"], "Shrink (from opset 9)", "x + bias where x < -threshold, x - bias where x > threshold, else 0",
  "6 operations per element (2 compare, 2 add, 2 select), 4 where bias is 0",
  "dy where abs(x) > threshold, else 0", "3 operations per element (absolute, compare, select)",
  [{
    ::mlir::Value above = b.select(b.greater(x, b.constant(threshold)), b.shift(x, -bias), b.constant(0));
    return b.select(b.less(x, b.constant(-threshold)), b.shift(x, bias), above);
  }], [{ return b.select(b.greater(b.abs(x), b.constant(threshold)), dy, b.constant(0)); }], ["threshold", "bias"]>;

/// y[i] = <what>, a function whose derivative is 0 wherever there is one.
class Nn_StepOp<string mnemonic, string onnx, string what, string cost> : Nn_ElementwiseOp<mnemonic, [NoGradient]> {
  let arguments = (ins Nn_FloatTensor:$x);
  let results = (outs Nn_FloatTensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x)";
  let summary = what;
  let description = [{
    y[i] = }] # what # [{.

    Shapes: x: [d0 ... dn]; y: as x.
    Gradient: none, it is 0 wherever it exists.
    Cost: }] # cost # [{.
    ONNX: }] # onnx # [{.

    (* example: test/Ops/}] # mnemonic # [{.mlir *)
  }];
}

def Nn_FloorOp : Nn_StepOp<"floor", "Floor (from opset 7)", "x rounded down", "1 operation per element (round)">;
def Nn_CeilOp : Nn_StepOp<"ceil", "Ceil (from opset 7)", "x rounded up", "1 operation per element (round)">;
def Nn_RoundOp : Nn_StepOp<"round", "Round (from opset 11)", "x rounded to the nearest integer, halves to the even one", "1 operation per element (round)">;
def Nn_SignOp : Nn_StepOp<"sign", "Sign (from opset 9)", "1 where x > 0, -1 where x < 0, else 0", "4 operations per element (2 compare, 2 select)">;

#endif

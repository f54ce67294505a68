// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Activation functions: one scalar formula per element, and one for the gradient.
#ifndef TALLY_NN_ACTIVATION_TD
#define TALLY_NN_ACTIVATION_TD

include "dialects/Nn/NnBase.td"

def Nn_ReluOp : Nn_FormulaOp<"relu", ["y"]> {
  let formula = [{ return b.max(x, b.constant(0)); }];
  let summary = "max(x, 0)";
  let description = [{
    y[i] = max(x[i], 0).

    Shapes: x: [d0 ... dn]; y: as x.
    Gradient: relu_grad.
    Cost: 1 operation per element (maximum).
    ONNX: Relu (from opset 7).

    (* example: test/Ops/relu.mlir *)
  }];
}

def Nn_ReluGradOp : Nn_DerivedGradOp<Nn_ReluOp> {
  let summary = "the gradient of relu";
  let description = [{
    dx[i] = dy[i] where y[i] > 0 (which is where x[i] > 0), else 0.

    Shapes: y, dy, dx: [d0 ... dn].
    Cost: 2 operations per element (compare, select).

    (* example: test/Ops/relu.mlir *)
  }];
}

def Nn_LeakyReluOp : Nn_UnaryOp<"leaky_relu"> {
  let summary = "x where x is positive, alpha * x elsewhere";
  let description = [{
    y[i] = max(x[i], alpha * x[i]) for alpha <= 1, min(x[i], alpha * x[i]) above.

    Shapes: x: [d0 ... dn]; y: as x.
    Gradient: leaky_relu_grad.
    Cost: 2 operations per element (multiply, maximum or minimum).
    ONNX: LeakyRelu (from opset 7).

    (* example: test/Ops/leaky_relu.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$x, F64Attr:$alpha);
  let assemblyFormat = "$x `alpha` $alpha attr-dict `:` type($x)";
}

def Nn_LeakyReluGradOp : Nn_UnaryGradOp<"leaky_relu_grad"> {
  let summary = "the gradient of leaky_relu";
  let description = [{
    dx[i] = dy[i] where x[i] > 0, alpha * dy[i] elsewhere.

    Shapes: x, dy, dx: [d0 ... dn].
    Cost: 3 operations per element (compare, multiply, select).

    (* example: test/Ops/leaky_relu.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$x, Nn_FloatTensor:$dy, F64Attr:$alpha);
  let assemblyFormat = "$x `,` $dy `alpha` $alpha attr-dict `:` type($x) `,` type($dy)";
}

def Nn_ClipOp : Nn_UnaryOp<"clip"> {
  let summary = "x limited to [minimum, maximum]";
  let description = [{
    y[i] = min(max(x[i], minimum), maximum); a bound that is not given does not limit.

    Shapes: x: [d0 ... dn]; y: as x.
    Gradient: clip_grad. At a bound it is 0, as in PyTorch.
    Cost: 1 operation per element and bound (maximum, minimum).
    ONNX: Clip (from opset 7).
    (C1) minimum <= maximum.

    (* example: test/Ops/clip.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$x, OptionalAttr<F64Attr>:$minimum, OptionalAttr<F64Attr>:$maximum);
  let assemblyFormat = "$x (`from` $minimum^)? (`to` $maximum^)? attr-dict `:` type($x)";
  let hasVerifier = 1; // C1
}

def Nn_ClipGradOp : Nn_UnaryGradOp<"clip_grad"> {
  let summary = "the gradient of clip";
  let description = [{
    dx[i] = dy[i] where minimum < x[i] < maximum, else 0; a bound that is not given does not limit.

    Shapes: x, dy, dx: [d0 ... dn].
    Cost: 2 operations per element and bound (compare, select).

    (* example: test/Ops/clip.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$x, Nn_FloatTensor:$dy, OptionalAttr<F64Attr>:$minimum, OptionalAttr<F64Attr>:$maximum);
  let assemblyFormat = "$x `,` $dy (`from` $minimum^)? (`to` $maximum^)? attr-dict `:` type($x) `,` type($dy)";
}

def Nn_SigmoidOp : Nn_UnaryOp<"sigmoid"> {
  let summary = "1 / (1 + exp(-x))";
  let description = [{
    y[i] = 1 / (1 + exp(-x[i])).

    Shapes: x: [d0 ... dn]; y: as x.
    Gradient: sigmoid_grad.
    Cost: 4 operations per element (negate, exp, add, divide).
    ONNX: Sigmoid (from opset 7).

    (* example: test/Ops/sigmoid.mlir *)
  }];
}

def Nn_SigmoidGradOp : Nn_ResultGradOp<"sigmoid_grad"> {
  let summary = "the gradient of sigmoid";
  let description = [{
    dx[i] = dy[i] * (1 - y[i]) * y[i].

    Shapes: y, dy, dx: [d0 ... dn].
    Cost: 3 operations per element (subtract, 2 multiply).

    (* example: test/Ops/sigmoid.mlir *)
  }];
}

def Nn_TanhOp : Nn_FormulaOp<"tanh", ["y"]> {
  let formula = [{ return b.tanh(x); }];
  let summary = "hyperbolic tangent of x";
  let description = [{
    y[i] = tanh(x[i]).

    Shapes: x: [d0 ... dn]; y: as x.
    Gradient: tanh_grad.
    Cost: 1 operation per element (tanh).
    ONNX: Tanh (from opset 7).

    (* example: test/Ops/tanh.mlir *)
  }];
}

def Nn_TanhGradOp : Nn_DerivedGradOp<Nn_TanhOp> {
  let summary = "the gradient of tanh";
  let description = [{
    dx[i] = dy[i] * (1 - y[i] * y[i]).

    Shapes: y, dy, dx: [d0 ... dn].
    Cost: 3 operations per element (multiply, subtract, multiply).

    (* example: test/Ops/tanh.mlir *)
  }];
}

def Nn_GeluOp : Nn_UnaryOp<"gelu"> {
  let summary = "x times the normal distribution function of x";
  let description = [{
    none: y[i] = 0.5 * x[i] * (1 + erf(x[i] / sqrt(2))).
    tanh: y[i] = x[i] / (1 + exp(m)), m = x[i] * (x[i]^2 * (-2 * k * 0.044715) - 2 * k), k = sqrt(2 / pi), which is
    0.5 * x[i] * (1 + tanh(k * (x[i] + 0.044715 * x[i]^3))).

    Shapes: x: [d0 ... dn]; y: as x.
    Gradient: gelu_grad.
    Cost: none 5 operations per element (3 multiply, erf, add), tanh 7 (3 multiply, subtract, exp, add, divide).
    ONNX: Gelu (from opset 20).

    (* example: test/Ops/gelu.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$x, Nn_GeluApproximation:$approximate);
  let assemblyFormat = "$x `approximate` $approximate attr-dict `:` type($x)";
}

def Nn_GeluGradOp : Nn_UnaryGradOp<"gelu_grad"> {
  let summary = "the gradient of gelu";
  let description = [{
    none: t = x[i] / sqrt(2); dx[i] = dy[i] * (0.5 * erf(t) + 0.5 + x[i] * exp(ln(1 / sqrt(2 * pi)) - t * t)).
    tanh: s = 1 / (1 + exp(m)); dx[i] = dy[i] * (s + x[i] * s * (1 - s) * (x[i]^2 * (6 * k * 0.044715) + 2 * k)), with
    m and k of gelu.

    Shapes: x, dy, dx: [d0 ... dn].
    Cost: none 10 operations per element (5 multiply, erf, 2 add, subtract, exp), tanh 15 (8 multiply, 2 subtract,
    exp, 3 add, divide).

    (* example: test/Ops/gelu.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$x, Nn_FloatTensor:$dy, Nn_GeluApproximation:$approximate);
  let assemblyFormat = "$x `,` $dy `approximate` $approximate attr-dict `:` type($x) `,` type($dy)";
}

def Nn_HardSwishOp : Nn_UnaryOp<"hard_swish"> {
  let summary = "x * clip(x / 6 + 1 / 2, 0, 1)";
  let description = [{
    y[i] = x[i] * max(0, min(1, x[i] * (1 / 6) + 0.5)).

    Shapes: x: [d0 ... dn]; y: as x.
    Gradient: hard_swish_grad.
    Cost: 5 operations per element (2 multiply, add, minimum, maximum).
    ONNX: HardSwish (from opset 14).

    (* example: test/Ops/hard_swish.mlir *)
  }];
}

def Nn_HardSwishGradOp : Nn_UnaryGradOp<"hard_swish_grad"> {
  let summary = "the gradient of hard_swish";
  let description = [{
    dx[i] = dy[i] * d, d = 0 where x[i] <= -3, x[i] * (1 / 3) + 0.5 where -3 < x[i] < 3, 1 elsewhere.

    Shapes: x, dy, dx: [d0 ... dn].
    Cost: 7 operations per element (2 compare, 2 select, 2 multiply, add).

    (* example: test/Ops/hard_swish.mlir *)
  }];
}

#endif

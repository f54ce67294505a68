// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Softmax along one dimension.
#ifndef TALLY_NN_SOFTMAX_TD
#define TALLY_NN_SOFTMAX_TD

include "dialects/Nn/NnBase.td"

/// y = f(x) of each row along the dimension `axis`.
class Nn_SoftmaxLikeOp<string mnemonic>
    : Nn_InferredOp<mnemonic, [
        DeclareOpInterfaceMethods<CostOpInterface>, DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let arguments = (ins Nn_FloatTensor:$x, I64Attr:$axis);
  let results = (outs Nn_FloatTensor:$y);
  let assemblyFormat = "$x `axis` $axis attr-dict `:` type($x)";
}

class Nn_SoftmaxLikeGradOp<string mnemonic>
    : Nn_InferredOp<mnemonic, [DeclareOpInterfaceMethods<CostOpInterface>, SameTypeOperands]> {
  let arguments = (ins Nn_FloatTensor:$y, Nn_FloatTensor:$dy, I64Attr:$axis);
  let results = (outs Nn_FloatTensor:$dx);
  let assemblyFormat = "$y `,` $dy `axis` $axis attr-dict `:` type($y) `,` type($dy)";
}

def Nn_SoftmaxOp : Nn_SoftmaxLikeOp<"softmax"> {
  let summary = "exp(x) over its sum along a dimension";
  let description = [{
    e = exp(x - max x); y = e / (sum of e), maximum and sum along `axis`.

    Shapes: x: [d0 ... dn]; y: as x.
    Gradient: softmax_grad.
    Cost: with E elements and n rows: maximum E - n, subtract E, exp E, sum E - n, divide E; together 5E - 2n.
    ONNX: Softmax (from opset 7).
    (C1) axis is in range.

    (* example: test/Ops/softmax.mlir *)
  }];
}

def Nn_SoftmaxGradOp : Nn_SoftmaxLikeGradOp<"softmax_grad"> {
  let summary = "the gradient of softmax";
  let description = [{
    dx = y * (dy - sum of dy * y along `axis`).

    Shapes: y, dy, dx: [d0 ... dn].
    Cost: with E elements and n rows: product E, sum E - n, subtract E, product E; together 4E - n.
    (C1) axis is in range.

    (* example: test/Ops/softmax.mlir *)
  }];
}

def Nn_LogSoftmaxOp : Nn_SoftmaxLikeOp<"log_softmax"> {
  let summary = "logarithm of softmax";
  let description = [{
    d = x - max x; y = d - log(sum of exp(d)), maximum and sum along `axis`.

    Shapes: x: [d0 ... dn]; y: as x.
    Gradient: log_softmax_grad.
    Cost: with E elements and n rows: maximum E - n, subtract E, exp E, sum E - n, log n, subtract E; together 5E - n.
    ONNX: LogSoftmax (from opset 7).
    (C1) axis is in range.

    (* example: test/Ops/log_softmax.mlir *)
  }];
}

def Nn_LogSoftmaxGradOp : Nn_SoftmaxLikeGradOp<"log_softmax_grad"> {
  let summary = "the gradient of log_softmax";
  let description = [{
    dx = dy - exp(y) * (sum of dy along `axis`).

    Shapes: y, dy, dx: [d0 ... dn].
    Cost: with E elements and n rows: sum E - n, exp E, product E, subtract E; together 4E - n.
    (C1) axis is in range.

    (* example: test/Ops/log_softmax.mlir *)
  }];
}

#endif

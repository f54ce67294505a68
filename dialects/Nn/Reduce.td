// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reductions over dimensions.
#ifndef TALLY_NN_REDUCE_TD
#define TALLY_NN_REDUCE_TD

include "dialects/Nn/NnBase.td"

/// y = x combined over the dimensions `axes`.
class Nn_ReduceOp<string mnemonic>
    : Nn_InferredOp<mnemonic, [
        DeclareOpInterfaceMethods<CostOpInterface>, DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let arguments = (ins Nn_FloatTensor:$x, DenseI64ArrayAttr:$axes);
  let results = (outs Nn_FloatTensor:$y);
  let assemblyFormat = "$x `over` $axes attr-dict `:` type($x)";
}

def Nn_ReduceSumOp : Nn_ReduceOp<"reduce_sum"> {
  let arguments = (ins Nn_NumberTensor:$x, DenseI64ArrayAttr:$axes);
  let results = (outs Nn_NumberTensor:$y);
  let summary = "sum over some dimensions";
  let description = [{
    y = sum of x over the dimensions `axes`, which disappear (keepdims is a reshape).

    Shapes: x: [d0 ... dn]; y: the dimensions of x that are not in axes.
    Gradient: dx = dy, broadcast.
    Cost: elements of x - elements of y; positions are free.
    ONNX: ReduceSum (from opset 7).
    (C1) axes are sorted, distinct, in range.

    (* example: test/Ops/reduce_sum.mlir *)
  }];
}

def Nn_ReduceMeanOp : Nn_ReduceOp<"reduce_mean"> {
  let summary = "mean over some dimensions";
  let description = [{
    y = (sum of x over the dimensions `axes`) * (1 / K) with K values in each sum; the product is absent for K = 1.

    Shapes: x: [d0 ... dn]; y: the dimensions of x that are not in axes.
    Gradient: dx = dy * (1 / K), broadcast after the product.
    Cost: elements of x - elements of y for the sum, elements of y for the product: together elements of x.
    ONNX: ReduceMean (from opset 7).
    (C1) axes are sorted, distinct, in range.

    (* example: test/Ops/reduce_mean.mlir *)
  }];
}

def Nn_ReduceMaxOp : Nn_ReduceOp<"reduce_max"> {
  let arguments = (ins Nn_NumberTensor:$x, DenseI64ArrayAttr:$axes);
  let results = (outs Nn_NumberTensor:$y);
  let summary = "maximum over some dimensions";
  let description = [{
    y = maximum of x over the dimensions `axes`, which disappear.

    Shapes: x: [d0 ... dn]; y: the dimensions of x that are not in axes.
    Gradient: reduce_max_grad.
    Cost: elements of x - elements of y; positions are free.
    ONNX: ReduceMax (from opset 7).
    (C1) axes are sorted, distinct, in range.

    (* example: test/Ops/reduce_max.mlir *)
  }];
}

def Nn_ReduceMinOp : Nn_ReduceOp<"reduce_min"> {
  let arguments = (ins Nn_NumberTensor:$x, DenseI64ArrayAttr:$axes);
  let results = (outs Nn_NumberTensor:$y);
  let summary = "minimum over some dimensions";
  let description = [{
    y = minimum of x over the dimensions `axes`, which disappear.

    Shapes: x: [d0 ... dn]; y: the dimensions of x that are not in axes.
    Gradient: reduce_max_grad, which serves the minimum as well.
    Cost: elements of x - elements of y; positions are free.
    ONNX: ReduceMin (from opset 7).
    (C1) axes are sorted, distinct, in range.

    (* example: test/Ops/reduce_min.mlir *)
  }];
}

def Nn_ReduceMaxGradOp : Nn_Op<"reduce_max_grad", [DeclareOpInterfaceMethods<CostOpInterface>,
    AllTypesMatch<["x", "dx"]>, AllTypesMatch<["y", "dy"]>]> {
  let summary = "the gradient of reduce_max";
  let description = [{
    m = 1 where x = y, else 0; r = dy / (sum of m over axes); dx = m * r: values that share the maximum share its
    gradient evenly, as in torch.amax.

    Shapes: x, dx: [d0 ... dn]; y, dy: the dimensions of x that are not in axes.
    Cost: with E elements of x, n of y: compare and select 2E, sum E - n, divide n, product E; together 4E.
    (C1) y is of the type of reduce_max of x over axes.

    (* example: test/Ops/reduce_max.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$x, Nn_FloatTensor:$y, Nn_FloatTensor:$dy, DenseI64ArrayAttr:$axes);
  let results = (outs Nn_FloatTensor:$dx);
  let assemblyFormat = "$x `,` $y `,` $dy `over` $axes attr-dict `:` type($x) `,` type($y)";
  let hasVerifier = 1; // C1
}

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reductions over dimensions.
#ifndef TALLY_NN_REDUCE_TD
#define TALLY_NN_REDUCE_TD

include "dialects/Nn/NnBase.td"

def Nn_ReduceSumOp : Nn_InferredOp<"reduce_sum", [DeclareOpInterfaceMethods<CostOpInterface>]> {
  let summary = "sum over some dimensions";
  let description = [{
    y = sum of x over the dimensions `axes`, which disappear (keepdims is a reshape).

    Shapes: x: [d0 ... dn]; y: the dimensions of x that are not in axes.
    Cost: elements of x - elements of y.
    ONNX: ReduceSum (opset 13).
    (C1) axes are sorted, distinct, in range.

    (* example: test/Ops/reduce_sum.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$x, DenseI64ArrayAttr:$axes);
  let results = (outs Nn_FloatTensor:$y);
  let assemblyFormat = "$x `over` $axes attr-dict `:` type($x)";
}

#endif

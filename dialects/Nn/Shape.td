// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ops that only move data: reshape, transpose, broadcast and the like.
#ifndef TALLY_NN_SHAPE_TD
#define TALLY_NN_SHAPE_TD

include "dialects/Nn/NnBase.td"

def Nn_ReshapeOp : Nn_InferredOp<"reshape", [ZeroCost, DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "the same elements in another shape";
  let description = [{
    y has the elements of x in row-major order. At most one entry of `shape` is -1 and is inferred from the number of
    elements; the importer writes the batch dimension so, and a graph can be rebuilt for another batch size.

    Shapes: x: [d0 ... dn]; y: [shape], same number of elements.
    Gradient: dx = reshape dy.
    Cost: 0.
    ONNX: Reshape (opset 5, 13, 14, 19, 21), Flatten, Squeeze, Unsqueeze.
    (C1) at most one entry of shape is -1, the others are at least 0.
    (C2) the number of elements is the same.

    (* example: test/Ops/reshape.mlir *)
  }];
  let arguments = (ins Nn_Tensor:$x, DenseI64ArrayAttr:$shape);
  let results = (outs Nn_Tensor:$y);
  let assemblyFormat = "$x `to` $shape attr-dict `:` type($x)";
}

#endif

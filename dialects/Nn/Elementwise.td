// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Elementwise ops: one scalar formula per element, broadcast as in ONNX.
#ifndef TALLY_NN_ELEMENTWISE_TD
#define TALLY_NN_ELEMENTWISE_TD

include "dialects/Nn/NnBase.td"

def Nn_AddOp : Nn_BinaryOp<"add", [Commutative]> {
  let summary = "x + y";
  let description = [{
    z[i] = x[i] + y[i].

    Shapes: x, y broadcast to z as in numpy.
    Gradient: dx = dz, dy = dz, summed over the broadcast dimensions.
    Cost: 1 operation per element of z.
    ONNX: Add (opset 7, 13, 14).

    (* example: test/Ops/add.mlir *)
  }];
}

def Nn_ReluOp : Nn_UnaryOp<"relu"> {
  let summary = "max(x, 0)";
  let description = [{
    y[i] = max(x[i], 0).

    Shapes: x: [d0 ... dn]; y: as x.
    Gradient: relu_grad.
    Cost: 1 operation per element (maximum).
    ONNX: Relu (opset 6, 13, 14).

    (* example: test/Ops/relu.mlir *)
  }];
}

def Nn_ReluGradOp : Nn_UnaryGradOp<"relu_grad"> {
  let summary = "the gradient of relu";
  let description = [{
    dx[i] = dy[i] where x[i] > 0, else 0.

    Shapes: x, dy, dx: [d0 ... dn].
    Cost: 2 operations per element (compare, select).
  }];
}

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Dropout: nothing in inference, random zeros in training.
#ifndef TALLY_NN_DROPOUT_TD
#define TALLY_NN_DROPOUT_TD

include "dialects/Nn/NnBase.td"

def Nn_DropoutOp : Nn_InferredOp<"dropout", [
    ZeroCost, DeclareOpInterfaceMethods<DifferentiableOpInterface>, DeclareOpInterfaceMethods<TrainingFormOpInterface>]> {
  let summary = "y = x; drops elements in training";
  let description = [{
    y = x. It folds away; training uses dropout_training.

    Shapes: x: [d0 ... dn]; y: as x.
    Gradient: dx = dy.
    Cost: 0.
    ONNX: Dropout (from opset 7) without the mask.
    (C1) ratio is in [0, 1).

    (* example: test/Ops/dropout.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$x, F64Attr:$ratio);
  let results = (outs Nn_FloatTensor:$y);
  let assemblyFormat = "$x `ratio` $ratio attr-dict `:` type($x)";
  let hasFolder = 1;
}

def Nn_DropoutTrainingOp : Nn_ElementwiseOp<"dropout_training", [DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "x / (1 - ratio) where a random number is at least ratio, else 0";
  let description = [{
    y[i] = u[i] >= ratio ? x[i] * (1/(1 - ratio)) : 0, with u uniform in [0, 1).

    Shapes: x, u: [d0 ... dn]; y: as x.
    Gradient: dx = dropout_training of dy with the same u; none for u.
    Cost: 3 operations per element (compare, multiply, select); u costs 1 more where it is drawn.
    (C1) ratio is in [0, 1). (C2) x and u have the same type.

    (* example: test/Ops/dropout_training.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$x, Nn_FloatTensor:$u, F64Attr:$ratio);
  let results = (outs Nn_FloatTensor:$y);
  let assemblyFormat = "$x `,` $u `ratio` $ratio attr-dict `:` type($x) `,` type($u)";
  let hasVerifier = 1;
}

#endif

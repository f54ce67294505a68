// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where the values of the imported model enter the graph.
#ifndef TALLY_NN_WEIGHT_TD
#define TALLY_NN_WEIGHT_TD

include "dialects/Nn/NnBase.td"

def Nn_WeightOp : Nn_Op<"weight", [ZeroCost, NoGradient, AllTypesMatch<["value", "y"]>]> {
  let summary = "a tensor of the model that training may change";
  let description = [{
    The tensor `name` of the model file. `value` is a resource (dense_resource), or dense for small tests. `kind` follows
    from the slot that it feeds: conv.weight, linear.weight, norm.scale, norm.bias, bias, other; norm.mean and
    norm.variance are running statistics, which are no parameters. There is one op per tensor and per name; a tied tensor
    is one op with several uses. `--attach-recipe` turns each into a train.parameter or train.state.

    Shapes: y: type of value.
    Gradient: what flows into y is the parameter's gradient.
    Cost: 0.

    (* example: test/Ops/weight.mlir *)
  }];
  let arguments = (ins StrAttr:$name, StrAttr:$kind, ElementsAttr:$value);
  let results = (outs Nn_FloatTensor:$y);
  let assemblyFormat = "$name `,` $kind attr-dict `=` $value";
}

def Nn_ConstantOp : Nn_Op<"constant", [ConstantLike, ZeroCost, NoGradient, AllTypesMatch<["value", "y"]>]> {
  let summary = "a tensor that no training changes";
  let description = [{
    A constant of the model or of the recipe (1/N, a coefficient, a mean colour); of rank 0 where it broadcasts.

    Cost: 0.
    ONNX: Constant, and initializers that feed no weight slot.

    (* example: test/Ops/constant.mlir *)
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs Nn_Tensor:$y);
  let assemblyFormat = "attr-dict $value";
  let builders = [OpBuilder<(ins "::mlir::Type":$elementType, "double":$value)>]; // rank 0
  let hasFolder = 1;
}

#endif

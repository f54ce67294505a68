// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What stands in a body: reads, writes, the request for gradients, updates, log values.
#ifndef TALLY_TRAIN_BODY_TD
#define TALLY_TRAIN_BODY_TD

include "dialects/Train/TrainBase.td"

def Train_ReadOp : Train_Op<"read", [Pure, ZeroCost, NoGradient, BoundaryOpInterface]> {
  let summary = "the content of a variable before the body runs";
  let description = [{ (* example: test/Ops/program.mlir *) }];
  let arguments = (ins FlatSymbolRefAttr:$variable);
  let results = (outs Nn_Tensor:$value);
  let assemblyFormat = "$variable attr-dict `:` type($value)";
}

def Train_WriteOp : Train_Op<"write", [ZeroCost, BoundaryOpInterface]> {
  let summary = "the content of a variable after the body";
  let description = [{ (* example: test/Ops/program.mlir *) }];
  let arguments = (ins FlatSymbolRefAttr:$variable, Nn_Tensor:$value);
  let assemblyFormat = "$variable `,` $value attr-dict `:` type($value)";
}

def Train_DatasetOp : Train_Op<"dataset", [Pure, ZeroCost, NoGradient, BoundaryOpInterface]> {
  let summary = "the records of the data set, training records first, then test records";
  let description = [{
    Shapes: y: [records, bytes of a record] i8 (unsigned).

    (* example: test/Ops/program.mlir *)
  }];
  let results = (outs Nn_ByteTensor:$records);
  let assemblyFormat = "attr-dict `:` type($records)";
}

def Train_GradientOp : Train_Op<"gradient", [Pure, TypesMatchWith<"gradients have the types of the parameters", "gradients", "parameters", "$_self">]> {
  let summary = "the request for gradients, gone after --differentiate";
  let description = [{
    dp_i = d loss / d p_i for values p_i of the same body from which loss was computed.

    Shapes: loss: [] ; gradients: as the parameters.

    (* example: test/Ops/program.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$loss, Variadic<Nn_FloatTensor>:$parameters);
  let results = (outs Variadic<Nn_FloatTensor>:$gradients);
  let assemblyFormat = "$loss `wrt` $parameters attr-dict `:` type($loss) `wrt` type($gradients)";
}

def Train_UpdateOp : Train_Op<"update", [Pure, ZeroCost, NoGradient, DeclareOpInterfaceMethods<BoundaryOpInterface, ["getRuntimeFunction"]>,
                                         TypesMatchWith<"results have the types of the gradients", "gradients", "results", "$_self">]> {
  let summary = "where gradients meet the optimizer";
  let description = [{
    result_i = gradient_i: the one place through which gradients reach their parameters, until the memory plan. What is done to gradients
    as gradients (clipping, accumulation, an all-reduce) stands before it. An update of several gradients is the point at which all of them are at
    hand, and no parameter has changed yet; an update of one is done in place right after the gradient. With `through` the plan hands each
    gradient to that function of the runtime.

    ```mlir
    %u:2 = train.update @w, @b, %dw, %db through "tally_rt_reduce_gradient" : tensor<8x3xf32>, tensor<8xf32>
    ```
    (C1) there are as many parameters as gradients, at least one.

    (* example: test/Ops/program.mlir *)
  }];
  let arguments = (ins FlatSymbolRefArrayAttr:$parameters, Variadic<Nn_FloatTensor>:$gradients, OptionalAttr<StrAttr>:$through);
  let results = (outs Variadic<Nn_FloatTensor>:$results);
  let assemblyFormat = "custom<Update>($parameters, $gradients) (`through` $through^)? attr-dict `:` type($gradients)";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Nothing is asked but the gradient itself, right after it is made.
    bool isPlain() { return getGradients().size() == 1 && !getThrough(); }
  }];
}

#endif

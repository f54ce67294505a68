// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What stands in a body: reads, writes, the request for gradients, updates, log values.
#ifndef TALLY_TRAIN_BODY_TD
#define TALLY_TRAIN_BODY_TD

include "dialects/Train/TrainBase.td"

def Train_ReadOp : Train_Op<"read", [Pure, ZeroCost, NoGradient]> {
  let summary = "the content of a variable before the body runs";
  let description = [{ (* example: test/Ops/program.mlir *) }];
  let arguments = (ins FlatSymbolRefAttr:$variable);
  let results = (outs Nn_Tensor:$value);
  let assemblyFormat = "$variable attr-dict `:` type($value)";
}

def Train_WriteOp : Train_Op<"write", [ZeroCost]> {
  let summary = "the content of a variable after the body";
  let description = [{ (* example: test/Ops/program.mlir *) }];
  let arguments = (ins FlatSymbolRefAttr:$variable, Nn_Tensor:$value);
  let assemblyFormat = "$variable `,` $value attr-dict `:` type($value)";
}

def Train_DatasetOp : Train_Op<"dataset", [Pure, ZeroCost, NoGradient]> {
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

def Train_UpdateOp : Train_Op<"update", [Pure, ZeroCost, NoGradient, AllTypesMatch<["gradient", "result"]>]> {
  let summary = "where the gradient of a parameter meets its optimizer";
  let description = [{
    result = gradient: the one place through which each gradient reaches its parameter (for accumulation, clipping, an all-reduce).

    (* example: test/Ops/program.mlir *)
  }];
  let arguments = (ins FlatSymbolRefAttr:$parameter, Nn_FloatTensor:$gradient);
  let results = (outs Nn_FloatTensor:$result);
  let assemblyFormat = "$parameter `,` $gradient attr-dict `:` type($gradient)";
}

#endif

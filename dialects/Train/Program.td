// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The program: its variables, its bodies, and when each body runs.
#ifndef TALLY_TRAIN_PROGRAM_TD
#define TALLY_TRAIN_PROGRAM_TD

include "dialects/Train/TrainBase.td"

def Train_ProgramOp : Train_Op<"program", [Symbol, SymbolTable, NoTerminator, SingleBlock, NoRegionArguments, IsolatedFromAbove]> {
  let summary = "a whole training run";
  let description = [{
    `info` is what the trainer is told besides (data set, evaluation, target, log, export); it becomes part of the manifest as it stands
    (runtime/README.md lists the keys).

    (* example: test/Ops/program.mlir *)
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, I64Attr:$steps, OptionalAttr<DictionaryAttr>:$info);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name `steps` $steps attr-dict-with-keyword $body";
}

def Train_ParameterOp : Train_Op<"parameter", [HasParent<"ProgramOp">, Symbol, ZeroCost]> {
  let summary = "a weight, scale or bias";
  let description = [{
    `kind` is one of conv.weight, linear.weight, norm.scale, norm.bias, bias, other. `value` are the initial values of the model
    file; without it train.initialize writes the parameter. `trained` is false when no step ever changes it.

    (* example: test/Ops/program.mlir *)
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<Nn_FloatTensor>:$type, StrAttr:$kind, BoolAttr:$trained,
                       OptionalAttr<ElementsAttr>:$value);
  let assemblyFormat = "$sym_name `:` $type `kind` $kind `trained` $trained (`=` $value^)? attr-dict";
}

def Train_StateOp : Train_Op<"state", [HasParent<"ProgramOp">, Symbol, ZeroCost]> {
  let summary = "what a run remembers besides its parameters";
  let description = [{
    Without `value` it starts at zero.

    (* example: test/Ops/program.mlir *)
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<Nn_Tensor>:$type, Train_Role:$role,
                       OptionalAttr<ElementsAttr>:$value);
  let assemblyFormat = "$sym_name `:` $type `role` $role (`=` $value^)? attr-dict";
}

def Train_TableOp : Train_Op<"table", [HasParent<"ProgramOp">, Symbol, ZeroCost]> {
  let summary = "a constant table that the recipe determines, such as a learning rate per step";
  let description = [{ (* example: test/Ops/program.mlir *) }];
  let arguments = (ins SymbolNameAttr:$sym_name, ElementsAttr:$value);
  let assemblyFormat = "$sym_name `=` $value attr-dict";
}

def Train_InitializeOp : Train_BodyOp<"initialize"> {
  let summary = "runs once, before the first step";
  let description = [{ (* example: test/Ops/program.mlir *) }];
  let arguments = (ins SymbolNameAttr:$sym_name);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $region";
}

def Train_StepOp : Train_BodyOp<"step"> {
  let summary = "one training step: draw a batch, forward, loss, backward, update";
  let description = [{ (* example: test/Ops/program.mlir *) }];
  let arguments = (ins SymbolNameAttr:$sym_name, I64Attr:$batch);
  let assemblyFormat = "$sym_name `batch` $batch attr-dict-with-keyword $region";
}

def Train_EveryOp : Train_BodyOp<"every"> {
  let summary = "periodic work: runs at steps first, first + period, ..., trips times";
  let description = [{
    Runs before or after the step with 0-based index t when t >= first, (t - first) is a multiple of period and fewer
    than trips runs came before. Steps at equal times run in the order of the program.

    (* example: test/Ops/program.mlir *)
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Train_When:$when, I64Attr:$first, I64Attr:$period, I64Attr:$trips);
  let assemblyFormat = "$sym_name $when `first` $first `period` $period `trips` $trips attr-dict-with-keyword $region";
}

def Train_EvaluateOp : Train_BodyOp<"evaluate"> {
  let summary = "evaluates one batch of the evaluation split";
  let description = [{
    Runs `batches` times in one evaluation; several evaluate ops follow one another (the last partial batch). The metrics that it
    adds into are zeroed by the runtime before an evaluation starts. `evaluations` is how many the recipe plans.

    (* example: test/Ops/program.mlir *)
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, I64Attr:$batch, I64Attr:$batches, I64Attr:$evaluations);
  let assemblyFormat = "$sym_name `batch` $batch `batches` $batches `evaluations` $evaluations attr-dict-with-keyword $region";
}

def Train_SegmentOp : Train_Op<"segment", [HasParent<"ProgramOp">]> {
  let summary = "one row of the phase table: `steps` steps from step `first` run the body `step`";
  let description = [{ (* example: test/Ops/program.mlir *) }];
  let arguments = (ins I64Attr:$first, I64Attr:$steps, FlatSymbolRefAttr:$step);
  let assemblyFormat = "`first` $first `steps` $steps $step attr-dict";
}

#endif

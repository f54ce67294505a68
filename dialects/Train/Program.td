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
  let summary = "one training step or a part of one: draw a batch, forward, loss, backward, update";
  let description = [{
    `batch` is the number of samples that it draws (0: it draws none, as the update after several micro-batches), `image` the height and
    width in pixels that the network sees; both may differ between the steps of a program.

    (* example: test/Ops/program.mlir *)
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, ConfinedAttr<I64Attr, [IntNonNegative]>:$batch,
                       OptionalAttr<ConfinedAttr<I64Attr, [IntPositive]>>:$image);
  let assemblyFormat = "$sym_name `batch` $batch (`image` $image^)? attr-dict-with-keyword $region";
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
  let summary = "one row of the phase table: what each of `steps` steps from step `first` runs";
  let description = [{
    A step runs the bodies in order, each as many times as it says (once, where it says nothing): micro-batches, then their update.

    ```mlir
    train.segment first 0 steps 10 @micro times 4, @update
    ```
    (C1) there are as many times as bodies, at least one, and each is at least 1.

    (* example: test/Ops/program.mlir *)
  }];
  let arguments = (ins ConfinedAttr<I64Attr, [IntNonNegative]>:$first, ConfinedAttr<I64Attr, [IntPositive]>:$steps,
                       FlatSymbolRefArrayAttr:$bodies, DenseI64ArrayAttr:$times);
  let assemblyFormat = "`first` $first `steps` $steps custom<Bodies>($bodies, $times) attr-dict";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The bodies of one step, each with how many times it runs.
    auto getRuns() {
      return llvm::zip_equal(getBodies().getAsRange<::mlir::FlatSymbolRefAttr>(), getTimes());
    }
    /// The samples that one step draws.
    ::tally::Count getSamples();
    /// Height and width of its images in pixels; 0 where no body says.
    int64_t getImageSize();
  }];
}

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Losses, their gradients, and the measures of an evaluation.
#ifndef TALLY_NN_LOSS_TD
#define TALLY_NN_LOSS_TD

include "dialects/Nn/NnBase.td"

def Nn_CrossEntropyOp : Nn_InferredOp<"cross_entropy", [
    DeclareOpInterfaceMethods<CostOpInterface>, DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "cross entropy of logits and labels, with label smoothing";
  let description = [{
    With e = label_smoothing, m = max z, s = z - m and L classes, the loss of a sample is
    log(sum exp s) - s[label] for e = 0, else
    log(sum exp s) - (1 - e)*s[label] - (e/L)*(sum s), as in PyTorch; then their sum, for `mean` times 1/N.

    Shapes: logits z: [N, L], labels: [N] index; loss: [].
    Gradient: cross_entropy_grad (phase loss). The value itself only reaches the log (phase monitoring).
    Cost: 4L operations per sample (5L + 2 with smoothing), N - 1 additions, for `mean` 1 multiplication.
    (C1) logits are [N, L], labels [N]. (C2) label_smoothing is in [0, 1).

    (* example: test/Ops/cross_entropy.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$logits, Nn_IndexTensor:$labels,
                       DefaultValuedOptionalAttr<F64Attr, "0.0">:$label_smoothing,
                       Nn_Reduction:$reduction);
  let results = (outs Nn_FloatTensor:$loss);
  let assemblyFormat = "$logits `,` $labels $reduction (`smoothing` $label_smoothing^)? attr-dict `:` type($logits) `,` type($labels)";
}

def Nn_CrossEntropyGradOp : Nn_InferredOp<"cross_entropy_grad", [DeclareOpInterfaceMethods<CostOpInterface>]> {
  let summary = "the gradient of cross_entropy with respect to the logits";
  let description = [{
    u = exp(z - max z), r = w / sum u, p = u*r, minus w*e/L everywhere (absent when e = 0), minus w*(1 - e) at the label;
    w = 1/N for `mean`, 1 for `sum`.

    Shapes: as cross_entropy; dlogits: [N, L].
    Cost: 6L operations per sample, 5L without smoothing, for either reduction.
    (C1), (C2) as in cross_entropy.

    (* example: test/Ops/cross_entropy_grad.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$logits, Nn_IndexTensor:$labels,
                       DefaultValuedOptionalAttr<F64Attr, "0.0">:$label_smoothing,
                       Nn_Reduction:$reduction);
  let results = (outs Nn_FloatTensor:$dlogits);
  let assemblyFormat = "$logits `,` $labels $reduction (`smoothing` $label_smoothing^)? attr-dict `:` type($logits) `,` type($labels)";
}

def Nn_CountCorrectOp : Nn_InferredOp<"count_correct", [NoGradient, DeclareOpInterfaceMethods<CostOpInterface>]> {
  let summary = "how many samples have their largest logit at the label";
  let description = [{
    correct = sum over n of (1 if the first maximum of logits[n] is at labels[n], else 0).

    Shapes: logits: [N, L], labels: [N] index; correct: [] of the type of the logits.
    Cost: L - 1 compares and L - 1 selects (a maximum that keeps its position), 1 select and 1 addition per sample, less 1 addition.
    (C1) as in cross_entropy.

    (* example: test/Ops/count_correct.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$logits, Nn_IndexTensor:$labels);
  let results = (outs Nn_FloatTensor:$correct);
  let assemblyFormat = "$logits `,` $labels attr-dict `:` type($logits) `,` type($labels)";
}

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Group normalization and its gradients.
#ifndef TALLY_NN_GROUPNORM_TD
#define TALLY_NN_GROUPNORM_TD

include "dialects/Nn/NnBase.td"

def Nn_GroupNormOp : Nn_InferredOp<"group_norm", [
    AttrSizedOperandSegments, DeclareOpInterfaceMethods<CostOpInterface>, DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "normalization of groups of channels, each sample for itself";
  let description = [{
    The channels of a sample form G = `groups` groups of C/G neighbours; g is the group of channel c. Over the n elements
    of a group of a sample: mean = (sum x) * (1/n), variance = (sum (x - mean)^2) * (1/n), rstd = rsqrt(variance + epsilon).
    gain[n, c] = scale[c] * rstd[n, g], y = gain * x + (bias[c] - mean[n, g] * gain).
    Without scale (fixed at 1): gain = rstd, [N, G]. Without bias (fixed at 0): y = gain * x - mean * gain.

    Shapes: x: [N, C, ...]; scale, bias: [C]; y: as x; mean, rstd: [N, G]; gain: [N, C].
    Gradient: dscale = sum over n of group_norm_grad_scale, dbias = sum dy, dx = group_norm_grad_input. None passes
    through mean, rstd and gain.
    Cost: 6E + 3NC + 2NG operations, E = elements of x. Without scale 6E + NC + 3NG, without bias 6E + 2NC + 2NG,
    without both 6E + 3NG.
    ONNX: GroupNormalization (from opset 18; before 21 a scale for each group is refused).
    (C1) x has at least 2 dimensions. (C2) G divides C. (C3) scale and bias are [C] of the type of x.

    (* example: test/Ops/group_norm.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$x, Optional<Nn_FloatTensor>:$scale, Optional<Nn_FloatTensor>:$bias,
                       I64Attr:$groups, DefaultValuedOptionalAttr<F64Attr, "1e-5">:$epsilon);
  let results = (outs Nn_FloatTensor:$y, Nn_FloatTensor:$mean, Nn_FloatTensor:$rstd, Nn_FloatTensor:$gain);
  let assemblyFormat = [{
    $x (`scale` $scale^)? (`bias` $bias^)? `groups` $groups (`epsilon` $epsilon^)? attr-dict `:` functional-type(operands, results)
  }];
}

def Nn_GroupNormGradScaleOp : Nn_InferredOp<"group_norm_grad_scale", [DeclareOpInterfaceMethods<CostOpInterface>]> {
  let summary = "the gradient of group_norm with respect to its scale, sample by sample";
  let description = [{
    dscale[n, c] = (sum over the elements of channel c of dy * (x - mean[n, g])) * rstd[n, g]. It is also needed for dx, with a
    scale fixed at 1, too.

    Shapes: x, dy: [N, C, ...]; mean, rstd: [N, G]; dscale: [N, C].
    Cost: 3E operations (subtract, multiply and E - NC additions, then NC multiplications), E = elements of x.
    (C1) as in group_norm. (C2) mean and rstd are [N, G], G divides C. (C3) dy has the type of x.

    (* example: test/Ops/group_norm.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$x, Nn_FloatTensor:$dy, Nn_FloatTensor:$mean, Nn_FloatTensor:$rstd);
  let results = (outs Nn_FloatTensor:$dscale);
  let assemblyFormat = "$x `,` $dy `mean` $mean `rstd` $rstd attr-dict `:` functional-type(operands, results)";
}

def Nn_GroupNormGradInputOp : Nn_InferredOp<"group_norm_grad_input", [DeclareOpInterfaceMethods<CostOpInterface>]> {
  let summary = "the gradient of group_norm with respect to its input";
  let description = [{
    Over the channels of a group p = sum gain * dbias, q = sum gain * dscale (with one gain for the group after the sum);
    b = rstd * q * (-1/n), c = p * (-1/n) - b * mean, dx = gain * dy + b * x + c, n = elements of a group of a sample.

    Shapes: x, dy, dx: [N, C, ...]; mean, rstd: [N, G]; gain: [N, C] or [N, G]; dscale, dbias: [N, C], the sums of each sample.
    Cost: 4E + 4NC + 3NG operations, E = elements of x; with one gain for the group 4E + 2NC + 5NG.
    (C1) as in group_norm. (C2) mean and rstd are [N, G], G divides C. (C3) dy has the type of x.
    (C4) dscale and dbias are [N, C], gain is so, too, or as mean.

    (* example: test/Ops/group_norm.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$x, Nn_FloatTensor:$dy, Nn_FloatTensor:$mean, Nn_FloatTensor:$rstd, Nn_FloatTensor:$gain,
                       Nn_FloatTensor:$dscale, Nn_FloatTensor:$dbias);
  let results = (outs Nn_FloatTensor:$dx);
  let assemblyFormat = [{
    $x `,` $dy `mean` $mean `rstd` $rstd `gain` $gain `dscale` $dscale `dbias` $dbias attr-dict `:` functional-type(operands, results)
  }];
}

#endif

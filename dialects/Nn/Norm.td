// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Batch normalization: inference form, training form, gradients.
#ifndef TALLY_NN_NORM_TD
#define TALLY_NN_NORM_TD

include "dialects/Nn/NnBase.td"

def Nn_BatchNormOp : Nn_InferredOp<"batch_norm", [
    AttrSizedOperandSegments, DeclareOpInterfaceMethods<CostOpInterface>, DeclareOpInterfaceMethods<TrainingFormOpInterface>]> {
  let summary = "batch normalization with given statistics";
  let description = [{
    a = scale * rsqrt(variance + epsilon), c = bias - mean * a, y[n, k, ...] = a[k] * x[n, k, ...] + c[k].
    Without scale (fixed at 1): a = rsqrt(...). Without bias (fixed at 0): c = mean * a, y = a * x - c.
    momentum is the weight of the old running statistic while training.

    Shapes: x: [N, K, ...]; mean, variance, scale, bias: [K]; y: as x.
    Gradient: that of the training form, batch_norm_training.
    Cost: 2E + 5K operations, E = elements of x; K less without scale, K less without bias.
    ONNX: BatchNormalization (from opset 7).
    (C1) x has at least 2 dimensions; mean, variance, scale and bias are [K] of the type of x.

    (* example: test/Ops/batch_norm.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$x, Optional<Nn_FloatTensor>:$scale, Optional<Nn_FloatTensor>:$bias,
                       Nn_FloatTensor:$mean, Nn_FloatTensor:$variance,
                       DefaultValuedOptionalAttr<F64Attr, "1e-5">:$epsilon, DefaultValuedOptionalAttr<F64Attr, "0.9">:$momentum);
  let results = (outs Nn_FloatTensor:$y);
  let assemblyFormat = [{
    $x (`scale` $scale^)? (`bias` $bias^)? `mean` $mean `variance` $variance (`epsilon` $epsilon^)? (`momentum` $momentum^)? attr-dict `:` functional-type(operands, results)
  }];
}

def Nn_BatchNormTrainingOp : Nn_InferredOp<"batch_norm_training", [
    AttrSizedOperandSegments, DeclareOpInterfaceMethods<CostOpInterface>, DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "batch normalization with the statistics of the batch";
  let description = [{
    mean = (sum x) * (1/n), variance = (sum (x - mean)^2) * (1/n), over the n = E/K elements of each channel;
    rstd = rsqrt(variance + epsilon), gain = scale * rstd, c = bias - mean * gain, y = gain * x + c.
    Without scale (fixed at 1): gain = rstd. Without bias (fixed at 0): c = mean * gain, y = gain * x - c.

    Shapes: x: [N, K, ...]; scale, bias: [K]; y: as x; mean, variance, rstd, gain: [K].
    Gradient: dbias = sum dy; batch_norm_grad_scale; batch_norm_grad_input. None passes through the statistics.
    Cost: 6E + 5K operations, E = elements of x; K less without scale, K less without bias.
    ONNX: BatchNormalization (from opset 14) with training_mode.
    (C1) as in batch_norm.

    (* example: test/Ops/batch_norm_training.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$x, Optional<Nn_FloatTensor>:$scale, Optional<Nn_FloatTensor>:$bias,
                       DefaultValuedOptionalAttr<F64Attr, "1e-5">:$epsilon);
  let results = (outs Nn_FloatTensor:$y, Nn_FloatTensor:$mean, Nn_FloatTensor:$variance, Nn_FloatTensor:$rstd,
                      Nn_FloatTensor:$gain);
  let assemblyFormat = [{
    $x (`scale` $scale^)? (`bias` $bias^)? (`epsilon` $epsilon^)? attr-dict `:` functional-type(operands, results)
  }];
}

def Nn_BatchNormGradScaleOp : Nn_InferredOp<"batch_norm_grad_scale", [DeclareOpInterfaceMethods<CostOpInterface>]> {
  let summary = "the gradient of batch_norm_training with respect to its scale";
  let description = [{
    S = sum dy * (x - mean), dscale = S * rstd. It is also needed for dx, with a scale fixed at 1, too.

    Shapes: x, dy: [N, K, ...]; mean, rstd, dscale: [K].
    Cost: 3E operations (subtract, multiply and E - K additions, then K multiplications), E = elements of x.
    (C1) dy has the type of x; mean and rstd are [K].

    (* example: test/Ops/batch_norm_grad_scale.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$x, Nn_FloatTensor:$dy, Nn_FloatTensor:$mean, Nn_FloatTensor:$rstd);
  let results = (outs Nn_FloatTensor:$dscale);
  let assemblyFormat = [{
    $x `,` $dy `mean` $mean `rstd` $rstd attr-dict `:` functional-type(operands, results)
  }];
}

def Nn_BatchNormGradInputOp : Nn_InferredOp<"batch_norm_grad_input", [DeclareOpInterfaceMethods<CostOpInterface>]> {
  let summary = "the gradient of batch_norm_training with respect to its input";
  let description = [{
    b = gain*rstd*dscale * (-1/n), c = gain*dbias * (-1/n) - b*mean, dx = gain*dy + b*x + c, n = elements of a channel.

    Shapes: x, dy, dx: [N, K, ...]; mean, rstd, gain, dscale, dbias: [K].
    Cost: 4E + 7K operations, E = elements of x. With dscale (3E) and dbias (E - K) the whole gradient is 8E + 6K.
    (C1) dy has the type of x; the others are [K].

    (* example: test/Ops/batch_norm_grad_input.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$x, Nn_FloatTensor:$dy, Nn_FloatTensor:$mean, Nn_FloatTensor:$rstd, Nn_FloatTensor:$gain,
                       Nn_FloatTensor:$dscale, Nn_FloatTensor:$dbias);
  let results = (outs Nn_FloatTensor:$dx);
  let assemblyFormat = [{
    $x `,` $dy `mean` $mean `rstd` $rstd `gain` $gain `dscale` $dscale `dbias` $dbias attr-dict `:` functional-type(operands, results)
  }];
}

#endif

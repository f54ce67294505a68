// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Pooling over windows, and its gradients.
#ifndef TALLY_NN_POOL_TD
#define TALLY_NN_POOL_TD

include "dialects/Nn/NnBase.td"

/// Reduces every window of every channel of an image. pads = [top, left, bottom, right]; with ceil_mode the number of outputs is rounded
/// up, but no window starts behind the input and its left padding (as PyTorch and ONNX).
class Nn_PoolOp<string mnemonic, list<Trait> traits = []>
    : Nn_InferredOp<mnemonic, !listconcat(traits, [DeclareOpInterfaceMethods<CostOpInterface>])> {
  dag windowAttributes = (ins DenseI64ArrayAttr:$kernel,
                              DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{1, 1}">:$strides,
                              DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{1, 1}">:$dilations,
                              DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{0, 0, 0, 0}">:$pads,
                              DefaultValuedOptionalAttr<BoolAttr, "false">:$ceil_mode);
  string windowFormat = "`kernel` $kernel (`strides` $strides^)? (`dilations` $dilations^)? (`pads` $pads^)? (`ceil` $ceil_mode^)?";
  let assemblyFormat = "$x " # windowFormat # " attr-dict `:` type($x)";
}

def Nn_MaxPoolOp : Nn_PoolOp<"max_pool", [DeclareOpInterfaceMethods<TrainingFormOpInterface>]> {
  let summary = "the maximum of each window";
  let description = [{
    y[n, c, h, w] = max over r, s of x[n, c, h*strides[0] + r*dilations[0] - top, w*strides[1] + s*dilations[1] - left],
    x is -infinity outside. A NaN in a window makes y NaN.

    Shapes: x: [N, C, H, W]; y: [N, C, H', W'], H' = (H + top + bottom - dilations[0]*(R - 1) - 1) / strides[0] + 1, W' alike.
    Gradient: that of the training form, max_pool_training.
    Cost: R*S - 1 maxima per element of y.
    ONNX: MaxPool (from opset 7), GlobalMaxPool with kernel = [H, W].
    (C1) kernel, strides and dilations are positive, pads at least 0 and less than the window's extent, and the window fits into the padded input.

    (* example: test/Ops/max_pool.mlir *)
  }];
  let arguments = !con((ins Nn_FloatTensor:$x), windowAttributes);
  let results = (outs Nn_FloatTensor:$y);
}

def Nn_MaxPoolTrainingOp : Nn_PoolOp<"max_pool_training", [DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "the maximum of each window and its position";
  let description = [{
    y as max_pool; position[n, c, h, w] = i*W + j of the first element [i, j] of the window, in row-major order, that is the
    maximum (PyTorch's rule for ties). Behind a NaN in the window it is that of the maximum before the NaN. It is 0 in a window of nothing but -infinity.
    Canonicalizes to max_pool when the position is unused.

    Shapes: as max_pool; position: [N, C, H', W'] index.
    Gradient: max_pool_grad.
    Cost: R*S - 1 maxima and R*S - 1 compares per element of y.
    (C1) as in max_pool.

    (* example: test/Ops/max_pool_training.mlir *)
  }];
  let arguments = !con((ins Nn_FloatTensor:$x), windowAttributes);
  let results = (outs Nn_FloatTensor:$y, Nn_IndexTensor:$position);
  let hasCanonicalizeMethod = 1;
}

def Nn_MaxPoolGradOp : Nn_InferredOp<"max_pool_grad", [DeclareOpInterfaceMethods<CostOpInterface>]> {
  let summary = "the gradient of max_pool_training";
  let description = [{
    dx = 0, then dx[n, c, position[n, c, h, w]] += dy[n, c, h, w] for each element of dy in row-major order. `size` is [H, W] of x.

    Shapes: dy, position: [N, C, H', W']; dx: [N, C, H, W].
    Cost: 1 addition per element of dy.
    (C1) size has two positive entries. (C2) dy and position have the same shape.

    (* example: test/Ops/max_pool_grad.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$dy, Nn_IndexTensor:$position, DenseI64ArrayAttr:$size);
  let results = (outs Nn_FloatTensor:$dx);
  let assemblyFormat = "$dy `at` $position `size` $size attr-dict `:` type($dy) `,` type($position)";
}

def Nn_AveragePoolOp : Nn_PoolOp<"average_pool", [DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "the mean of each window";
  let description = [{
    y[n, c, h, w] = (sum over r, s of x[n, c, h*strides[0] + r*dilations[0] - top, w*strides[1] + s*dilations[1] - left]) * (1/D[h, w]),
    x is 0 outside. D[h, w] is the number of taps on the input, with count_include_pad also of those on the declared padding, but never
    of those that only ceil_mode adds. 1/D is a constant (one number, or one for each h, w).

    Shapes: as max_pool.
    Gradient: average_pool_grad.
    Cost: R*S - 1 additions (taps on padding count) and 1 multiplication per element of y.
    ONNX: AveragePool (from opset 7).
    (C1) as in max_pool.

    (* example: test/Ops/average_pool.mlir *)
  }];
  let arguments = !con((ins Nn_FloatTensor:$x), windowAttributes,
                       (ins DefaultValuedOptionalAttr<BoolAttr, "false">:$count_include_pad));
  let results = (outs Nn_FloatTensor:$y);
  let assemblyFormat = "$x " # windowFormat # " (`count_include_pad` $count_include_pad^)? attr-dict `:` type($x)";
}

def Nn_AveragePoolGradOp : Nn_PoolOp<"average_pool_grad"> {
  let summary = "the gradient of average_pool";
  let description = [{
    dx[n, c, i, j] = sum of dy[n, c, h, w] * (1/D[h, w]) over the taps that read x[n, c, i, j]; the product is made once for each element of dy.
    `size` is [H, W] of x.

    Shapes: dy: [N, C, H', W']; dx: [N, C, H, W].
    Cost: elements of dy multiplications; (elements of dy)*R*S - (elements of dx that at least one tap reads) additions.
    (C1) as in max_pool. (C2) dy has the size of the forward result.

    (* example: test/Ops/average_pool_grad.mlir *)
  }];
  let arguments = !con((ins Nn_FloatTensor:$dy, DenseI64ArrayAttr:$size), windowAttributes,
                       (ins DefaultValuedOptionalAttr<BoolAttr, "false">:$count_include_pad));
  let results = (outs Nn_FloatTensor:$dx);
  let assemblyFormat = "$dy `size` $size " # windowFormat # " (`count_include_pad` $count_include_pad^)? attr-dict `:` type($dy)";
}

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Two-dimensional convolution and its gradients.
#ifndef TALLY_NN_CONV_TD
#define TALLY_NN_CONV_TD

include "dialects/Nn/NnBase.td"

/// A sum of products over the windows of an image. The windows are the same in the three ops: H' and W' outputs, R x S taps.
class Nn_ConvolutionOp<string mnemonic, list<Trait> traits = []>
    : Nn_InferredOp<mnemonic, !listconcat(traits, [DeclareOpInterfaceMethods<CostOpInterface>])> {
  dag windowAttributes = (ins DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{1, 1}">:$strides,
                              DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{1, 1}">:$dilations,
                              DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{0, 0, 0, 0}">:$pads,
                              DefaultValuedOptionalAttr<I64Attr, "1">:$group,
                              OptionalAttr<TypeAttrOf<Nn_Float>>:$accumulator);
  string windowFormat = "(`strides` $strides^)? (`dilations` $dilations^)? (`pads` $pads^)? (`group` $group^)? (`accumulator` $accumulator^)?";
}

def Nn_ConvOp : Nn_ConvolutionOp<"conv", [DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "two-dimensional convolution (cross-correlation) without bias";
  let description = [{
    y[n, k, h, w] = sum over c, r, s of x[n, q*C/g + c, h*strides[0] + r*dilations[0] - top, w*strides[1] + s*dilations[1] - left] * weight[k, c, r, s]
    where q = k / (K/g) is the group of k, and x is 0 outside. pads = [top, left, bottom, right].
    Products are summed in `accumulator`, which is the type of y: without one that of x; f16 and bf16 need one.

    Shapes: x: [N, C, H, W], weight: [K, C/g, R, S]; y: [N, K, H', W'], H' = (H + top + bottom - dilations[0]*(R - 1) - 1) / strides[0] + 1, W' alike.
    Gradient: conv_grad_input, conv_grad_weight with the same accumulator; dy is rounded to the type of x, and so are the gradients, but of
    what was rounded to x or weight (nn.convert), which get them as they are.
    Cost: M = N*K*H'*W'*(C/g)*R*S multiplications (taps on padding count) and M - N*K*H'*W' additions.
    ONNX: Conv (from opset 7); its bias is a separate add; windows of other ranks than 2 are brought to it by reshapes and sums.
    (C1) strides, dilations and weight are positive, pads at least 0, and the window fits into the padded input.
    (C2) g divides C and K, and weight has C/g input channels.
    (C3) x and weight have one element type; the accumulator is f32 or f64 and at least as wide.

    (* example: test/Ops/conv.mlir *)
  }];
  let arguments = !con((ins Nn_FactorTensor:$x, Nn_FactorTensor:$weight), windowAttributes);
  let results = (outs Nn_FloatTensor:$y);
  let assemblyFormat = "$x `,` $weight " # windowFormat # " attr-dict `:` type($x) `,` type($weight)";
}

def Nn_ConvGradInputOp : Nn_ConvolutionOp<"conv_grad_input", [DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "the gradient of a convolution with respect to its input";
  let description = [{
    dx[n, c, i, j] = sum of dy[n, k, h, w] * weight[k, c, r, s] over all taps of the forward convolution that read x[n, c, i, j].
    `size` is [H, W] of x, which strides do not determine.

    Shapes: dy: [N, K, H', W'], weight: [K, C/g, R, S]; dx: [N, C, H, W].
    Gradient: of dy conv of the gradient of dx, of weight conv_grad_weight of it and dy, with the same accumulator.
    Cost: M multiplications, M as in conv, and M - (elements of dx that at least one tap reads) additions.
    ONNX: ConvTranspose (from opset 7).
    (C1) as in conv. (C2) g divides K; weight has K filters. (C3) dy has the size of the forward result.
    (C4) factors and accumulator as (C3) of conv.

    (* example: test/Ops/conv_grad_input.mlir *)
  }];
  let arguments = !con((ins Nn_FactorTensor:$dy, Nn_FactorTensor:$weight, DenseI64ArrayAttr:$size), windowAttributes);
  let results = (outs Nn_FloatTensor:$dx);
  let assemblyFormat = "$dy `,` $weight `size` $size " # windowFormat # " attr-dict `:` type($dy) `,` type($weight)";
}

def Nn_ConvGradWeightOp : Nn_ConvolutionOp<"conv_grad_weight"> {
  let summary = "the gradient of a convolution with respect to its weight";
  let description = [{
    dweight[k, c, r, s] = sum over n, h, w of dy[n, k, h, w] * x[n, q*C/g + c, h*strides[0] + r*dilations[0] - top, w*strides[1] + s*dilations[1] - left],
    x is 0 outside. `kernel` is [R, S].

    Shapes: x: [N, C, H, W], dy: [N, K, H', W']; dweight: [K, C/g, R, S].
    Cost: M multiplications, M as in conv, and M - K*(C/g)*R*S additions.
    (C1) as in conv. (C2) g divides C and K. (C3) dy has the size of the forward result.
    (C4) factors and accumulator as (C3) of conv.

    (* example: test/Ops/conv_grad_weight.mlir *)
  }];
  let arguments = !con((ins Nn_FactorTensor:$x, Nn_FactorTensor:$dy, DenseI64ArrayAttr:$kernel), windowAttributes);
  let results = (outs Nn_FloatTensor:$dweight);
  let assemblyFormat = "$x `,` $dy `kernel` $kernel " # windowFormat # " attr-dict `:` type($x) `,` type($dy)";
}

#endif

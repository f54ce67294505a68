// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The linear maps of Winograd's convolution.
#ifndef TALLY_NN_WINOGRAD_TD
#define TALLY_NN_WINOGRAD_TD

include "dialects/Nn/NnBase.td"

def Nn_WinogradSplitOp : Nn_InferredOp<"winograd_split", [DeclareOpInterfaceMethods<CostOpInterface>]> {
  let summary = "transform the tiles of an image; one tensor for each element of a transformed tile";
  let description = [{
    planes[i*P + j][n, c, h, w] = sum over a, b of L[i, a] * L[j, b] * x[n, c, h*stride + a - pads[0], w*stride + b - pads[1]], and x is 0 outside.
    L is the P x T matrix of `map` (Lavin and Gray 2015, arXiv 1509.09308; input B^T, filter G, output A^T; of F(2x2, 3x3) the
    last row of B^T and the last column of A^T have the other sign, which saves a negation), an adjoint its transpose:

    | map | T | P | | map | T | P |
    |---|---|---|---|---|---|---|
    | input_2 | 4 | 4 | | input_4 | 6 | 6 |
    | filter_2 | 3 | 4 | | filter_4 | 3 | 6 |
    | output_2 | 4 | 2 | | output_4 | 6 | 4 |
    | filter_2_adjoint | 4 | 3 | | filter_4_adjoint | 6 | 3 |
    | output_2_adjoint | 2 | 4 | | output_4_adjoint | 4 | 6 |

    `batch_last` planes are indexed [h, c, w, n]: elements of one channel that are multiplied by the same filters lie side by side.
    `rotated` tiles are read from their last element: T - 1 - a for a, T - 1 - b for b. (The input gradient needs filters turned by 180 degrees.)

    Shapes: x: [N, C, H, W], tiles = [TH, TW]; planes: P*P times [N, C, TH, TW], with batch_last [TH, C, TW, N].
    Cost: for each tile and channel T + P executions of the one-dimensional map. Its operations: input_2 4, filter_2 5, output_2 4, filter_2_adjoint 6,
    output_2_adjoint 2, input_4 17, filter_4 12, output_4 13, filter_4_adjoint 15, output_4_adjoint 11.
    (C1) x is [N, C, H, W]. (C2) tiles has positive entries, stride is at least 2, pads has two entries of at least 0.

    (* example: test/Ops/winograd_split.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$x, Nn_WinogradMap:$map, DenseI64ArrayAttr:$tiles, I64Attr:$stride,
                       DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{0, 0}">:$pads, UnitAttr:$rotated, UnitAttr:$batch_last);
  let results = (outs Variadic<Nn_FloatTensor>:$planes);
  let assemblyFormat = "$x $map `tiles` $tiles `stride` $stride (`pads` $pads^)? (`rotated` $rotated^)? (`batch_last` $batch_last^)? attr-dict `:` type($x)";
}

def Nn_WinogradJoinOp : Nn_InferredOp<"winograd_join", [SameTypeOperands, DeclareOpInterfaceMethods<CostOpInterface>]> {
  let summary = "transform the tiles that an image is made of";
  let description = [{
    x[n, c, h*P + i, w*P + j] = sum over a, b of L[i, a] * L[j, b] * planes[a*T + b][n, c, h, w] for all positions inside of `size` = [H, W].
    L is the P x T matrix of `map`, and batch_last says how planes are indexed, as in winograd_split.

    Shapes: planes: T*T times [N, C, TH, TW], with batch_last [TH, C, TW, N]; x: [N, C, H, W].
    Cost: for each tile and channel T + P executions of the one-dimensional map (winograd_split), also for what lies outside of `size`.
    (C1) there are T*T planes of rank 4. (C2) the tiles cover `size`, and none lies outside.

    (* example: test/Ops/winograd_join.mlir *)
  }];
  let arguments = (ins Variadic<Nn_FloatTensor>:$planes, Nn_WinogradMap:$map, DenseI64ArrayAttr:$size, UnitAttr:$batch_last);
  let results = (outs Nn_FloatTensor:$x);
  let assemblyFormat = "$planes $map `size` $size (`batch_last` $batch_last^)? attr-dict `:` type($planes)";
}

#endif

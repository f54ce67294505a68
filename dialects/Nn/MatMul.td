// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Matrix products.
#ifndef TALLY_NN_MATMUL_TD
#define TALLY_NN_MATMUL_TD

include "dialects/Nn/NnBase.td"

def Nn_MatMulOp : Nn_InferredOp<"matmul", [
    DeclareOpInterfaceMethods<CostOpInterface>, DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "matrix products of two stacks of matrices";
  let description = [{
    z[b, m, l] = sum over k of x[b, m, k] * y[b, k, l]; `transpose_x` and `transpose_y` say that the last two dimensions
    of an operand are stored the other way round. The leading dimensions b broadcast as in numpy.
    Products are summed in `accumulator`, which is the type of z: without one that of x; f16 and bf16 need one.

    Shapes: x: [B ... M, K] (transposed [B ... K, M]), y: [B ... K, L] (transposed [B ... L, K]); z: [B ... M, L].
    Gradient: dx = dz y^T, dy = x^T dz as matmul with other flags, summed over broadcast leading dimensions. When y is one
    matrix, dy is one product over all rows of x. With an accumulator dz and the gradients are rounded as those of conv.
    Cost: for z of B matrices B*M*L*K multiplications and B*M*L*(K - 1) additions.
    ONNX: MatMul (from opset 7), Gemm (from opset 7; its bias is nn.add, its factors alpha and beta are nn.mul).
    (C1) x and y have at least rank 2.
    (C2) the lengths K agree, the leading dimensions broadcast.
    (C3) x and y have one element type; the accumulator is f32 or f64 and at least as wide.

    (* example: test/Ops/matmul.mlir *)
  }];
  let arguments = (ins Nn_FactorTensor:$x, Nn_FactorTensor:$y, UnitAttr:$transpose_x, UnitAttr:$transpose_y,
                       OptionalAttr<TypeAttrOf<Nn_Float>>:$accumulator);
  let results = (outs Nn_FloatTensor:$z);
  let assemblyFormat = "$x (`transposed` $transpose_x^)? `,` $y (`transposed` $transpose_y^)? (`accumulator` $accumulator^)? attr-dict `:` type($x) `,` type($y)";
}

#endif

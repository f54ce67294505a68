// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The scalar product of sums whose accumulator is wider than their factors.
#ifndef TALLY_NN_PRODUCT_TD
#define TALLY_NN_PRODUCT_TD

include "dialects/Nn/NnBase.td"

def Nn_WideningMulOp : Nn_Op<"widening_mul", [Elementwise, Scalarizable, Vectorizable, Tensorizable, TypesMatchWith<"factors have one type", "a", "b", "$_self">]> {
  let summary = "the exact product of two numbers, in a wider type";
  let description = [{
    y = a * b, nothing rounded. The scalar op of a product whose `accumulator` is wider than its factors; it stays one op down to L5, where a
    processor that multiplies narrow numbers into wide sums (vdpbf16ps, tiles) finds it, and any other widens both factors first. With `of`, the
    factors have been widened already: they are numbers of that type, held in the type of the product (--widen-factors).

    ```mlir
    %y = nn.widening_mul %a, %b : bf16 -> f32
    %y = nn.widening_mul %a, %b of bf16 : f32 -> f32
    ```
    Cost: 1 operation (multiply) of the factors' type, which is `of` where it is given.
    (C1) y has at least twice the bits of the factors' type, so that the product is exact.
    (C2) with `of`, a has the type of y.

    (* example: test/Ops/widening_mul.mlir *)
  }];
  defvar Factor = AnyTypeOf<[F16, BF16, F32]>;
  defvar Product = AnyTypeOf<[F32, F64]>;
  let arguments = (ins AnyTypeOf<[Factor, VectorOfAnyRankOf<[Factor]>]>:$a, AnyTypeOf<[Factor, VectorOfAnyRankOf<[Factor]>]>:$b, OptionalAttr<TypeAttr>:$of);
  let results = (outs AnyTypeOf<[Product, VectorOfAnyRankOf<[Product]>]>:$y);
  let assemblyFormat = "$a `,` $b (`of` $of^)? attr-dict `:` type($a) `->` type($y)";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// What the factors are numbers of, whatever they are held in.
    ::mlir::Type getFactorType();
  }];
}

#endif

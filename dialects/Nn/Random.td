// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Random numbers: Philox4x32-10, a pure function of seed and position.
#ifndef TALLY_NN_RANDOM_TD
#define TALLY_NN_RANDOM_TD

include "dialects/Nn/NnBase.td"

def Nn_PhiloxOp : Nn_Op<"philox"> {
  let summary = "one random number, a pure function of its operands";
  let description = [{
    The scalar op behind all random numbers; it stays one op down to L5. Philox4x32-10 (Salmon et al., SC 2011) with
    key = the 64 bits of seed and counter = (use, epoch, sample, draw), 32 bits each; word 0 of the block is used:
    uniform: f32 (word >> 8) * 2^-24, f64 ((word 0 << 32 | word 1) >> 11) * 2^-53, in [0, 1);
    normal: Box-Muller of two uniform numbers u0 and u1 (f32 of words 0 and 1, f64 of words 0, 1 and 2, 3), sqrt(-2 ln(1 - u0)) * cos(2 pi u1);
    position: (word * range) >> 32, an index in [0, range).

    Cost: 1 operation, in any distribution.
    (C1) position has an index result and range in [1, 2^32); the others a float result and no range.

    (* example: test/Ops/philox.mlir *)
  }];
  let arguments = (ins I64:$seed, Index:$use, Index:$epoch, Index:$sample, Index:$draw,
                       Nn_Distribution:$distribution, OptionalAttr<I64Attr>:$range);
  let results = (outs AnyTypeOf<[F32, F64, Index]>:$y);
  let assemblyFormat = "$distribution $seed `[` $use `,` $epoch `,` $sample `,` $draw `]` (`below` $range^)? attr-dict `:` type($y)";
  let hasVerifier = 1;
}

def Nn_RandomOp : Nn_Op<"random", [NoGradient, DeclareOpInterfaceMethods<CostOpInterface>]> {
  let summary = "random numbers of the samples of a batch";
  let description = [{
    y[n, ...] = philox(seed, use, epoch, sample[n], linear position in the rest): the same numbers for a sample wherever
    it stands in a batch, so that a resumed run equals one that was never stopped.

    Shapes: seed: [] i64, epoch: [] index, samples: [N] index; y: [N, ...] f32, f64 or (position) index.
    Cost: 1 operation per element of y.
    (C1) seed and epoch are of rank 0, samples is [N], y has at least one dimension, the first of size N.
    (C2) position has an index result and range in [1, 2^32); the others a float result and no range.

    (* example: test/Ops/random.mlir *)
  }];
  let arguments = (ins StaticShapeTensorOf<[I64]>:$seed, Nn_IndexTensor:$epoch, Nn_IndexTensor:$samples, I64Attr:$use,
                       Nn_Distribution:$distribution, OptionalAttr<I64Attr>:$range);
  let results = (outs Nn_Tensor:$y);
  let assemblyFormat = [{$distribution $seed `,` $epoch `,` $samples `use` $use (`below` $range^)? attr-dict `:` type($seed) `,` type($epoch) `,` type($samples) `->` type($y)}];
  let hasVerifier = 1;
}

#endif

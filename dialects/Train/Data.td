// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where batches come from: positions, tables, records of the data set, the shuffle.
#ifndef TALLY_TRAIN_DATA_TD
#define TALLY_TRAIN_DATA_TD

include "dialects/Train/TrainBase.td"
include "mlir/IR/BuiltinAttributes.td"

def Train_PositionOp : Train_Op<"position", [Pure, ZeroCost, NoGradient]> {
  let summary = "arithmetic on positions, element by element";
  let description = [{
    y[i...] = map(i..., x0[i...], x1[i...], ...). The first dimensions of the map are the coordinates of the result, the
    others are the operands: of rank 0 (the same everywhere) or of the shape of the result. Positions are never negative.

    Shapes: x: [] or as y; y: [d0 ... dn], all index.
    Cost: 0 (position arithmetic).
    (C1) the map has one result, no symbols, and a dimension for each coordinate and each operand.
    (C2) an operand has rank 0 or the shape of the result.

    (* example: test/Ops/position.mlir *)
  }];
  let arguments = (ins AffineMapAttr:$map, Variadic<Nn_IndexTensor>:$operands);
  let results = (outs Nn_IndexTensor:$y);
  let assemblyFormat = "$map `(` $operands `)` attr-dict `:` functional-type($operands, $y)";
  let hasVerifier = 1;
}

def Train_TakeOp : Train_Op<"take", [Pure, ZeroCost, NoGradient]> {
  let summary = "rows of a tensor by position";
  let description = [{
    y[p..., d...] = x[positions[p...], d...]: a value of a table at the step, the records of a batch.

    Shapes: x: [n, d...], positions: [p...] index; y: [p..., d...].
    Cost: 0 (copies by position).
    (C1) y has the shape of positions followed by the dimensions of x behind the first, and the element type of x.

    (* example: test/Ops/take.mlir *)
  }];
  let arguments = (ins Nn_Tensor:$x, Nn_IndexTensor:$positions);
  let results = (outs Nn_Tensor:$y);
  let assemblyFormat = "$x `at` $positions attr-dict `:` type($x) `at` type($positions) `->` type($y)";
  let hasVerifier = 1;
}

def Train_LoadImagesOp : Train_Op<"load_images", [Pure, ZeroCost, NoGradient]> {
  let summary = "the pixels of records";
  let description = [{
    y[n, c, h, w] = byte `offset` + (c*H + h)*W + w of record records[n], unsigned.

    Shapes: dataset: [M, bytes of a record] i8, records: [N] index; y: [N, C, H, W] i8.
    Cost: 0 (copies).
    (C1) offset + C*H*W is at most the bytes of a record, and dimension 0 of y is N.

    (* example: test/Ops/load.mlir *)
  }];
  let arguments = (ins Nn_ByteTensor:$dataset, Nn_IndexTensor:$records, I64Attr:$offset);
  let results = (outs Nn_ByteTensor:$y);
  let assemblyFormat = "$dataset `at` $records `offset` $offset attr-dict `:` type($dataset) `at` type($records) `->` type($y)";
  let hasVerifier = 1;
}

def Train_LoadLabelsOp : Train_Op<"load_labels", [Pure, ZeroCost, NoGradient]> {
  let summary = "the labels of records";
  let description = [{
    y[n] = byte `offset` of record records[n], unsigned, as a position.

    Shapes: dataset: [M, bytes of a record] i8, records: [N] index; y: [N] index.
    Cost: 0 (a label is a position).
    (C1) offset is below the bytes of a record, and y has the shape of records.

    (* example: test/Ops/load.mlir *)
  }];
  let arguments = (ins Nn_ByteTensor:$dataset, Nn_IndexTensor:$records, I64Attr:$offset);
  let results = (outs Nn_IndexTensor:$y);
  let assemblyFormat = "$dataset `at` $records `offset` $offset attr-dict `:` type($dataset) `at` type($records) `->` type($y)";
  let hasVerifier = 1;
}

def Train_ShuffleOp : Train_Op<"shuffle", [Pure, NoGradient, AllTypesMatch<["x", "y"]>,
                                           DeclareOpInterfaceMethods<CostOpInterface>]> {
  let summary = "a random permutation of positions";
  let description = [{
    Fisher-Yates: for i = 1 ... n-1 swap x[i] and x[j], j = floor(word(i) * (i + 1) / 2^32), where word(i) is the random
    position below 2^32 - 1 of (seed, use, epoch, sample i, draw 0): multiply-shift, no rejection.

    Shapes: x: [n] index, seed: [] i64, epoch: [] index; y: [n] index.
    Cost: n - 1 random numbers.

    (* example: test/Ops/shuffle.mlir *)
  }];
  let arguments = (ins Nn_IndexTensor:$x, StaticShapeTensorOf<[I64]>:$seed, Nn_IndexTensor:$epoch, I64Attr:$use);
  let results = (outs Nn_IndexTensor:$y);
  let assemblyFormat = "$x `,` $seed `,` $epoch `use` $use attr-dict `:` type($x) `,` type($seed) `,` type($epoch)";
}

#endif

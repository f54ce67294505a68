// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Elements taken from, and put to, places that are numbers of a tensor.
#ifndef TALLY_NN_GATHER_TD
#define TALLY_NN_GATHER_TD

include "dialects/Nn/NnBase.td"

def Nn_PlaceTensor : StaticShapeTensorOf<[I64, Index]>; // a computed number, or a position (free of cost)

def Nn_GatherOp : Nn_InferredOp<"gather", [
    DeclareOpInterfaceMethods<CostOpInterface>, DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "rows taken from a table";
  let description = [{
    y[b, m, d] = x[b, places[b, m], d]; one row of places serves all b where its first size is 1, one table serves all b where that of
    x is 1. A place below 0 counts from the end, one out of range becomes the nearest in range.

    Shapes: x: [B or 1, N, D]; places: [B or 1, M]; y: [B, M, D].
    Gradient: dx = scatter add of dy into zeros, summed over b where one table served all; none for places.
    Cost: 1 operation per element of y where places are i64 (a lookup by a computed value), 0 where they are positions.
    ONNX: Gather (from opset 7), GatherElements (from opset 11), GatherND (from opset 11), and what they can say.
    (C1) x is of rank 3 with N at least 1, places of rank 2. (C2) their first sizes are equal, or one of them is 1.

    (* example: test/Ops/gather.mlir *)
  }];
  let arguments = (ins Nn_Tensor:$x, Nn_PlaceTensor:$places);
  let results = (outs Nn_Tensor:$y);
  let assemblyFormat = "$x `at` $places attr-dict `:` type($x) `,` type($places)";
}

def Nn_ScatterOp : Nn_InferredOp<"scatter", [
    DeclareOpInterfaceMethods<CostOpInterface>, DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "rows put into a table";
  let description = [{
    y = x, then for m = 0, 1, ...: y[b, n, d] = reduce(y[b, n, d], updates[b, m, d]) with n = places[b, m]; `none` lets the update
    replace what was there. One row of places serves all b where its first size is 1. A place below 0 counts from the end, one out of
    range becomes the nearest in range.

    Shapes: x: [B, N, D]; places: [B or 1, M]; updates: [B, M, D]; y: as x.
    Gradient of add: dx = dy, dupdates = gather of dy. Gradient of none, with each place at most once: dx = dy with zeros scattered into
    it, dupdates = gather of dy. Gradient of max and min: those of add where x, or the update, is equal to y, else 0. None of mul, and none
    for places.
    Cost: for each element of updates the reduction, if there is one, and a compare where places are i64.
    ONNX: ScatterElements, ScatterND (from opset 11), Scatter (from opset 9), and the gradient of gather.
    (C1) x and updates are of rank 3, of one element type, and agree but for dimension 1; N is at least 1. (C2) places are [B or 1, M].

    (* example: test/Ops/scatter.mlir *)
  }];
  let arguments = (ins Nn_ScatterReduction:$reduction, Nn_ComparableTensor:$x, Nn_PlaceTensor:$places, Nn_ComparableTensor:$updates);
  let results = (outs Nn_ComparableTensor:$y);
  let assemblyFormat = "$reduction $updates `into` $x `at` $places attr-dict `:` type($updates) `,` type($x) `,` type($places)";
}

#endif

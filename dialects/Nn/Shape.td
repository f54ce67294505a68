// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ops that only move data: reshape, transpose, broadcast and the like.
#ifndef TALLY_NN_SHAPE_TD
#define TALLY_NN_SHAPE_TD

include "dialects/Nn/NnBase.td"

/// An op that puts the elements of x elsewhere.
class Nn_MoveOp<string mnemonic>
    : Nn_InferredOp<mnemonic, [ZeroCost, DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let results = (outs Nn_Tensor:$y);
  let hasFolder = 1;
}

def Nn_ReshapeOp : Nn_MoveOp<"reshape"> {
  let summary = "the same elements in another shape";
  let description = [{
    y has the elements of x in row-major order. At most one entry of `shape` is -1 and is inferred from the number of
    elements; the importer writes the batch dimension so, and a graph can be rebuilt for another batch size.

    Shapes: x: [d0 ... dn]; y: [shape], same number of elements.
    Gradient: dx = reshape dy.
    Cost: 0.
    ONNX: Reshape (from opset 7), Flatten, Squeeze, Unsqueeze.
    (C1) at most one entry of shape is -1, the others are at least 0.
    (C2) the number of elements is the same.

    (* example: test/Ops/reshape.mlir *)
  }];
  let arguments = (ins Nn_Tensor:$x, DenseI64ArrayAttr:$shape);
  let assemblyFormat = "$x `to` $shape attr-dict `:` type($x)";
}

def Nn_TransposeOp : Nn_MoveOp<"transpose"> {
  let summary = "the dimensions in another order";
  let description = [{
    Dimension i of y is dimension permutation[i] of x.

    Shapes: x: [d0 ... dn]; y: [d_permutation[0] ... d_permutation[n]].
    Gradient: dx = dy in the inverse order.
    Cost: 0.
    ONNX: Transpose (from opset 7).
    (C1) permutation holds each dimension of x once.

    (* example: test/Ops/transpose.mlir *)
  }];
  let arguments = (ins Nn_Tensor:$x, DenseI64ArrayAttr:$permutation);
  let assemblyFormat = "$x `by` $permutation attr-dict `:` type($x)";
}

def Nn_BroadcastOp : Nn_MoveOp<"broadcast"> {
  let summary = "x repeated to a larger shape";
  let description = [{
    y[i] = x[i], repeated along the dimensions in which x has size 1, and along new leading dimensions. An entry of
    `shape` that is -1 or 1 keeps the size of x, so a graph can be rebuilt for another batch size.

    Shapes: x: [d0 ... dn]; y: the numpy broadcast of x and shape.
    Gradient: dx = sum of dy over the repeated dimensions.
    Cost: 0.
    ONNX: Expand (from opset 8).
    (C1) shape has at least the rank of x.
    (C2) shape and x broadcast; -1 stands only at a dimension of x.

    (* example: test/Ops/broadcast.mlir *)
  }];
  let arguments = (ins Nn_Tensor:$x, DenseI64ArrayAttr:$shape);
  let assemblyFormat = "$x `to` $shape attr-dict `:` type($x)";
}

def Nn_ExpandBatchOp : Nn_MoveOp<"expand_batch"> {
  let summary = "x repeated for each sample of a batch";
  let description = [{
    y[n, ...] = x[0, ...] for each n of dimension 0 of `like`, whose elements are not read: so a graph with a token of the class, or
    another tensor that is repeated for each sample, can be rebuilt for another batch size.

    Shapes: x: [1, d1 ... dn]; like: [N, ...]; y: [N, d1 ... dn].
    Gradient: dx = sum of dy over dimension 0; none for like.
    Cost: 0.
    ONNX: Expand (from opset 8), ConstantOfShape, of a shape that begins with the batch size.
    (C1) x and like have at least one dimension, the first of x is 1.

    (* example: test/Ops/expand_batch.mlir *)
  }];
  let arguments = (ins Nn_Tensor:$x, Nn_Tensor:$like);
  let assemblyFormat = "$x `like` $like attr-dict `:` type($x) `,` type($like)";
}

def Nn_ConcatOp : Nn_MoveOp<"concat"> {
  let summary = "tensors one after another";
  let description = [{
    y holds the inputs one after another along dimension `axis`.

    Shapes: inputs: [d0 ... a_k ... dn]; y: [d0 ... sum of a_k ... dn].
    Gradient: each input's is its slice of dy.
    Cost: 0.
    ONNX: Concat (from opset 7).
    (C1) there is at least one input, axis is in range.
    (C2) the inputs have one element type, and one shape but for axis.

    (* example: test/Ops/concat.mlir *)
  }];
  let arguments = (ins Variadic<Nn_Tensor>:$inputs, I64Attr:$axis);
  let assemblyFormat = "$inputs `axis` $axis attr-dict `:` type($inputs)";
}

def Nn_SliceOp : Nn_MoveOp<"slice"> {
  let summary = "a regular part of a tensor";
  let description = [{
    y[i0 ... in] = x[starts[0] + i0 * steps[0] ... starts[n] + in * steps[n]]. A size of -1 is the rest of the dimension.

    Shapes: x: [d0 ... dn]; y: [sizes].
    Gradient: slice_grad.
    Cost: 0.
    ONNX: Slice (from opset 7), Split.
    (C1) starts, sizes and steps have one entry a dimension; starts and sizes are at least 0, steps at least 1.
    (C2) the part lies inside x.

    (* example: test/Ops/slice.mlir *)
  }];
  let arguments = (ins Nn_Tensor:$x, DenseI64ArrayAttr:$starts, DenseI64ArrayAttr:$sizes, DenseI64ArrayAttr:$steps);
  let assemblyFormat = "$x `from` $starts `sizes` $sizes `steps` $steps attr-dict `:` type($x)";
}

def Nn_SliceGradOp : Nn_MoveOp<"slice_grad"> {
  let summary = "zeros with a tensor as a regular part: the gradient of slice";
  let description = [{
    dx = 0 but dx[starts[0] + i0 * steps[0] ...] = dy[i0 ...]. A size of -1 is that of dy.

    Shapes: dy: [d0 ... dn]; dx: [shape].
    Gradient: slice.
    Cost: 0.
    ONNX: Pad (from opset 7) with zeros.
    (C1) shape, starts and steps have one entry a dimension; starts are at least 0, steps at least 1.
    (C2) the part lies inside dx.

    (* example: test/Ops/slice.mlir *)
  }];
  let arguments = (ins Nn_ComparableTensor:$dy, DenseI64ArrayAttr:$shape, DenseI64ArrayAttr:$starts, DenseI64ArrayAttr:$steps);
  let results = (outs Nn_ComparableTensor:$dx);
  let assemblyFormat = "$dy `into` $shape `from` $starts `steps` $steps attr-dict `:` type($dy)";
  let hasFolder = 0;
}

#endif

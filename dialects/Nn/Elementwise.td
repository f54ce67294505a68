// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Elementwise arithmetic: one scalar formula per element, broadcast as in ONNX.
#ifndef TALLY_NN_ELEMENTWISE_TD
#define TALLY_NN_ELEMENTWISE_TD

include "dialects/Nn/NnBase.td"

/// z[i] = f(x[i], y[i]) with f(x, neutral) = x, on values or (free of cost) on positions.
class Nn_ArithmeticOp<string mnemonic, int neutral, bit commutes>
    : Nn_BinaryOp<mnemonic, !if(commutes, [Commutative], []<Trait>)> {
  let arguments = (ins Nn_NumberTensor:$x, Nn_NumberTensor:$y);
  let results = (outs Nn_NumberTensor:$z);
  let foldDefinition = [{
    ::mlir::OpFoldResult $cppClass::fold(FoldAdaptor adaptor) {
      return ::tally::nn::foldArithmetic(*this, adaptor.getOperands(), }] # neutral # ", " # commutes # [{);
    }
  }];
}

def Nn_AddOp : Nn_ArithmeticOp<"add", 0, 1> {
  let summary = "x + y";
  let description = [{
    z[i] = x[i] + y[i]. Folds x + 0.

    Shapes: x, y broadcast to z as in numpy.
    Gradient: dx = dz, dy = dz, summed over the broadcast dimensions.
    Cost: 1 operation per element of z; positions are free.
    ONNX: Add (from opset 7).

    (* example: test/Ops/add.mlir *)
  }];
}

def Nn_SubOp : Nn_ArithmeticOp<"sub", 0, 0> {
  let summary = "x - y";
  let description = [{
    z[i] = x[i] - y[i]. Folds x - 0.

    Shapes: x, y broadcast to z as in numpy.
    Gradient: dx = dz, summed over the broadcast dimensions; dy = -(dz summed).
    Cost: 1 operation per element of z; positions are free.
    ONNX: Sub (from opset 7).

    (* example: test/Ops/sub.mlir *)
  }];
}

def Nn_MulOp : Nn_ArithmeticOp<"mul", 1, 1> {
  let summary = "x * y";
  let description = [{
    z[i] = x[i] * y[i]. Folds x * 1.

    Shapes: x, y broadcast to z as in numpy.
    Gradient: dx = dz * y, dy = dz * x, summed over the broadcast dimensions.
    Cost: 1 operation per element of z; positions are free.
    ONNX: Mul (from opset 7).

    (* example: test/Ops/mul.mlir *)
  }];
}

def Nn_DivOp : Nn_ArithmeticOp<"div", 1, 0> {
  let summary = "x / y";
  let description = [{
    z[i] = x[i] / y[i]; of positions the quotient rounded towards zero. Folds x / 1.

    Shapes: x, y broadcast to z as in numpy.
    Gradient: q = dz / y; dx = q, dy = -(q * z), summed over the broadcast dimensions (before the minus).
    Cost: 1 operation per element of z; positions are free.
    ONNX: Div (from opset 7).

    (* example: test/Ops/div.mlir *)
  }];
}

def Nn_NegOp : Nn_UnaryOp<"neg"> {
  let summary = "-x";
  let description = [{
    y[i] = -x[i].

    Shapes: x: [d0 ... dn]; y: as x.
    Gradient: dx = -dy.
    Cost: 1 operation per element (negate).
    ONNX: Neg (from opset 7).

    (* example: test/Ops/neg.mlir *)
  }];
}

def Nn_ExpOp : Nn_UnaryOp<"exp"> {
  let summary = "e to the power of x";
  let description = [{
    y[i] = exp(x[i]).

    Shapes: x: [d0 ... dn]; y: as x.
    Gradient: dx = dy * y.
    Cost: 1 operation per element (exp).
    ONNX: Exp (from opset 7).

    (* example: test/Ops/exp.mlir *)
  }];
}

def Nn_LogOp : Nn_UnaryOp<"log"> {
  let summary = "natural logarithm of x";
  let description = [{
    y[i] = ln(x[i]).

    Shapes: x: [d0 ... dn]; y: as x.
    Gradient: dx = dy / x.
    Cost: 1 operation per element (log).
    ONNX: Log (from opset 7).

    (* example: test/Ops/log.mlir *)
  }];
}

def Nn_SqrtOp : Nn_UnaryOp<"sqrt"> {
  let summary = "square root of x";
  let description = [{
    y[i] = sqrt(x[i]).

    Shapes: x: [d0 ... dn]; y: as x.
    Gradient: dx = dy / (2 * y).
    Cost: 1 operation per element (sqrt).
    ONNX: Sqrt (from opset 7).

    (* example: test/Ops/sqrt.mlir *)
  }];
}

def Nn_ReciprocalOp : Nn_FormulaOp<"reciprocal", ["x", "y"]> {
  let formula = [{ return b.div(b.constant(1), x); }];
  let summary = "1 / x";
  let description = [{
    y[i] = 1 / x[i].

    Shapes: x: [d0 ... dn]; y: as x.
    Gradient: reciprocal_grad.
    Cost: 1 operation per element (divide).
    ONNX: Reciprocal (from opset 7).

    (* example: test/Ops/reciprocal.mlir *)
  }];
}

def Nn_ReciprocalGradOp : Nn_DerivedGradOp<Nn_ReciprocalOp> {
  let summary = "the gradient of reciprocal";
  let description = [{
    dx[i] = -(dy[i] / x[i] * y[i]).

    Shapes: x, y, dy, dx: [d0 ... dn].
    Cost: 3 operations per element (divide, multiply, negate).

    (* example: test/Ops/reciprocal.mlir *)
  }];
}

def Nn_ErfOp : Nn_FormulaOp<"erf", ["x"]> {
  let formula = [{ return b.erf(x); }];
  let summary = "error function of x";
  let description = [{
    y[i] = erf(x[i]).

    Shapes: x: [d0 ... dn]; y: as x.
    Gradient: erf_grad.
    Cost: 1 operation per element (erf).
    ONNX: Erf (from opset 9).

    (* example: test/Ops/erf.mlir *)
  }];
}

def Nn_ErfGradOp : Nn_DerivedGradOp<Nn_ErfOp> {
  let summary = "the gradient of erf";
  let description = [{
    dx[i] = dy[i] * exp(ln(2 / sqrt(pi)) - x[i] * x[i]).

    Shapes: x, dy, dx: [d0 ... dn].
    Cost: 4 operations per element (multiply, subtract, exp, multiply).

    (* example: test/Ops/erf.mlir *)
  }];
}

def Nn_ConvertOp : Nn_InferredOp<"convert", [
    DeclareOpInterfaceMethods<ScalarBodyOpInterface>, DeclareOpInterfaceMethods<CostOpInterface>,
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "the same numbers in another element type";
  let description = [{
    y[i] = x[i] as a number of type `to`: between floats to nearest even, to an integer towards zero, to i1 whether it is
    not zero. i8 is unsigned (the bytes of an image), i16 to i64 are signed. Folds to x when the type stays the same.

    Shapes: x: [d0 ... dn] f16, bf16, f32, f64, i1, i8, i16, i32, i64 or index; y: [d0 ... dn], the same without index.
    Gradient: dx = dy converted to the type of x; none from or to integers and positions.
    Cost: 1 operation per element (convert; to i1 compare).
    ONNX: Cast (from opset 7), CastLike.
    (C1) One operation leads from the type of x to `to`: not from f16 to bf16 or back, from index to floats only.

    (* example: test/Ops/convert.mlir *)
  }];
  let arguments = (ins Nn_Tensor:$x, TypeAttr:$to);
  let results = (outs Nn_ValueTensor:$y);
  let assemblyFormat = "$x `to` $to attr-dict `:` type($x)";
  let hasFolder = 1;
}

def Nn_MaximumOp : Nn_BinaryOp<"maximum", [Commutative]> {
  let arguments = (ins Nn_NumberTensor:$x, Nn_NumberTensor:$y);
  let results = (outs Nn_NumberTensor:$z);
  let summary = "the larger of x and y";
  let description = [{
    z[i] = max(x[i], y[i]); not a number where one of them is none.

    Shapes: x, y broadcast to z as in numpy.
    Gradient: dx = dz where x > y, dz / 2 where they are equal (as in PyTorch), else 0, summed over the broadcast
    dimensions; dy likewise.
    Cost: 1 operation per element of z; positions are free.
    ONNX: Max (from opset 7).

    (* example: test/Ops/maximum.mlir *)
  }];
}

def Nn_MinimumOp : Nn_BinaryOp<"minimum", [Commutative]> {
  let arguments = (ins Nn_NumberTensor:$x, Nn_NumberTensor:$y);
  let results = (outs Nn_NumberTensor:$z);
  let summary = "the smaller of x and y";
  let description = [{
    z[i] = min(x[i], y[i]); not a number where one of them is none.

    Shapes: x, y broadcast to z as in numpy.
    Gradient: dx = dz where x < y, dz / 2 where they are equal (as in PyTorch), else 0, summed over the broadcast
    dimensions; dy likewise.
    Cost: 1 operation per element of z; positions are free.
    ONNX: Min (from opset 7).

    (* example: test/Ops/minimum.mlir *)
  }];
}

def Nn_PowOp : Nn_BinaryOp<"pow"> {
  let summary = "x to the power of y";
  let description = [{
    z[i] = x[i]^y[i].

    Shapes: x, y broadcast to z as in numpy.
    Gradient: dx = dz * y * x^(y - 1), dy = dz * z * ln(x), 0 of a power of 0, summed over the broadcast dimensions.
    Cost: 1 operation per element of z (pow).
    ONNX: Pow (from opset 7); exponents like 2 and 1/2 become products and roots.

    (* example: test/Ops/pow.mlir *)
  }];
}

def Nn_RemainderOp : Nn_BinaryOp<"remainder"> {
  let arguments = (ins Nn_NumberTensor:$x, Nn_NumberTensor:$y);
  let results = (outs Nn_NumberTensor:$z);
  let summary = "what division leaves, with the sign of x";
  let description = [{
    z[i] = x[i] - q * y[i] with q = x[i] / y[i] rounded towards zero, as fmod of C.

    Shapes: x, y broadcast to z as in numpy.
    Gradient: dx = dz, dy = dz * ((z - x) / y), summed over the broadcast dimensions.
    Cost: 1 operation per element of z (divide); positions are free.
    ONNX: Mod (from opset 10) with fmod = 1; without it with a correction of the sign.

    (* example: test/Ops/remainder.mlir *)
  }];
}

def Nn_BitwiseOp : Nn_ElementwiseOp<"bitwise", [SameOperandsAndResultElementType, NoGradient]> {
  let summary = "logic on the bits of x and y";
  let description = [{
    z[i] = x[i] and, or, xor y[i], bit by bit, or x[i] shifted by y[i] bits (to the right with zeros). On i1 it is the logic of truth
    values.

    Shapes: x, y broadcast to z as in numpy.
    Cost: 1 operation per element of z (bitwise).
    ONNX: And, Or, Xor, Not (from opset 7), BitShift (from opset 11), BitwiseAnd, BitwiseOr, BitwiseXor, BitwiseNot (from opset 18).

    (* example: test/Ops/bitwise.mlir *)
  }];
  let arguments = (ins Nn_BitwiseKind:$kind, Nn_BitsTensor:$x, Nn_BitsTensor:$y);
  let results = (outs Nn_BitsTensor:$z);
  let assemblyFormat = "$kind $x `,` $y attr-dict `:` type($x) `,` type($y)";
}

def Nn_CompareOp : Nn_InferredOp<"compare", [
    NoGradient, DeclareOpInterfaceMethods<ScalarBodyOpInterface>, DeclareOpInterfaceMethods<CostOpInterface>]> {
  let summary = "whether x stands in a relation to y";
  let description = [{
    z[i] = whether x[i] is equal, not_equal, less, less_equal, greater, greater_equal than y[i]. Nothing but not_equal holds of what is
    not a number. Integers are signed; truth values can be equal or not.

    Shapes: x, y broadcast to z as in numpy; z is of i1.
    Cost: 1 operation per element of z (compare); positions are free.
    ONNX: Equal, Greater, Less (from opset 7), GreaterOrEqual, LessOrEqual (from opset 12), IsNaN (from opset 9).
    (C1) x and y have the same element type.

    (* example: test/Ops/compare.mlir *)
  }];
  let arguments = (ins Nn_Relation:$relation, Nn_ComparableTensor:$x, Nn_ComparableTensor:$y);
  let results = (outs Nn_TruthTensor:$z);
  let assemblyFormat = "$relation $x `,` $y attr-dict `:` type($x) `,` type($y)";
  let hasFolder = 1;
}

def Nn_SelectOp : Nn_InferredOp<"select", [
    DeclareOpInterfaceMethods<ScalarBodyOpInterface>, DeclareOpInterfaceMethods<CostOpInterface>,
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "x where a condition holds, y elsewhere";
  let description = [{
    z[i] = condition[i] ? x[i] : y[i].

    Shapes: condition (i1), x, y broadcast to z as in numpy.
    Gradient: dx = dz where the condition holds, else 0, dy the other way round, summed over the broadcast dimensions.
    Cost: 1 operation per element of z (select); positions are free.
    ONNX: Where (from opset 9).
    (C1) x and y have the same element type.

    (* example: test/Ops/select.mlir *)
  }];
  let arguments = (ins Nn_TruthTensor:$condition, Nn_ComparableTensor:$x, Nn_ComparableTensor:$y);
  let results = (outs Nn_ComparableTensor:$z);
  let assemblyFormat = "$condition `,` $x `,` $y attr-dict `:` type($condition) `,` type($x) `,` type($y)";
  let hasFolder = 1;
}

#endif

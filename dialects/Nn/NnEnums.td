// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The enumerations of the nn dialect.
#ifndef TALLY_NN_NNENUMS_TD
#define TALLY_NN_NNENUMS_TD

include "mlir/IR/EnumAttr.td"

def Nn_Uniform : I32EnumAttrCase<"Uniform", 0, "uniform">;
def Nn_Normal : I32EnumAttrCase<"Normal", 1, "normal">;
def Nn_Position : I32EnumAttrCase<"Position", 2, "position">;
def Nn_Distribution : I32EnumAttr<"Distribution", "how random bits become a number", [Nn_Uniform, Nn_Normal, Nn_Position]> {
  let cppNamespace = "::tally::nn";
}

def Nn_GeluApproximation : I32EnumAttr<"GeluApproximation", "the formula of gelu", [
    I32EnumAttrCase<"None", 0, "none">, I32EnumAttrCase<"Tanh", 1, "tanh">]> {
  let cppNamespace = "::tally::nn";
}

def Nn_Reduction : I32EnumAttr<"Reduction", "how the losses of the samples become one", [
    I32EnumAttrCase<"Mean", 0, "mean">, I32EnumAttrCase<"Sum", 1, "sum">]> {
  let cppNamespace = "::tally::nn";
}

def Nn_Border : I32EnumAttr<"Border", "what lies around an image", [
    I32EnumAttrCase<"Zero", 0, "zero">, I32EnumAttrCase<"Reflect", 1, "reflect">]> {
  let cppNamespace = "::tally::nn";
}

def Nn_Relation : I32EnumAttr<"Relation", "how two numbers compare", [
    I32EnumAttrCase<"Equal", 0, "equal">, I32EnumAttrCase<"NotEqual", 1, "not_equal">, I32EnumAttrCase<"Less", 2, "less">,
    I32EnumAttrCase<"LessEqual", 3, "less_equal">, I32EnumAttrCase<"Greater", 4, "greater">,
    I32EnumAttrCase<"GreaterEqual", 5, "greater_equal">]> {
  let cppNamespace = "::tally::nn";
}

def Nn_BitwiseKind : I32EnumAttr<"BitwiseKind", "what becomes of the bits of two numbers", [
    I32EnumAttrCase<"And", 0, "and">, I32EnumAttrCase<"Or", 1, "or">, I32EnumAttrCase<"Xor", 2, "xor">,
    I32EnumAttrCase<"ShiftLeft", 3, "shift_left">, I32EnumAttrCase<"ShiftRight", 4, "shift_right">]> {
  let cppNamespace = "::tally::nn";
}

def Nn_ScatterReduction : I32EnumAttr<"ScatterReduction", "what becomes of an element that an update reaches", [
    I32EnumAttrCase<"None", 0, "none">, I32EnumAttrCase<"Add", 1, "add">, I32EnumAttrCase<"Mul", 2, "mul">,
    I32EnumAttrCase<"Max", 3, "max">, I32EnumAttrCase<"Min", 4, "min">]> {
  let cppNamespace = "::tally::nn";
}

// Named after what they do in F(m x m, 3 x 3), with m in the name; an adjoint is the transpose.
def Nn_WinogradMap : I32EnumAttr<"WinogradMap", "a linear map of Winograd's convolution, applied to the columns and the rows of a tile", [
    I32EnumAttrCase<"Input2", 0, "input_2">, I32EnumAttrCase<"Filter2", 1, "filter_2">, I32EnumAttrCase<"Output2", 2, "output_2">,
    I32EnumAttrCase<"Filter2Adjoint", 3, "filter_2_adjoint">, I32EnumAttrCase<"Output2Adjoint", 4, "output_2_adjoint">,
    I32EnumAttrCase<"Input4", 5, "input_4">, I32EnumAttrCase<"Filter4", 6, "filter_4">, I32EnumAttrCase<"Output4", 7, "output_4">,
    I32EnumAttrCase<"Filter4Adjoint", 8, "filter_4_adjoint">, I32EnumAttrCase<"Output4Adjoint", 9, "output_4_adjoint">]> {
  let cppNamespace = "::tally::nn";
}

#endif

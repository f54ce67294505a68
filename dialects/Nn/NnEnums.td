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

#endif

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

#endif

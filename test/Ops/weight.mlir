// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --check-level=graph | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER

// --attach-recipe replaces it by a parameter; in a function of its own it becomes a constant.
// SYNTAX-LABEL: func @main(
// SYNTAX: nn.weight "head.bias", "bias" {sources = ["onnx::7"]} = dense<{{.*}}> : tensor<3xf32>
// LOWER: arith.constant dense<{{.*}}> : tensor<3xf32>
// LOWER-NOT: nn.weight
// COUNT: @main: 3 operations: add 3
func.func @main(%x: tensor<3xf32>) -> tensor<3xf32> {
  %b = nn.weight "head.bias", "bias" {sources = ["onnx::7"]} = dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %y = nn.add %x, %b : tensor<3xf32>, tensor<3xf32>
  return %y : tensor<3xf32>
}

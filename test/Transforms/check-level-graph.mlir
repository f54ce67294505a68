// RUN: tally-opt %s --check-level=graph | FileCheck %s

// CHECK: func @main
func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %b = nn.weight "bias", "bias" = dense<1.0> : tensor<3xf32>
  %y = nn.add %x, %b : tensor<2x3xf32>, tensor<3xf32>
  return %y : tensor<2x3xf32>
}

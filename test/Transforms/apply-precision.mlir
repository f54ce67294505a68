// RUN: tally-opt %s --apply-precision | FileCheck %s --check-prefixes=CHECK,DOUBLE
// RUN: tally-opt %s --apply-precision=to=f32 | FileCheck %s --check-prefixes=CHECK,SINGLE
// RUN: not tally-opt %s --apply-precision=to=f16 2>&1 | FileCheck %s --check-prefix=REFUSED

// Tensors, weights, constants and results change; integers and the numbers of an op do not.
// REFUSED: error: expects precision f32 or f64, got 'f16'
// DOUBLE: func.func @main(%{{.*}}: tensor<2x3xf64>, %{{.*}}: tensor<2xi64>) -> tensor<2x3xf64>
// DOUBLE: nn.weight "b", "bias" = dense<[1.000000e+00, 2.500000e-01, -3.000000e+00]> : tensor<3xf64>
// DOUBLE: nn.constant dense<0.1{{[0-9e+-]*}}> : tensor<f64>
// DOUBLE: nn.weight "c", "bias" = dense<1.000000e+00> : tensor<2x3xf64>
// SINGLE: func.func @main(%{{.*}}: tensor<2x3xf32>, %{{.*}}: tensor<2xi64>) -> tensor<2x3xf32>
// SINGLE: nn.weight "b", "bias" = dense<[1.000000e+00, 2.500000e-01, -3.000000e+00]> : tensor<3xf32>
// CHECK: nn.leaky_relu %{{.*}} alpha 1.000000e-01 :
func.func @main(%x: tensor<2x3xf32>, %labels: tensor<2xi64>) -> tensor<2x3xf32> {
  %b = nn.weight "b", "bias" = dense<[1.0, 0.25, -3.0]> : tensor<3xf32>
  %tenth = nn.constant dense<0.1> : tensor<f32>
  %c = nn.weight "c", "bias" = dense_resource<c> : tensor<2x3xf32>
  %y = nn.add %x, %b : tensor<2x3xf32>, tensor<3xf32>
  %z = nn.mul %y, %tenth : tensor<2x3xf32>, tensor<f32>
  %w = nn.add %z, %c : tensor<2x3xf32>, tensor<2x3xf32>
  %r = nn.leaky_relu %w alpha 1.000000e-01 : tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}

{-#
  dialect_resources: {
    builtin: {
      c: "0x040000000000803F0000803F0000803F0000803F0000803F0000803F"
    }
  }
#-}

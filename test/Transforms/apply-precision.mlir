// RUN: tally-opt %s --apply-precision | FileCheck %s --check-prefixes=CHECK,DOUBLE
// RUN: tally-opt %s --apply-precision=to=f32 | FileCheck %s --check-prefixes=CHECK,SINGLE
// RUN: tally-opt %s --apply-precision=to=bf16 | FileCheck %s --check-prefixes=CHECK,SINGLE,NARROW
// RUN: not tally-opt %s --apply-precision=to=f16 2>&1 | FileCheck %s --check-prefix=REFUSED

// Tensors, weights, constants and results change; integers and the numbers of an op do not.
// REFUSED: error: expects precision f32, f64 or bf16, got 'f16'
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

// Factors are rounded, sums and everything else stay.
// NARROW-LABEL: func @products(
// NARROW: %[[X:.*]] = nn.convert %{{.*}} to bf16 : tensor<1x2x4x4xf32>
// NARROW: %[[W:.*]] = nn.convert %{{.*}} to bf16 : tensor<3x2x3x3xf32>
// NARROW: %[[Y:.*]] = nn.conv %[[X]], %[[W]] accumulator f32 : tensor<1x2x4x4xbf16>, tensor<3x2x3x3xbf16>
// NARROW: nn.reshape %[[Y]] {{.*}}tensor<1x3x2x2xf32>
// NARROW: nn.matmul %{{.*}}, %{{.*}} accumulator f32 : tensor<1x12xbf16>, tensor<12x2xbf16>
func.func @products(%x: tensor<1x2x4x4xf32>, %w: tensor<3x2x3x3xf32>, %v: tensor<12x2xf32>) -> tensor<1x2xf32> {
  %y = nn.conv %x, %w : tensor<1x2x4x4xf32>, tensor<3x2x3x3xf32>
  %flat = nn.reshape %y to [1, 12] : tensor<1x3x2x2xf32>
  %z = nn.matmul %flat, %v : tensor<1x12xf32>, tensor<12x2xf32>
  return %z : tensor<1x2xf32>
}

{-#
  dialect_resources: {
    builtin: {
      c: "0x040000000000803F0000803F0000803F0000803F0000803F0000803F"
    }
  }
#-}

// RUN: tally-opt %s --convert-nn-to-linalg=gather-windows --assign-layout --pack-contractions="block=8" --canonicalize | FileCheck %s

// A phase of a strided gradient reads some taps of the weight: those are packed, once for each of the four.
// CHECK-LABEL: func @strided_gradient
// CHECK: outs(%{{.*}} : tensor<1x1x1x1x16x8xf32>)
// CHECK: outs(%{{.*}} : tensor<1x1x1x2x16x8xf32>)
// CHECK: outs(%{{.*}} : tensor<1x1x2x1x16x8xf32>)
// CHECK: outs(%{{.*}} : tensor<1x1x2x2x16x8xf32>)
func.func @strided_gradient(%dy: tensor<4x16x8x8xf32>, %w: tensor<16x8x3x3xf32>) -> tensor<4x8x16x16xf32> {
  %dx = nn.conv_grad_input %dy, %w size [16, 16] strides [2, 2] pads [1, 1, 1, 1] : tensor<4x16x8x8xf32>, tensor<16x8x3x3xf32>
  return %dx : tensor<4x8x16x16xf32>
}

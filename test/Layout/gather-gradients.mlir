// RUN: tally-opt %s --convert-nn-to-linalg --gather-gradients | FileCheck %s

// Stride 1: dy gets a border, the kernel is read backwards, each position of dx gathers nine taps; no crop is left.
// CHECK-LABEL: func @plain
// CHECK: tensor.insert_slice %{{.*}} into %{{.*}}[0, 0, 1, 1] [2, 4, 5, 7] [1, 1, 1, 1] : tensor<2x4x5x7xf32> into tensor<2x4x7x9xf32>
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<2x3x5x7xf32>)
// CHECK-NOT: tensor.extract_slice
// CHECK: return
func.func @plain(%dy: tensor<2x4x5x7xf32>, %weight: tensor<4x3x3x3xf32>) -> tensor<2x3x5x7xf32> {
  %dx = nn.conv_grad_input %dy, %weight size [5, 7] pads [1, 1, 1, 1] : tensor<2x4x5x7xf32>, tensor<4x3x3x3xf32>
  return %dx : tensor<2x3x5x7xf32>
}

// Stride 2 in both directions: four phases, of 1, 2, 2 and 4 taps, write into one result.
// CHECK-LABEL: func @strided
// CHECK-COUNT-4: linalg.generic
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @strided(%dy: tensor<2x4x3x3xf32>, %weight: tensor<4x3x3x3xf32>) -> tensor<2x3x5x5xf32> {
  %dx = nn.conv_grad_input %dy, %weight size [5, 5] strides [2, 2] pads [1, 1, 1, 1] : tensor<2x4x3x3xf32>, tensor<4x3x3x3xf32>
  return %dx : tensor<2x3x5x5xf32>
}

// A stride and a dilation together stay in scatter form.
// CHECK-LABEL: func @strided_and_dilated
// CHECK: tensor.extract_slice
func.func @strided_and_dilated(%dy: tensor<1x1x4x4xf32>, %weight: tensor<1x1x2x2xf32>) -> tensor<1x1x7x7xf32> {
  %dx = nn.conv_grad_input %dy, %weight size [7, 7] strides [2, 2] dilations [2, 2] pads [1, 1, 1, 1] : tensor<1x1x4x4xf32>, tensor<1x1x2x2xf32>
  return %dx : tensor<1x1x7x7xf32>
}

// RUN: tally-opt %s --convert-nn-to-linalg=gather-windows --assign-layout="block=4" --pack-contractions="block=4 least-reuse=1" | FileCheck %s

// The image is packed once, the weight into the order in which it is read, and the result is unpacked for the return.
// CHECK-LABEL: func @conv
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<2x8x5x7xf32>) outs(%{{.*}} : tensor<2x2x5x7x4xf32>)
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<4x8x3x3xf32>) outs(%{{.*}} : tensor<1x2x3x3x4x4xf32>)
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<2x1x3x5x4xf32>)
// CHECK: arith.mulf
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<2x1x3x5x4xf32>) outs(%{{.*}} : tensor<2x4x3x5xf32>)
func.func @conv(%x: tensor<2x8x5x7xf32>, %weight: tensor<4x8x3x3xf32>) -> tensor<2x4x3x5xf32> {
  %y = nn.conv %x, %weight : tensor<2x8x5x7xf32>, tensor<4x8x3x3xf32>
  return %y : tensor<2x4x3x5xf32>
}

// A kernel that is read backwards is no image: its input channels and output channels are blocked as the loops need them.
// CHECK-LABEL: func @grad_input
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<4x8x3x3xf32>) outs(%{{.*}} : tensor<2x1x3x3x4x4xf32>)
func.func @grad_input(%dy: tensor<2x4x5x7xf32>, %weight: tensor<4x8x3x3xf32>) -> tensor<2x8x5x7xf32> {
  %dx = nn.conv_grad_input %dy, %weight size [5, 7] pads [1, 1, 1, 1] : tensor<2x4x5x7xf32>, tensor<4x8x3x3xf32>
  return %dx : tensor<2x8x5x7xf32>
}

// Without a window there is no image.
// CHECK-LABEL: func @elementwise
// CHECK-NOT: tensor<2x2x5x7x4xf32>
// CHECK: return
func.func @elementwise(%x: tensor<2x8x5x7xf32>) -> tensor<2x8x5x7xf32> {
  %y = nn.relu %x : tensor<2x8x5x7xf32>
  return %y : tensor<2x8x5x7xf32>
}

// Channels that no two vectors divide: all in one block where they are few, else blocks of one vector.
// CHECK-LABEL: func @few
// CHECK: outs(%{{.*}} : tensor<1x1x3x3x6xf32>)
// CHECK-LABEL: func @many
// CHECK: outs(%{{.*}} : tensor<1x5x3x3x2xf32>)
func.func @few(%x: tensor<1x6x3x3xf32>, %weight: tensor<4x6x3x3xf32>) -> tensor<1x4x1x1xf32> {
  %y = nn.conv %x, %weight : tensor<1x6x3x3xf32>, tensor<4x6x3x3xf32>
  return %y : tensor<1x4x1x1xf32>
}
func.func @many(%x: tensor<1x10x3x3xf32>, %weight: tensor<4x10x3x3xf32>) -> tensor<1x4x1x1xf32> {
  %y = nn.conv %x, %weight : tensor<1x10x3x3xf32>, tensor<4x10x3x3xf32>
  return %y : tensor<1x4x1x1xf32>
}

// F8: the gradient of the weight of a grouped convolution is too high by a factor of the groups (FlopCounterMode until 2026).
// F9: the gradients of a transposed convolution count 2,880 times its forward pass instead of about 2 times (FlopCounterMode 2.1).
// F13: the bias of a convolution is dropped (thop).
// F28: a convolution without its spatial size (TF profiler).
//
// M products (N*K*H'*W' results x C/g*R*S taps) in a convolution and in each of its gradients, and M less the number of their results in additions, as in the loops (--check-counts).
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s

// F8: depthwise, 192 channels: M = 2 * 192*16*16 * 1*9 = 884,736; 192*9 = 1,728 sums.
// CHECK: @depthwise: 1671168 operations: add 786432, multiply 884736
func.func @depthwise(%x: tensor<2x192x16x16xf32>, %weight: tensor<192x1x3x3xf32>) -> tensor<2x192x16x16xf32> {
  %y = nn.conv %x, %weight pads [1, 1, 1, 1] group 192 : tensor<2x192x16x16xf32>, tensor<192x1x3x3xf32>
  return %y : tensor<2x192x16x16xf32>
}
// CHECK: @depthwise_gradient: 1767744 operations: add 883008, multiply 884736
func.func @depthwise_gradient(%x: tensor<2x192x16x16xf32>, %dy: tensor<2x192x16x16xf32>) -> tensor<192x1x3x3xf32> {
  %dweight = nn.conv_grad_weight %x, %dy kernel [3, 3] pads [1, 1, 1, 1] group 192 : tensor<2x192x16x16xf32>, tensor<2x192x16x16xf32>
  return %dweight : tensor<192x1x3x3xf32>
}

// F8: 3 groups of 4 to 2 channels: M = 2 * 6*5*5 * 4*9 = 10,800; 6*4*9 = 216 sums.
// CHECK: @grouped_gradient: 21384 operations: add 10584, multiply 10800
func.func @grouped_gradient(%x: tensor<2x12x5x5xf32>, %dy: tensor<2x6x5x5xf32>) -> tensor<6x4x3x3xf32> {
  %dweight = nn.conv_grad_weight %x, %dy kernel [3, 3] pads [1, 1, 1, 1] group 3 : tensor<2x12x5x5xf32>, tensor<2x6x5x5xf32>
  return %dweight : tensor<6x4x3x3xf32>
}

// F9: 8 channels of 4x4 to 3 of 9x9, stride 2, 3x3 taps: M = 2 * 8*4*4 * 3*9 = 6,912; all of the 2*3*9*9 = 486 results are reached.
// CHECK: @transposed: 13338 operations: add 6426, multiply 6912
func.func @transposed(%x: tensor<2x8x4x4xf32>, %weight: tensor<8x3x3x3xf32>) -> tensor<2x3x9x9xf32> {
  %y = nn.conv_grad_input %x, %weight size [9, 9] strides [2, 2] : tensor<2x8x4x4xf32>, tensor<8x3x3x3xf32>
  return %y : tensor<2x3x9x9xf32>
}
// Forward 13,338, the loss 485 additions; the gradients of input and weight have M products each, for 2*8*4*4 = 256 and 8*3*9 = 216 sums: 13,568 and
// 13,608, together 2.04 times the forward pass.
// CHECK: @transposed_gradient: 40999 operations: add 20263, multiply 20736
func.func @transposed_gradient(%x: tensor<2x8x4x4xf32>, %weight: tensor<8x3x3x3xf32>) -> (tensor<2x8x4x4xf32>, tensor<8x3x3x3xf32>) {
  %y = nn.conv_grad_input %x, %weight size [9, 9] strides [2, 2] : tensor<2x8x4x4xf32>, tensor<8x3x3x3xf32>
  %loss = nn.reduce_sum %y over [0, 1, 2, 3] : tensor<2x3x9x9xf32>
  %dx, %dweight = train.gradient %loss wrt %x, %weight : tensor<f32> wrt tensor<2x8x4x4xf32>, tensor<8x3x3x3xf32>
  return %dx, %dweight : tensor<2x8x4x4xf32>, tensor<8x3x3x3xf32>
}

// F28: 4 times the pixels, 4 times the count: M = 2 * 4*H*W * 3*9 = 216*H*W, less 8*H*W.
// CHECK: @small: 108544 operations: add 53248, multiply 55296
func.func @small(%x: tensor<2x3x16x16xf32>, %weight: tensor<4x3x3x3xf32>) -> tensor<2x4x16x16xf32> {
  %y = nn.conv %x, %weight pads [1, 1, 1, 1] : tensor<2x3x16x16xf32>, tensor<4x3x3x3xf32>
  return %y : tensor<2x4x16x16xf32>
}
// CHECK: @large: 434176 operations: add 212992, multiply 221184
func.func @large(%x: tensor<2x3x32x32xf32>, %weight: tensor<4x3x3x3xf32>) -> tensor<2x4x32x32xf32> {
  %y = nn.conv %x, %weight pads [1, 1, 1, 1] : tensor<2x3x32x32xf32>, tensor<4x3x3x3xf32>
  return %y : tensor<2x4x32x32xf32>
}

// F13: one addition for each of the 2*4*16*16 = 2,048 results more than @small; its gradient sums them for each of 4 channels.
// CHECK: @bias: 110592 operations: add 55296, multiply 55296
func.func @bias(%x: tensor<2x3x16x16xf32>, %weight: tensor<4x3x3x3xf32>, %bias: tensor<4x1x1xf32>) -> tensor<2x4x16x16xf32> {
  %product = nn.conv %x, %weight pads [1, 1, 1, 1] : tensor<2x3x16x16xf32>, tensor<4x3x3x3xf32>
  %y = nn.add %product, %bias : tensor<2x4x16x16xf32>, tensor<4x1x1xf32>
  return %y : tensor<2x4x16x16xf32>
}

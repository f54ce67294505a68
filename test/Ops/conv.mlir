// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @conv(
// SYNTAX: nn.conv %{{.*}}, %{{.*}} strides [2, 2] pads [1, 1, 1, 1] : tensor<1x1x5x5xf32>, tensor<1x1x3x3xf32>
// COUNT: @conv: 153 operations: add 72, multiply 81
// LOWER-LABEL: func @conv(
// LOWER: %[[PADDED:.*]] = tensor.insert_slice %{{.*}} into %{{.*}}[0, 0, 1, 1] [1, 1, 5, 5] [1, 1, 1, 1]
// LOWER: linalg.generic {{.*}}["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]{{.*}} ins(%[[PADDED]]
// LOWER: arith.mulf
// LOWER: arith.addf
func.func @conv(%x: tensor<1x1x5x5xf32>, %weight: tensor<1x1x3x3xf32>) -> tensor<1x1x3x3xf32> {
  %y = nn.conv %x, %weight strides [2, 2] pads [1, 1, 1, 1] : tensor<1x1x5x5xf32>, tensor<1x1x3x3xf32>
  return %y : tensor<1x1x3x3xf32>
}

// The worked example of the counting rules: 153 forward, 153 for the weight, 137 for the input.
// GRADIENT-LABEL: func @conv_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<1x1x5x5xf32>, %[[W:[a-z0-9]+]]: tensor<1x1x3x3xf32>, %[[SEED:[a-z0-9]+]]: tensor<1x1x3x3xf32>
// GRADIENT: nn.broadcast
// GRADIENT: %[[DY:.*]] = nn.mul %{{.*}}, %[[SEED]]
// GRADIENT: %[[DX:.*]] = nn.conv_grad_input %[[DY]], %[[W]] size [5, 5]
// GRADIENT: %[[DW:.*]] = nn.conv_grad_weight %[[X]], %[[DY]] kernel [3, 3]
// GRADIENT: return %[[DX]], %[[DW]]
// COUNT: @conv_gradient: 469 operations: add 208, multiply 261
func.func @conv_gradient(%x: tensor<1x1x5x5xf32>, %weight: tensor<1x1x3x3xf32>, %seed: tensor<1x1x3x3xf32>)
    -> (tensor<1x1x5x5xf32>, tensor<1x1x3x3xf32>) {
  %y = nn.conv %x, %weight strides [2, 2] pads [1, 1, 1, 1] : tensor<1x1x5x5xf32>, tensor<1x1x3x3xf32>
  %weighted = nn.mul %y, %seed : tensor<1x1x3x3xf32>, tensor<1x1x3x3xf32>
  %loss = nn.reduce_sum %weighted over [0, 1, 2, 3] : tensor<1x1x3x3xf32>
  %dx, %dw = train.gradient %loss wrt %x, %weight : tensor<f32> wrt tensor<1x1x5x5xf32>, tensor<1x1x3x3xf32>
  return %dx, %dw : tensor<1x1x5x5xf32>, tensor<1x1x3x3xf32>
}

// Groups, dilation, one pad of its own for each side: 2*6*3*3 outputs of 2*3*2 taps.
// COUNT: @grouped: 2484 operations: add 1188, multiply 1296
// LOWER-LABEL: func @grouped(
// LOWER: linalg.generic
func.func @grouped(%x: tensor<2x4x7x5xf32>, %weight: tensor<6x2x3x2xf32>) -> tensor<2x6x3x3xf32> {
  %y = nn.conv %x, %weight strides [2, 2] dilations [1, 2] pads [1, 0, 0, 2] group 2 : tensor<2x4x7x5xf32>, tensor<6x2x3x2xf32>
  return %y : tensor<2x6x3x3xf32>
}

// As torch.nn.functional.conv2d of the image padded by 2, 0, 1, 1.
// NUMBERS: @values: values agree
func.func @values() -> (tensor<1x3x3x3xf64>, tensor<1x3x3x3xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[2.0, 2.0, -1.25], [-1.0, -1.0, -0.75], [-1.0, 1.25, 1.25], [1.75, -1.75, 0.5], [-1.5, -1.25, -1.75]], [[0.0, 1.0, -1.0], [-1.25, 1.0, 1.25], [0.25, -1.0, 1.5], [0.5, -0.25, 0.0], [2.0, -0.25, 1.5]]]]> : tensor<1x2x5x3xf64>
  %weight = nn.constant dense<[[[[1.0, 1.75], [-1.5, 1.5], [1.5, 2.0]], [[-2.0, 1.5], [1.25, 0.5], [1.0, -2.0]]], [[[-0.75, -1.75], [-1.0, 1.0], [0.25, -1.25]], [[-0.5, -0.75], [-0.25, 1.5], [1.5, 1.5]]], [[[0.75, -0.25], [0.75, 0.5], [0.0, 0.75]], [[1.0, -2.0], [-0.75, -1.75], [1.25, 1.75]]]]> : tensor<3x2x3x2xf64>
  %y = nn.conv %x, %weight strides [2, 1] pads [2, 0, 1, 1] : tensor<1x2x5x3xf64>, tensor<3x2x3x2xf64>
  %expected = nn.constant dense<[[[[5.0, 3.5, -2.875], [9.1875, -1.0625, 6.8125], [-7.8125, 2.125, -3.625]], [[-0.5, 2.0625, -1.8125], [-6.875, 2.3125, 4.4375], [-1.0, 2.3125, -0.375]], [[3.25, -1.4375, -1.25], [-3.5625, 3.0625, -1.5625], [2.8125, -3.25, 4.6875]]]]> : tensor<1x3x3x3xf64>
  return %y, %expected : tensor<1x3x3x3xf64>, tensor<1x3x3x3xf64>
}

// Groups and dilation.
// NUMBERS: @grouped_values: values agree
func.func @grouped_values() -> (tensor<2x2x2x2xf64>, tensor<2x2x2x2xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[-0.25, -2.0, 0.75, 0.5], [-0.75, 1.0, 0.75, 1.25], [-1.5, 1.0, -0.25, -1.0], [-1.0, -1.5, -0.5, -2.0], [0.75, 0.75, 0.25, 2.0]], [[0.75, -0.25, 1.75, -2.0], [-0.5, -1.25, 0.25, 1.75], [1.5, -1.75, -0.5, 0.0], [-0.5, 1.75, -1.5, -0.25], [0.0, -1.25, 0.5, -0.25]], [[-0.5, 0.5, -0.5, -1.75], [-1.75, -1.5, 1.0, 1.5], [-1.0, -1.25, 0.75, 0.25], [-0.25, 1.0, 0.0, 0.75], [-1.75, -0.5, 0.5, 0.75]], [[0.25, -2.0, -1.25, -1.5], [1.25, -1.5, 0.25, 0.0], [0.75, 1.0, 0.0, -0.75], [-1.75, -2.0, 1.5, 2.0], [0.5, 0.75, 2.0, -1.5]]], [[[-1.25, -2.0, 0.75, -0.75], [1.5, -0.5, -2.0, -1.25], [1.25, 1.75, -2.0, 0.25], [0.25, 0.25, 0.25, 0.0], [-1.25, -1.25, 1.5, -0.5]], [[0.75, 1.75, 0.5, -1.0], [-0.25, -1.5, 1.75, 0.25], [0.0, 1.25, 1.25, 2.0], [-2.0, 0.25, 1.0, 2.0], [1.0, -1.5, 0.75, 2.0]], [[-0.75, -1.75, 1.5, -1.0], [0.25, -0.25, 2.0, 1.25], [0.0, 1.75, -2.0, 1.75], [0.5, 0.5, -0.25, -1.0], [-0.75, 1.5, -0.25, -1.25]], [[0.75, 0.25, 1.75, 2.0], [1.75, -1.75, 1.75, -0.5], [-1.5, -2.0, 0.0, 1.75], [0.5, 1.75, 0.5, -1.25], [1.5, 1.25, -1.5, 1.25]]]]> : tensor<2x4x5x4xf64>
  %weight = nn.constant dense<[[[[0.25, 1.25, 1.0], [2.0, 0.5, -1.5]], [[-0.25, -1.75, 2.0], [-1.5, 2.0, 1.0]]], [[[-2.0, -1.5, -1.25], [2.0, -1.0, 2.0]], [[-2.0, -2.0, 1.75], [2.0, 0.0, 1.25]]]]> : tensor<2x2x2x3xf64>
  %y = nn.conv %x, %weight strides [1, 2] dilations [3, 1] pads [0, 1, 0, 1] group 2 : tensor<2x4x5x4xf64>, tensor<2x2x2x3xf64>
  %expected = nn.constant dense<[[[[-1.625, -12.1875], [-3.5625, 7.0625]], [[-4.125, 7.8125], [1.0625, 1.75]]], [[[-5.375, 0.625], [0.5625, -1.3125]], [[4.9375, 3.1875], [-1.3125, -0.125]]]]> : tensor<2x2x2x2xf64>
  return %y, %expected : tensor<2x2x2x2xf64>, tensor<2x2x2x2xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<2x3x7x5xf64>, %weight: tensor<2x3x3x3xf64>) -> tensor<2x2x4x3xf64> attributes {check_gradient} {
  %y = nn.conv %x, %weight strides [2, 2] pads [1, 1, 1, 1] : tensor<2x3x7x5xf64>, tensor<2x3x3x3xf64>
  return %y : tensor<2x2x4x3xf64>
}

// NUMBERS: @grouped_differences: gradient agrees
func.func @grouped_differences(%x: tensor<2x4x7x5xf64>, %weight: tensor<6x2x3x2xf64>) -> tensor<2x6x3x3xf64> attributes {check_gradient} {
  %y = nn.conv %x, %weight strides [2, 2] dilations [1, 2] pads [1, 0, 0, 2] group 2 : tensor<2x4x7x5xf64>, tensor<6x2x3x2xf64>
  return %y : tensor<2x6x3x3xf64>
}

// NUMBERS: @depthwise_differences: gradient agrees
func.func @depthwise_differences(%x: tensor<1x3x5x5xf64>, %weight: tensor<3x1x3x3xf64>) -> tensor<1x3x5x5xf64> attributes {check_gradient} {
  %y = nn.conv %x, %weight pads [1, 1, 1, 1] group 3 : tensor<1x3x5x5xf64>, tensor<3x1x3x3xf64>
  return %y : tensor<1x3x5x5xf64>
}

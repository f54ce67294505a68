// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @conv_grad_weight(
// SYNTAX: nn.conv_grad_weight %{{.*}}, %{{.*}} kernel [3, 3] strides [2, 2] pads [1, 1, 1, 1]
// COUNT: @conv_grad_weight: 153 operations: add 72, multiply 81
// LOWER-LABEL: func @conv_grad_weight(
// LOWER: linalg.generic {{.*}}["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]
func.func @conv_grad_weight(%x: tensor<1x1x5x5xf32>, %dy: tensor<1x1x3x3xf32>) -> tensor<1x1x3x3xf32> {
  %dw = nn.conv_grad_weight %x, %dy kernel [3, 3] strides [2, 2] pads [1, 1, 1, 1] : tensor<1x1x5x5xf32>, tensor<1x1x3x3xf32>
  return %dw : tensor<1x1x3x3xf32>
}

// 1296 products into 6*2*3*2 elements.
// COUNT: @grouped: 2520 operations: add 1224, multiply 1296
func.func @grouped(%x: tensor<2x4x7x5xf32>, %dy: tensor<2x6x3x3xf32>) -> tensor<6x2x3x2xf32> {
  %dw = nn.conv_grad_weight %x, %dy kernel [3, 2] strides [2, 2] dilations [1, 2] pads [1, 0, 0, 2] group 2 : tensor<2x4x7x5xf32>, tensor<2x6x3x3xf32>
  return %dw : tensor<6x2x3x2xf32>
}

// As PyTorch.
// NUMBERS: @values: values agree
func.func @values() -> (tensor<1x2x3x2xf64>, tensor<1x2x3x2xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[-0.5, 0.5, -1.75], [-1.0, 1.75, 2.0], [-1.75, -1.5, -0.75], [0.75, -1.5, -1.75], [-1.5, -1.75, -2.0]], [[-0.75, 0.5, 0.25], [-0.5, -1.0, 0.0], [1.25, 1.0, 0.25], [0.75, 0.25, -2.0], [-0.5, -2.0, 1.75]]], [[[-0.75, 0.5, 0.75], [1.25, -2.0, -0.75], [-1.25, 2.0, -2.0], [-0.25, 0.5, -0.5], [-0.5, -1.5, 1.25]], [[1.25, 2.0, 0.25], [1.0, -0.5, -1.5], [-1.5, 0.5, 1.25], [-1.5, -0.25, -0.5], [-1.25, -1.25, 1.75]]]]> : tensor<2x2x5x3xf64>
  %dy = nn.constant dense<[[[[0.5, -1.0, 0.5], [0.5, -1.25, -1.5], [0.5, 2.0, 0.0]]], [[[-1.75, -0.75, -0.5], [1.25, 0.5, -1.0], [1.0, 1.0, 0.75]]]]> : tensor<2x1x3x3xf64>
  %dw = nn.conv_grad_weight %x, %dy kernel [3, 2] strides [2, 1] pads [2, 0, 1, 1] : tensor<2x2x5x3xf64>, tensor<2x1x3x3xf64>
  %expected = nn.constant dense<[[[[-4.3125, 1.1875], [-7.125, -8.75], [-2.8125, -2.875]], [[3.5, 5.3125], [2.25, -6.5], [-13.875, 0.75]]]]> : tensor<1x2x3x2xf64>
  return %dw, %expected : tensor<1x2x3x2xf64>, tensor<1x2x3x2xf64>
}

// NUMBERS: @grouped_values: values agree
func.func @grouped_values() -> (tensor<2x2x2x3xf64>, tensor<2x2x2x3xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[1.5, 0.75, -1.0, 0.75], [-0.25, 0.0, 1.75, 1.75], [-2.0, 2.0, 2.0, -0.25], [1.5, -1.75, 0.5, -1.75], [0.5, 0.75, 0.5, -1.75]], [[-1.0, -2.0, -2.0, 1.5], [0.25, 1.5, -1.75, 0.25], [-1.25, -2.0, -1.0, -1.5], [1.5, -1.25, -1.75, 0.5], [-0.25, 0.0, -1.75, -0.5]], [[-1.25, 1.75, 1.25, 2.0], [0.0, -1.25, -0.25, -1.5], [-0.25, 0.75, -0.25, 1.5], [-0.5, -1.25, 1.5, -0.25], [-0.5, -1.0, 1.75, -0.25]], [[1.0, 1.25, 1.0, 0.0], [-1.5, 0.0, 1.5, 0.0], [1.75, 0.0, 1.0, -0.75], [-0.5, -0.75, 1.0, 2.0], [0.75, -1.75, 0.25, 1.75]]]]> : tensor<1x4x5x4xf64>
  %dy = nn.constant dense<[[[[-0.25, -1.0], [-1.0, -0.5]], [[0.0, -0.5], [0.0, -0.75]]]]> : tensor<1x2x2x2xf64>
  %dw = nn.conv_grad_weight %x, %dy kernel [2, 3] strides [1, 2] dilations [3, 1] pads [0, 1, 0, 1] group 2 : tensor<1x4x5x4xf64>, tensor<1x2x2x2xf64>
  %expected = nn.constant dense<[[[[-0.75, 0.0, -1.8125], [1.375, -1.625, 2.3125]], [[1.25, 2.875, -2.625], [1.25, 2.5, 0.0625]]], [[[0.0625, -0.4375, 0.125], [1.375, -2.0625, 0.3125]], [[-0.625, -1.625, 0.0], [1.6875, -0.6875, -2.3125]]]]> : tensor<2x2x2x3xf64>
  return %dw, %expected : tensor<2x2x2x3xf64>, tensor<2x2x2x3xf64>
}

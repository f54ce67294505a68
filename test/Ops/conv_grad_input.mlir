// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @conv_grad_input(
// SYNTAX: nn.conv_grad_input %{{.*}}, %{{.*}} size [5, 5] strides [2, 2] pads [1, 1, 1, 1]
// The worked example of the counting rules: 81 + 81 - 25.
// COUNT: @conv_grad_input: 137 operations: add 56, multiply 81
// LOWER-LABEL: func @conv_grad_input(
// LOWER: %[[PADDED:.*]] = linalg.generic {{.*}}["parallel", "parallel", "reduction", "reduction", "reduction", "reduction", "reduction"]
// LOWER: tensor.extract_slice %[[PADDED]][0, 0, 1, 1] [1, 1, 5, 5] [1, 1, 1, 1]
func.func @conv_grad_input(%dy: tensor<1x1x3x3xf32>, %weight: tensor<1x1x3x3xf32>) -> tensor<1x1x5x5xf32> {
  %dx = nn.conv_grad_input %dy, %weight size [5, 5] strides [2, 2] pads [1, 1, 1, 1] : tensor<1x1x3x3xf32>, tensor<1x1x3x3xf32>
  return %dx : tensor<1x1x5x5xf32>
}

// A 1x1 kernel with stride 2 reaches 9 of 25 elements, each once.
// COUNT: @holes: 9 operations: multiply 9
func.func @holes(%dy: tensor<1x1x3x3xf32>, %weight: tensor<1x1x1x1xf32>) -> tensor<1x1x5x5xf32> {
  %dx = nn.conv_grad_input %dy, %weight size [5, 5] strides [2, 2] : tensor<1x1x3x3xf32>, tensor<1x1x1x1xf32>
  return %dx : tensor<1x1x5x5xf32>
}

// 1296 products; 6 of 7 rows and 3 of 5 columns of 2*4 images are reached.
// COUNT: @grouped: 2448 operations: add 1152, multiply 1296
func.func @grouped(%dy: tensor<2x6x3x3xf32>, %weight: tensor<6x2x3x2xf32>) -> tensor<2x4x7x5xf32> {
  %dx = nn.conv_grad_input %dy, %weight size [7, 5] strides [2, 2] dilations [1, 2] pads [1, 0, 0, 2] group 2 : tensor<2x6x3x3xf32>, tensor<6x2x3x2xf32>
  return %dx : tensor<2x4x7x5xf32>
}

// As a transposed convolution: conv of the gradient of dx, and conv_grad_weight of it and dy. 81 products each, for 49 sums forward,
// of which 48 additions make the loss, and for 9 sums in either gradient.
// GRADIENT-LABEL: func @transposed_gradient(
// GRADIENT-SAME: %[[Y:[a-z0-9]+]]: tensor<1x1x3x3xf32>, %[[WEIGHT:[a-z0-9]+]]: tensor<1x1x3x3xf32>
// GRADIENT: %[[DX:.*]] = nn.broadcast {{.*}} to [1, 1, 7, 7]
// GRADIENT: %[[DY:.*]] = nn.conv %[[DX]], %[[WEIGHT]] strides [2, 2]
// GRADIENT: %[[DWEIGHT:.*]] = nn.conv_grad_weight %[[DX]], %[[Y]] kernel [3, 3] strides [2, 2]
// GRADIENT: return %[[DY]], %[[DWEIGHT]]
// COUNT: @transposed_gradient: 467 operations: add 224, multiply 243
func.func @transposed_gradient(%y: tensor<1x1x3x3xf32>, %weight: tensor<1x1x3x3xf32>) -> (tensor<1x1x3x3xf32>, tensor<1x1x3x3xf32>) {
  %x = nn.conv_grad_input %y, %weight size [7, 7] strides [2, 2] : tensor<1x1x3x3xf32>, tensor<1x1x3x3xf32>
  %loss = nn.reduce_sum %x over [0, 1, 2, 3] : tensor<1x1x7x7xf32>
  %dy, %dweight = train.gradient %loss wrt %y, %weight : tensor<f32> wrt tensor<1x1x3x3xf32>, tensor<1x1x3x3xf32>
  return %dy, %dweight : tensor<1x1x3x3xf32>, tensor<1x1x3x3xf32>
}

// As PyTorch.
// NUMBERS: @values: values agree
func.func @values() -> (tensor<1x2x5x3xf64>, tensor<1x2x5x3xf64>) attributes {check_values = 1.0e-12} {
  %dy = nn.constant dense<[[[[0.5, -1.75, 1.25], [-1.75, -2.0, -1.0], [0.0, 2.0, -1.25]], [[-0.25, -1.25, 0.75], [-1.5, -1.5, 2.0], [0.75, -0.25, -1.75]], [[-1.5, -0.75, -1.0], [0.25, -1.25, 0.5], [0.0, 0.75, -0.75]]]]> : tensor<1x3x3x3xf64>
  %weight = nn.constant dense<[[[[0.0, -0.5], [-1.75, -0.75], [1.0, -0.75]], [[2.0, 0.5], [0.25, 2.0], [1.0, -0.75]]], [[[1.25, -0.25], [-0.75, 0.0], [-1.0, 1.5]], [[1.25, -0.75], [-0.5, 0.75], [-1.0, -0.25]]], [[[1.5, 0.25], [-2.0, 1.75], [0.75, 1.25]], [[0.75, -0.25], [-0.75, -1.5], [-0.75, 0.5]]]]> : tensor<3x2x3x2xf64>
  %dx = nn.conv_grad_input %dy, %weight size [5, 3] strides [2, 1] pads [2, 0, 1, 1] : tensor<1x3x3x3xf64>, tensor<3x2x3x2xf64>
  %expected = nn.constant dense<[[[[-1.875, -6.125, 2.5625], [3.6875, 8.875, -1.4375], [0.875, -1.4375, -9.0], [-0.5625, -4.8125, 4.8125], [-0.75, 3.9375, -1.0]], [[-3.3125, -7.625, 3.8125], [0.125, -3.8125, -4.875], [0.5, 5.9375, -6.375], [-0.375, 0.625, 3.8125], [-0.75, 1.5, 0.0]]]]> : tensor<1x2x5x3xf64>
  return %dx, %expected : tensor<1x2x5x3xf64>, tensor<1x2x5x3xf64>
}

// NUMBERS: @grouped_values: values agree
func.func @grouped_values() -> (tensor<1x4x5x4xf64>, tensor<1x4x5x4xf64>) attributes {check_values = 1.0e-12} {
  %dy = nn.constant dense<[[[[1.0, 1.75], [0.0, -0.5]], [[-1.5, -1.0], [0.5, -1.0]]]]> : tensor<1x2x2x2xf64>
  %weight = nn.constant dense<[[[[-1.25, 1.25, 0.25], [1.0, 1.75, 0.75]], [[-0.25, -2.0, 1.0], [-2.0, 0.0, -0.25]]], [[[-1.25, 0.0, -0.25], [0.5, 0.75, -1.5]], [[-2.0, -1.25, 1.75], [-1.5, 0.0, 1.0]]]]> : tensor<2x2x2x3xf64>
  %dx = nn.conv_grad_input %dy, %weight size [5, 4] strides [1, 2] dilations [3, 1] pads [0, 1, 0, 1] group 2 : tensor<1x2x2x2xf64>, tensor<2x2x2x3xf64>
  %expected = nn.constant dense<[[[[1.25, -1.9375, 2.1875, 0.4375], [0.0, 0.625, -0.625, -0.125], [0.0, 0.0, 0.0, 0.0], [1.75, 2.5, 3.0625, 1.3125], [0.0, -0.5, -0.875, -0.375]], [[-2.0, 0.5625, -3.5, 1.75], [0.0, 0.125, 1.0, -0.5], [0.0, 0.0, 0.0, 0.0], [0.0, -3.75, 0.0, -0.4375], [0.0, 1.0, 0.0, 0.125]], [[0.0, 1.625, 0.0, 0.25], [0.0, 1.125, 0.0, 0.25], [0.0, 0.0, 0.0, 0.0], [-1.125, 1.75, -0.75, 1.5], [0.375, -1.25, -0.75, 1.5]], [[1.875, -0.625, 1.25, -1.75], [-0.625, 2.875, 1.25, -1.75], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, -1.0], [0.0, 2.0, 0.0, -1.0]]]]> : tensor<1x4x5x4xf64>
  return %dx, %expected : tensor<1x4x5x4xf64>, tensor<1x4x5x4xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%dy: tensor<2x6x3x3xf64>, %weight: tensor<6x2x3x2xf64>) -> tensor<2x4x7x5xf64> attributes {check_gradient} {
  %dx = nn.conv_grad_input %dy, %weight size [7, 5] strides [2, 2] dilations [1, 2] pads [1, 0, 0, 2] group 2 : tensor<2x6x3x3xf64>, tensor<6x2x3x2xf64>
  return %dx : tensor<2x4x7x5xf64>
}

// Along rows and columns that no tap reaches.
// NUMBERS: @holes_differences: gradient agrees
func.func @holes_differences(%dy: tensor<1x3x3x2xf64>, %weight: tensor<3x5x1x1xf64>) -> tensor<1x5x6x5xf64> attributes {check_gradient} {
  %dx = nn.conv_grad_input %dy, %weight size [6, 5] strides [2, 3] : tensor<1x3x3x2xf64>, tensor<3x5x1x1xf64>
  return %dx : tensor<1x5x6x5xf64>
}

// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @average_pool(
// SYNTAX: nn.average_pool %{{.*}} kernel [2, 2] strides [2, 2] : tensor<1x2x4x6xf32>
// COUNT: @average_pool: 48 operations: add 36, multiply 12
// LOWER-LABEL: func @average_pool(
// LOWER: linalg.generic {{.*}}["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]
// LOWER: arith.addf
// LOWER: linalg.generic
// LOWER: arith.mulf
func.func @average_pool(%x: tensor<1x2x4x6xf32>) -> tensor<1x2x2x3xf32> {
  %y = nn.average_pool %x kernel [2, 2] strides [2, 2] : tensor<1x2x4x6xf32>
  return %y : tensor<1x2x2x3xf32>
}

// Windows do not overlap: the gradient has no addition.
// GRADIENT-LABEL: func @average_pool_gradient(
// GRADIENT: %[[DX:.*]] = nn.average_pool_grad %{{.*}} size [4, 6] kernel [2, 2]
// GRADIENT: return %[[DX]]
// COUNT: @average_pool_gradient: 71 operations: add 47, multiply 24
func.func @average_pool_gradient(%x: tensor<1x2x4x6xf32>) -> tensor<1x2x4x6xf32> {
  %y = nn.average_pool %x kernel [2, 2] strides [2, 2] : tensor<1x2x4x6xf32>
  %loss = nn.reduce_sum %y over [0, 1, 2, 3] : tensor<1x2x2x3xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<1x2x4x6xf32>
  return %dx : tensor<1x2x4x6xf32>
}

// Taps on padding are added, and each output has a divisor of its own.
// COUNT: @padded: 216 operations: add 192, multiply 24
func.func @padded(%x: tensor<1x2x5x7xf32>) -> tensor<1x2x3x4xf32> {
  %y = nn.average_pool %x kernel [3, 3] strides [2, 2] pads [1, 1, 1, 1] : tensor<1x2x5x7xf32>
  return %y : tensor<1x2x3x4xf32>
}

// As torch.nn.functional.avg_pool2d with count_include_pad=False.
// NUMBERS: @excluded_values: values agree
func.func @excluded_values() -> (tensor<1x1x3x4xf64>, tensor<1x1x3x4xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[-1.5, 0.0, 1.0, 1.0, 1.75, 0.0, -0.5], [-1.5, -1.0, 0.5, -1.0, -0.5, 0.5, -1.75], [-1.0, 1.75, 2.0, -1.75, -1.5, -0.75, 0.75], [-1.5, -1.75, -1.5, -1.75, -2.0, -0.75, 0.5], [0.25, -0.5, -1.0, 0.0, 1.25, 1.0, 0.25]]]]> : tensor<1x1x5x7xf64>
  %y = nn.average_pool %x kernel [3, 3] strides [2, 2] pads [1, 1, 1, 1] : tensor<1x1x5x7xf64>
  %expected = nn.constant dense<[[[[-1.0, 0.08333333333333333, 0.2916666666666667, -0.4375], [-0.8333333333333334, -0.5, -1.0555555555555556, -0.25], [-0.875, -1.0833333333333333, -0.375, 0.25]]]]> : tensor<1x1x3x4xf64>
  return %y, %expected : tensor<1x1x3x4xf64>, tensor<1x1x3x4xf64>
}

// As torch.nn.functional.avg_pool2d with count_include_pad=True.
// NUMBERS: @included_values: values agree
func.func @included_values() -> (tensor<1x1x3x4xf64>, tensor<1x1x3x4xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[-1.5, 0.0, 1.0, 1.0, 1.75, 0.0, -0.5], [-1.5, -1.0, 0.5, -1.0, -0.5, 0.5, -1.75], [-1.0, 1.75, 2.0, -1.75, -1.5, -0.75, 0.75], [-1.5, -1.75, -1.5, -1.75, -2.0, -0.75, 0.5], [0.25, -0.5, -1.0, 0.0, 1.25, 1.0, 0.25]]]]> : tensor<1x1x5x7xf64>
  %y = nn.average_pool %x kernel [3, 3] strides [2, 2] pads [1, 1, 1, 1] count_include_pad true : tensor<1x1x5x7xf64>
  %expected = nn.constant dense<[[[[-0.4444444444444444, 0.05555555555555555, 0.19444444444444445, -0.19444444444444445], [-0.5555555555555556, -0.5, -1.0555555555555556, -0.16666666666666666], [-0.3888888888888889, -0.7222222222222222, -0.25, 0.1111111111111111]]]]> : tensor<1x1x3x4xf64>
  return %y, %expected : tensor<1x1x3x4xf64>, tensor<1x1x3x4xf64>
}

// Taps beyond the declared padding are never part of the mean.
// NUMBERS: @ceil_values: values agree
func.func @ceil_values() -> (tensor<1x1x4x3xf64>, tensor<1x1x4x3xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[0.75, 0.25, -2.0, -0.5, -2.0], [1.75, -0.75, 0.5, 0.75, 1.25], [-2.0, -0.75, -1.25, 2.0, -2.0], [-0.25, 0.5, -0.5, -0.5, -1.5], [1.25, 1.25, 2.0, 0.25, 1.0], [-0.5, -1.5, -1.5, 0.5, 1.25]]]]> : tensor<1x1x6x5xf64>
  %y = nn.average_pool %x kernel [3, 2] strides [2, 2] pads [1, 1, 1, 1] ceil true count_include_pad true : tensor<1x1x6x5xf64>
  %expected = nn.constant dense<[[[[0.4166666666666667, -0.3333333333333333, -0.08333333333333333], [-0.08333333333333333, -0.375, 0.0], [0.08333333333333333, 0.041666666666666664, 0.16666666666666666], [-0.125, -0.75, 0.4375]]]]> : tensor<1x1x4x3xf64>
  return %y, %expected : tensor<1x1x4x3xf64>, tensor<1x1x4x3xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<2x2x5x7xf64>) -> tensor<2x2x3x4xf64> attributes {check_gradient} {
  %y = nn.average_pool %x kernel [3, 3] strides [2, 2] pads [1, 1, 1, 1] : tensor<2x2x5x7xf64>
  return %y : tensor<2x2x3x4xf64>
}

// NUMBERS: @ceil_differences: gradient agrees
func.func @ceil_differences(%x: tensor<1x1x6x5xf64>) -> tensor<1x1x4x3xf64> attributes {check_gradient} {
  %y = nn.average_pool %x kernel [3, 2] strides [2, 2] pads [1, 1, 1, 1] ceil true count_include_pad true : tensor<1x1x6x5xf64>
  return %y : tensor<1x1x4x3xf64>
}

// Dilation and a pad of its own for each side: 2*2*3*4 outputs of 6 taps.
// COUNT: @dilated: 288 operations: add 240, multiply 48
func.func @dilated(%x: tensor<2x2x7x5xf32>) -> tensor<2x2x3x4xf32> {
  %y = nn.average_pool %x kernel [2, 3] strides [2, 1] dilations [2, 1] pads [1, 0, 0, 1] : tensor<2x2x7x5xf32>
  return %y : tensor<2x2x3x4xf32>
}

// NUMBERS: @dilated_differences: gradient agrees
func.func @dilated_differences(%x: tensor<2x2x7x5xf64>) -> tensor<2x2x3x4xf64> attributes {check_gradient} {
  %y = nn.average_pool %x kernel [2, 3] strides [2, 1] dilations [2, 1] pads [1, 0, 0, 1] : tensor<2x2x7x5xf64>
  return %y : tensor<2x2x3x4xf64>
}

// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-opt %s --canonicalize | FileCheck %s --check-prefix=UNUSED
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @max_pool_training(
// SYNTAX: %{{.*}}, %{{.*}} = nn.max_pool_training %{{.*}} kernel [3, 3] strides [2, 2] pads [1, 1, 1, 1]
// COUNT: @max_pool_training: 384 operations: compare 192, maximum 192
// LOWER-LABEL: func @max_pool_training(
// LOWER: linalg.generic
// LOWER: arith.cmpf ogt
// LOWER: arith.maximumf
// LOWER: arith.select {{.*}} : index
// UNUSED-LABEL: func @max_pool_training(
// UNUSED: nn.max_pool_training
func.func @max_pool_training(%x: tensor<1x2x5x7xf32>) -> (tensor<1x2x3x4xf32>, tensor<1x2x3x4xindex>) {
  %y, %position = nn.max_pool_training %x kernel [3, 3] strides [2, 2] pads [1, 1, 1, 1] : tensor<1x2x5x7xf32>
  return %y, %position : tensor<1x2x3x4xf32>, tensor<1x2x3x4xindex>
}

// UNUSED-LABEL: func @unused(
// UNUSED: nn.max_pool %{{.*}} kernel [2, 2] strides [2, 2]
func.func @unused(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x2x2xf32> {
  %y, %position = nn.max_pool_training %x kernel [2, 2] strides [2, 2] : tensor<1x1x4x4xf32>
  return %y : tensor<1x1x2x2xf32>
}

// GRADIENT-LABEL: func @max_pool_gradient(
// GRADIENT: %{{.*}}, %[[POSITION:.*]] = nn.max_pool_training
// GRADIENT: %[[DX:.*]] = nn.max_pool_grad %{{.*}} at %[[POSITION]] size [5, 7]
// GRADIENT: return %[[DX]]
// COUNT: @max_pool_gradient: 479 operations: add 47, compare 192, maximum 192, multiply 48
func.func @max_pool_gradient(%x: tensor<1x2x5x7xf32>, %seed: tensor<1x2x3x4xf32>) -> tensor<1x2x5x7xf32> {
  %y, %position = nn.max_pool_training %x kernel [3, 3] strides [2, 2] pads [1, 1, 1, 1] : tensor<1x2x5x7xf32>
  %weighted = nn.mul %y, %seed : tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>
  %loss = nn.reduce_sum %weighted over [0, 1, 2, 3] : tensor<1x2x3x4xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<1x2x5x7xf32>
  return %dx : tensor<1x2x5x7xf32>
}

// As torch.nn.functional.max_pool2d with return_indices; many of these values are ties.
// NUMBERS: @values: values agree
func.func @values() -> (tensor<1x2x3x4xf64>, tensor<1x2x3x4xindex>, tensor<1x2x3x4xf64>, tensor<1x2x3x4xindex>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[0.0, 0.75, -1.75, -0.5, 0.5, 0.75, 0.25], [-2.0, -1.25, -1.5, 1.25, -1.5, 0.25, 0.0], [0.75, 1.0, 0.0, -0.75, -1.75, -2.0, 1.5], [2.0, 0.5, 0.75, 2.0, -1.5, -1.25, -2.0], [0.75, -0.75, 1.5, -0.5, -2.0, -1.25, 1.25]], [[1.75, -2.0, 0.25, 0.25, 0.25, 0.25, 0.0], [-1.25, -1.25, 1.5, -0.5, 0.75, 1.75, 0.5], [-1.0, -0.25, -1.5, 1.75, 0.25, 0.0, 1.25], [1.25, 2.0, -2.0, 0.25, 1.0, 2.0, 1.0], [-1.5, 0.75, 2.0, -0.75, -1.75, 1.5, -1.0]]]]> : tensor<1x2x5x7xf64>
  %y, %position = nn.max_pool_training %x kernel [3, 3] strides [2, 2] pads [1, 1, 1, 1] : tensor<1x2x5x7xf64>
  %expected0 = nn.constant dense<[[[[0.75, 1.25, 1.25, 0.75], [2.0, 2.0, 2.0, 1.5], [2.0, 2.0, 2.0, 1.25]], [[1.75, 1.5, 1.75, 1.75], [2.0, 2.0, 2.0, 2.0], [2.0, 2.0, 2.0, 2.0]]]]> : tensor<1x2x3x4xf64>
  %expected1 = nn.constant dense<[[[[1, 10, 10, 5], [21, 24, 24, 20], [21, 24, 24, 34]], [[0, 9, 12, 12], [22, 22, 26, 26], [22, 22, 26, 26]]]]> : tensor<1x2x3x4xindex>
  return %y, %position, %expected0, %expected1 : tensor<1x2x3x4xf64>, tensor<1x2x3x4xindex>, tensor<1x2x3x4xf64>, tensor<1x2x3x4xindex>
}

// NUMBERS: @ceil_values: values agree
func.func @ceil_values() -> (tensor<2x1x2x3xf64>, tensor<2x1x2x3xindex>, tensor<2x1x2x3xf64>, tensor<2x1x2x3xindex>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[0.25, -0.25, 2.0, 1.25, 0.0], [1.75, -2.0, 1.75, 0.5, 0.5], [-0.25, -1.0, -0.75, 1.5, -0.25], [-1.25, 0.75, 0.25, 1.75, 2.0], [1.75, -1.75, 1.75, -0.5, -1.5]]], [[[-2.0, 0.0, 1.75, 0.5, 1.75], [0.5, -1.25, 1.5, 1.25, -1.5], [1.25, 0.25, 1.25, 1.0, 2.0], [0.5, -1.5, -0.25, -1.75, 2.0], [-1.5, 2.0, 1.0, -2.0, -1.5]]]]> : tensor<2x1x5x5xf64>
  %y, %position = nn.max_pool_training %x kernel [3, 2] strides [3, 2] ceil true : tensor<2x1x5x5xf64>
  %expected0 = nn.constant dense<[[[[1.75, 2.0, 0.5], [1.75, 1.75, 2.0]]], [[[1.25, 1.75, 2.0], [2.0, 1.0, 2.0]]]]> : tensor<2x1x2x3xf64>
  %expected1 = nn.constant dense<[[[[5, 2, 9], [20, 18, 19]]], [[[10, 2, 14], [21, 22, 19]]]]> : tensor<2x1x2x3xindex>
  return %y, %position, %expected0, %expected1 : tensor<2x1x2x3xf64>, tensor<2x1x2x3xindex>, tensor<2x1x2x3xf64>, tensor<2x1x2x3xindex>
}

// A NaN is kept in y, its position is that of the maximum before it; the first of equal maxima is chosen.
// NUMBERS: @specials: values agree
func.func @specials() -> (tensor<1x1x2x1xf64>, tensor<1x1x2x1xindex>, tensor<1x1x2x1xf64>, tensor<1x1x2x1xindex>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[1.0, 0x7FF8000000000000, 7.0], [0.0, 2.0, 2.0]]]]> : tensor<1x1x2x3xf64>
  %y, %position = nn.max_pool_training %x kernel [1, 3] : tensor<1x1x2x3xf64>
  %expected0 = nn.constant dense<[[[[0x7FF8000000000000], [2.0]]]]> : tensor<1x1x2x1xf64>
  %expected1 = nn.constant dense<[[[[0], [4]]]]> : tensor<1x1x2x1xindex>
  return %y, %position, %expected0, %expected1 : tensor<1x1x2x1xf64>, tensor<1x1x2x1xindex>, tensor<1x1x2x1xf64>, tensor<1x1x2x1xindex>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<2x2x5x7xf64>) -> tensor<2x2x3x4xf64> attributes {check_gradient} {
  %y, %position = nn.max_pool_training %x kernel [3, 3] strides [2, 2] pads [1, 1, 1, 1] : tensor<2x2x5x7xf64>
  return %y : tensor<2x2x3x4xf64>
}

// NUMBERS: @even_differences: gradient agrees
func.func @even_differences(%x: tensor<1x3x6x4xf64>) -> tensor<1x3x3x2xf64> attributes {check_gradient} {
  %y, %position = nn.max_pool_training %x kernel [2, 2] strides [2, 2] : tensor<1x3x6x4xf64>
  return %y : tensor<1x3x3x2xf64>
}

// Dilation and a pad of its own for each side: 2*2*3*4 outputs of 6 taps.
// COUNT: @dilated: 480 operations: compare 240, maximum 240
func.func @dilated(%x: tensor<2x2x7x5xf32>) -> (tensor<2x2x3x4xf32>, tensor<2x2x3x4xindex>) {
  %y, %position = nn.max_pool_training %x kernel [2, 3] strides [2, 1] dilations [2, 1] pads [1, 0, 0, 1] : tensor<2x2x7x5xf32>
  return %y, %position : tensor<2x2x3x4xf32>, tensor<2x2x3x4xindex>
}

// NUMBERS: @dilated_differences: gradient agrees
func.func @dilated_differences(%x: tensor<2x2x7x5xf64>) -> tensor<2x2x3x4xf64> attributes {check_gradient} {
  %y, %position = nn.max_pool_training %x kernel [2, 3] strides [2, 1] dilations [2, 1] pads [1, 0, 0, 1] : tensor<2x2x7x5xf64>
  return %y : tensor<2x2x3x4xf64>
}

// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @max_pool(
// SYNTAX: nn.max_pool %{{.*}} kernel [3, 3] strides [2, 2] pads [1, 1, 1, 1] : tensor<1x2x5x7xf32>
// COUNT: @max_pool: 192 operations: maximum 192
// LOWER-LABEL: func @max_pool(
// LOWER: arith.constant 0xFF800000 : f32
// LOWER: linalg.generic {{.*}}["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]
// LOWER: arith.maximumf
func.func @max_pool(%x: tensor<1x2x5x7xf32>) -> tensor<1x2x3x4xf32> {
  %y = nn.max_pool %x kernel [3, 3] strides [2, 2] pads [1, 1, 1, 1] : tensor<1x2x5x7xf32>
  return %y : tensor<1x2x3x4xf32>
}

// COUNT: @ceil: 27 operations: maximum 27
func.func @ceil(%x: tensor<1x1x5x5xf32>) -> tensor<1x1x3x3xf32> {
  %y = nn.max_pool %x kernel [2, 2] strides [2, 2] ceil true : tensor<1x1x5x5xf32>
  return %y : tensor<1x1x3x3xf32>
}

// As torch.nn.functional.max_pool2d.
// NUMBERS: @values: values agree
func.func @values() -> (tensor<1x2x3x4xf64>, tensor<1x2x3x4xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[-9.0, 2.0, -1.25, -1.0, -1.0, -0.75, -1.0], [1.25, 1.25, 1.75, -1.75, 0.5, -1.5, -1.25], [-1.75, 0.0, 1.0, -1.0, -1.25, 1.0, 1.25], [0.25, -1.0, 1.5, 0.5, -0.25, 0.0, 2.0], [-0.25, 1.5, 1.0, 1.75, -1.5, 1.5, 1.5]], [[2.0, -2.0, 1.5, 1.25, 0.5, 1.0, -2.0], [-0.75, -1.75, -1.0, 1.0, 0.25, -1.25, -0.5], [-0.75, -0.25, 1.5, 1.5, 1.5, 0.75, -0.25], [0.75, 0.5, 0.0, 0.75, 1.0, -2.0, -0.75], [-1.75, 1.25, 1.75, -0.25, -2.0, 0.75, 0.5]]]]> : tensor<1x2x5x7xf64>
  %y = nn.max_pool %x kernel [3, 3] strides [2, 2] pads [1, 1, 1, 1] : tensor<1x2x5x7xf64>
  %expected = nn.constant dense<[[[[2.0, 2.0, 0.5, -0.75], [1.25, 1.75, 1.0, 2.0], [1.5, 1.75, 1.75, 2.0]], [[2.0, 1.5, 1.25, 1.0], [0.75, 1.5, 1.5, 0.75], [1.25, 1.75, 1.0, 0.75]]]]> : tensor<1x2x3x4xf64>
  return %y, %expected : tensor<1x2x3x4xf64>, tensor<1x2x3x4xf64>
}

// The windows of the last row and column reach beyond the image.
// NUMBERS: @ceil_values: values agree
func.func @ceil_values() -> (tensor<2x1x2x3xf64>, tensor<2x1x2x3xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[-0.75, 1.0, 0.75, 1.25, -1.5], [1.0, -0.25, -1.0, -1.0, -1.5], [-0.5, -2.0, 0.75, 0.75, 0.25], [2.0, 0.75, -0.25, 1.75, -2.0], [-0.5, -1.25, 0.25, 1.75, 1.5]]], [[[-1.75, -0.5, 0.0, -0.5, 1.75], [-1.5, -0.25, 0.0, -1.25, 0.5], [-0.25, -0.5, 0.5, -0.5, -1.75], [-1.75, -1.5, 1.0, 1.5, -1.0], [-1.25, 0.75, 0.25, -0.25, 1.0]]]]> : tensor<2x1x5x5xf64>
  %y = nn.max_pool %x kernel [3, 2] strides [3, 2] ceil true : tensor<2x1x5x5xf64>
  %expected = nn.constant dense<[[[[1.0, 1.25, 0.25], [2.0, 1.75, 1.5]]], [[[-0.25, 0.5, 1.75], [0.75, 1.5, 1.0]]]]> : tensor<2x1x2x3xf64>
  return %y, %expected : tensor<2x1x2x3xf64>, tensor<2x1x2x3xf64>
}

// No window starts in the padding behind the image.
// NUMBERS: @ceil_drops_values: values agree
func.func @ceil_drops_values() -> (tensor<2x1x2x2xf64>, tensor<2x1x2x2xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[-0.75, 1.0, 0.75, 1.25, -1.5], [1.0, -0.25, -1.0, -1.0, -1.5], [-0.5, -2.0, 0.75, 0.75, 0.25], [2.0, 0.75, -0.25, 1.75, -2.0], [-0.5, -1.25, 0.25, 1.75, 1.5]]], [[[-1.75, -0.5, 0.0, -0.5, 1.75], [-1.5, -0.25, 0.0, -1.25, 0.5], [-0.25, -0.5, 0.5, -0.5, -1.75], [-1.75, -1.5, 1.0, 1.5, -1.0], [-1.25, 0.75, 0.25, -0.25, 1.0]]]]> : tensor<2x1x5x5xf64>
  %y = nn.max_pool %x kernel [2, 2] strides [4, 4] pads [1, 1, 1, 1] ceil true : tensor<2x1x5x5xf64>
  %expected = nn.constant dense<[[[[-0.75, 1.25], [2.0, 1.75]]], [[[-1.75, 1.75], [-1.25, 1.5]]]]> : tensor<2x1x2x2xf64>
  return %y, %expected : tensor<2x1x2x2xf64>, tensor<2x1x2x2xf64>
}

// NUMBERS: @dilated_values: values agree
func.func @dilated_values() -> (tensor<2x1x3x3xf64>, tensor<2x1x3x3xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[-0.75, 1.0, 0.75, 1.25, -1.5], [1.0, -0.25, -1.0, -1.0, -1.5], [-0.5, -2.0, 0.75, 0.75, 0.25], [2.0, 0.75, -0.25, 1.75, -2.0], [-0.5, -1.25, 0.25, 1.75, 1.5]]], [[[-1.75, -0.5, 0.0, -0.5, 1.75], [-1.5, -0.25, 0.0, -1.25, 0.5], [-0.25, -0.5, 0.5, -0.5, -1.75], [-1.75, -1.5, 1.0, 1.5, -1.0], [-1.25, 0.75, 0.25, -0.25, 1.0]]]]> : tensor<2x1x5x5xf64>
  %y = nn.max_pool %x kernel [2, 2] dilations [2, 2] : tensor<2x1x5x5xf64>
  %expected = nn.constant dense<[[[[0.75, 1.25, 0.75], [2.0, 1.75, -0.25], [0.75, 1.75, 1.5]]], [[[0.5, -0.5, 1.75], [1.0, 1.5, 1.0], [0.5, 0.75, 1.0]]]]> : tensor<2x1x3x3xf64>
  return %y, %expected : tensor<2x1x3x3xf64>, tensor<2x1x3x3xf64>
}

// A NaN is kept, nothing is below -infinity.
// NUMBERS: @specials: values agree
func.func @specials() -> (tensor<1x1x1x3xf64>, tensor<1x1x1x3xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[0xFFF0000000000000, 0xFFF0000000000000, 1.0, 0x7FF8000000000000, 2.0, 3.0]]]]> : tensor<1x1x1x6xf64>
  %y = nn.max_pool %x kernel [1, 2] strides [1, 2] : tensor<1x1x1x6xf64>
  %expected = nn.constant dense<[[[[0xFFF0000000000000, 0x7FF8000000000000, 3.0]]]]> : tensor<1x1x1x3xf64>
  return %y, %expected : tensor<1x1x1x3xf64>, tensor<1x1x1x3xf64>
}

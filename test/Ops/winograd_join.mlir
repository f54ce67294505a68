// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// 3*2*2 tiles of (4 + 2) * 4 operations, two of four cut off.
// SYNTAX-LABEL: func @winograd_join(
// SYNTAX: nn.winograd_join {{.*}} output_2 size [3, 4] : tensor<1x3x2x2xf32>
// COUNT: @winograd_join: 288 operations: add 216, subtract 72
// LOWER-LABEL: func @winograd_join(
// LOWER: linalg.generic
// LOWER: tensor.extract_slice
func.func @winograd_join(%p0: tensor<1x3x2x2xf32>, %p1: tensor<1x3x2x2xf32>, %p2: tensor<1x3x2x2xf32>, %p3: tensor<1x3x2x2xf32>, %p4: tensor<1x3x2x2xf32>, %p5: tensor<1x3x2x2xf32>, %p6: tensor<1x3x2x2xf32>, %p7: tensor<1x3x2x2xf32>, %p8: tensor<1x3x2x2xf32>, %p9: tensor<1x3x2x2xf32>, %p10: tensor<1x3x2x2xf32>, %p11: tensor<1x3x2x2xf32>, %p12: tensor<1x3x2x2xf32>, %p13: tensor<1x3x2x2xf32>, %p14: tensor<1x3x2x2xf32>, %p15: tensor<1x3x2x2xf32>) -> tensor<1x3x3x4xf32> {
  %x = nn.winograd_join %p0, %p1, %p2, %p3, %p4, %p5, %p6, %p7, %p8, %p9, %p10, %p11, %p12, %p13, %p14, %p15 output_2 size [3, 4] : tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>
  return %x : tensor<1x3x3x4xf32>
}

// By NumPy, from the matrices of the paper.
// NUMBERS: @values_output_2: values agree
func.func @values_output_2() -> (tensor<1x2x3x4xf64>, tensor<1x2x3x4xf64>) attributes {check_values = 1.0e-12} {
  %all = nn.constant dense<[[[[-2.0, -1.75], [-1.25, -0.25]], [[0.5, 2.0], [1.5, -1.0]], [[0.5, 1.75], [-1.5, 1.5]], [[-0.5, 1.25], [-0.75, 0.5]], [[0.0, -1.5], [1.0, 1.25]], [[-0.0, -0.5], [1.75, -0.5]], [[1.5, -0.25], [-0.5, -0.5]], [[-1.75, -1.0], [-1.0, -1.75]], [[0.25, -0.25], [-2.0, -1.5]], [[1.75, -1.5], [-0.5, 1.75]], [[-1.5, -0.25], [1.25, -2.0]], [[-1.75, 1.75], [0.75, -1.0]], [[-0.0, -1.0], [1.5, 1.75]], [[-1.75, 0.0], [-1.25, -0.5]], [[1.0, 0.75], [-1.25, -0.75]], [[-0.25, -0.5], [0.75, 1.25]], [[-0.75, -0.25], [-1.75, -0.5]], [[1.75, 0.0], [0.25, 0.5]], [[0.25, 1.25], [-1.0, -0.75]], [[1.5, -0.0], [1.75, -1.5]], [[1.25, -0.0], [-0.0, 1.5]], [[-1.5, 0.0], [-1.0, -0.75]], [[1.25, -0.5], [1.25, -2.0]], [[2.0, 1.75], [0.75, -1.25]], [[0.75, -1.25], [-0.5, -1.75]], [[-1.75, -1.25], [-1.25, 1.25]], [[-1.0, 1.25], [-2.0, -1.75]], [[-1.75, 1.75], [1.25, -2.0]], [[1.75, -1.0], [-1.0, 0.25]], [[-1.25, 2.0], [-0.5, 0.25]], [[0.25, -0.75], [1.0, 2.0]], [[0.5, -1.75], [1.25, 0.75]]]]> : tensor<1x32x2x2xf64>
  %p0 = nn.slice %all from [0, 0, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x2x2xf64>
  %p1 = nn.slice %all from [0, 2, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x2x2xf64>
  %p2 = nn.slice %all from [0, 4, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x2x2xf64>
  %p3 = nn.slice %all from [0, 6, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x2x2xf64>
  %p4 = nn.slice %all from [0, 8, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x2x2xf64>
  %p5 = nn.slice %all from [0, 10, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x2x2xf64>
  %p6 = nn.slice %all from [0, 12, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x2x2xf64>
  %p7 = nn.slice %all from [0, 14, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x2x2xf64>
  %p8 = nn.slice %all from [0, 16, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x2x2xf64>
  %p9 = nn.slice %all from [0, 18, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x2x2xf64>
  %p10 = nn.slice %all from [0, 20, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x2x2xf64>
  %p11 = nn.slice %all from [0, 22, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x2x2xf64>
  %p12 = nn.slice %all from [0, 24, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x2x2xf64>
  %p13 = nn.slice %all from [0, 26, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x2x2xf64>
  %p14 = nn.slice %all from [0, 28, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x2x2xf64>
  %p15 = nn.slice %all from [0, 30, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x2x2xf64>
  %y = nn.winograd_join %p0, %p1, %p2, %p3, %p4, %p5, %p6, %p7, %p8, %p9, %p10, %p11, %p12, %p13, %p14, %p15 output_2 size [3, 4] : tensor<1x2x2x2xf64>, tensor<1x2x2x2xf64>, tensor<1x2x2x2xf64>, tensor<1x2x2x2xf64>, tensor<1x2x2x2xf64>, tensor<1x2x2x2xf64>, tensor<1x2x2x2xf64>, tensor<1x2x2x2xf64>, tensor<1x2x2x2xf64>, tensor<1x2x2x2xf64>, tensor<1x2x2x2xf64>, tensor<1x2x2x2xf64>, tensor<1x2x2x2xf64>, tensor<1x2x2x2xf64>, tensor<1x2x2x2xf64>, tensor<1x2x2x2xf64>
  %expected = nn.constant dense<[[[[-2.0, 1.75, -2.0, 5.25], [-0.5, -3.25, -3.5, 2.25], [-3.75, -4.25, 1.0, -9.0]], [[0.0, 2.5, 3.0, 3.75], [-8.25, -5.25, 2.75, -2.5], [2.5, 2.75, -2.5, -2.0]]]]> : tensor<1x2x3x4xf64>
  return %y, %expected : tensor<1x2x3x4xf64>, tensor<1x2x3x4xf64>
}

// NUMBERS: @values_filter_2_adjoint: values agree
func.func @values_filter_2_adjoint() -> (tensor<1x2x3x3xf64>, tensor<1x2x3x3xf64>) attributes {check_values = 1.0e-12} {
  %all = nn.constant dense<[[[[-0.0]], [[0.5]], [[-1.0]], [[-0.75]], [[0.0]], [[-1.75]], [[0.25]], [[-1.25]], [[-1.0]], [[1.5]], [[0.25]], [[-1.0]], [[0.75]], [[2.0]], [[1.5]], [[1.25]], [[-0.75]], [[0.25]], [[0.25]], [[-1.75]], [[0.75]], [[0.0]], [[0.0]], [[1.0]], [[-1.75]], [[-1.25]], [[2.0]], [[-0.75]], [[-1.0]], [[-1.75]], [[-0.75]], [[0.25]]]]> : tensor<1x32x1x1xf64>
  %p0 = nn.slice %all from [0, 0, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x1x1xf64>
  %p1 = nn.slice %all from [0, 2, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x1x1xf64>
  %p2 = nn.slice %all from [0, 4, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x1x1xf64>
  %p3 = nn.slice %all from [0, 6, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x1x1xf64>
  %p4 = nn.slice %all from [0, 8, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x1x1xf64>
  %p5 = nn.slice %all from [0, 10, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x1x1xf64>
  %p6 = nn.slice %all from [0, 12, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x1x1xf64>
  %p7 = nn.slice %all from [0, 14, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x1x1xf64>
  %p8 = nn.slice %all from [0, 16, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x1x1xf64>
  %p9 = nn.slice %all from [0, 18, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x1x1xf64>
  %p10 = nn.slice %all from [0, 20, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x1x1xf64>
  %p11 = nn.slice %all from [0, 22, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x1x1xf64>
  %p12 = nn.slice %all from [0, 24, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x1x1xf64>
  %p13 = nn.slice %all from [0, 26, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x1x1xf64>
  %p14 = nn.slice %all from [0, 28, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x1x1xf64>
  %p15 = nn.slice %all from [0, 30, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x32x1x1xf64>
  %y = nn.winograd_join %p0, %p1, %p2, %p3, %p4, %p5, %p6, %p7, %p8, %p9, %p10, %p11, %p12, %p13, %p14, %p15 filter_2_adjoint size [3, 3] : tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>
  %expected = nn.constant dense<[[[[-0.875, -0.75, 1.0], [-0.125, 0.0, 0.75], [-1.625, 1.25, 1.0]], [[-0.0625, -0.6875, -1.5625], [1.3125, -0.3125, 0.8125], [-1.8125, -0.6875, -0.0625]]]]> : tensor<1x2x3x3xf64>
  return %y, %expected : tensor<1x2x3x3xf64>, tensor<1x2x3x3xf64>
}

// NUMBERS: @values_output_4: values agree
func.func @values_output_4() -> (tensor<1x2x4x5xf64>, tensor<1x2x4x5xf64>) attributes {check_values = 1.0e-12} {
  %all = nn.constant dense<[[[[-1.75, -0.75]], [[-1.0, -1.5]], [[1.25, 1.75]], [[1.75, -0.25]], [[-1.75, -0.5]], [[0.0, -0.5]], [[1.0, 1.0]], [[1.5, -0.0]], [[-1.0, 1.75]], [[1.5, -1.5]], [[-1.25, 0.75]], [[1.25, 1.75]], [[-2.0, -1.25]], [[-0.25, 0.25]], [[1.0, 0.25]], [[0.0, -1.0]], [[0.5, 0.25]], [[1.75, -1.25]], [[-1.5, -0.5]], [[-0.75, -0.25]], [[-1.25, 0.75]], [[1.25, -2.0]], [[1.75, -1.75]], [[-0.75, -0.0]], [[-0.25, -1.25]], [[1.0, 1.25]], [[-1.0, -1.25]], [[0.0, -1.5]], [[1.75, 1.5]], [[1.25, -0.25]], [[1.25, -0.5]], [[-0.25, -1.5]], [[-1.75, 0.75]], [[-1.25, 1.75]], [[0.25, 0.25]], [[1.5, -0.75]], [[-2.0, -1.0]], [[-0.25, -1.5]], [[-1.0, 1.0]], [[-0.5, -0.75]], [[-1.0, 0.25]], [[2.0, -1.25]], [[1.25, 1.0]], [[0.5, 0.25]], [[0.0, -1.5]], [[0.25, 2.0]], [[1.0, -0.25]], [[-0.25, 1.5]], [[-2.0, -1.25]], [[1.75, 0.5]], [[1.25, 0.25]], [[-1.75, 0.25]], [[0.5, -1.75]], [[-0.0, 1.75]], [[-1.75, -1.75]], [[-1.5, 0.75]], [[1.5, -1.5]], [[1.5, -1.0]], [[0.25, 1.0]], [[-1.5, -0.0]], [[1.5, -0.5]], [[1.25, -0.25]], [[1.75, -0.5]], [[1.25, -1.75]], [[-0.75, -1.5]], [[-0.5, -0.5]], [[-1.0, -0.25]], [[0.75, 0.25]], [[-1.0, 0.75]], [[0.75, -0.25]], [[-0.25, -1.25]], [[1.25, -0.5]]]]> : tensor<1x72x1x2xf64>
  %p0 = nn.slice %all from [0, 0, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p1 = nn.slice %all from [0, 2, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p2 = nn.slice %all from [0, 4, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p3 = nn.slice %all from [0, 6, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p4 = nn.slice %all from [0, 8, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p5 = nn.slice %all from [0, 10, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p6 = nn.slice %all from [0, 12, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p7 = nn.slice %all from [0, 14, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p8 = nn.slice %all from [0, 16, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p9 = nn.slice %all from [0, 18, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p10 = nn.slice %all from [0, 20, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p11 = nn.slice %all from [0, 22, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p12 = nn.slice %all from [0, 24, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p13 = nn.slice %all from [0, 26, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p14 = nn.slice %all from [0, 28, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p15 = nn.slice %all from [0, 30, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p16 = nn.slice %all from [0, 32, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p17 = nn.slice %all from [0, 34, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p18 = nn.slice %all from [0, 36, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p19 = nn.slice %all from [0, 38, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p20 = nn.slice %all from [0, 40, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p21 = nn.slice %all from [0, 42, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p22 = nn.slice %all from [0, 44, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p23 = nn.slice %all from [0, 46, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p24 = nn.slice %all from [0, 48, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p25 = nn.slice %all from [0, 50, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p26 = nn.slice %all from [0, 52, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p27 = nn.slice %all from [0, 54, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p28 = nn.slice %all from [0, 56, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p29 = nn.slice %all from [0, 58, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p30 = nn.slice %all from [0, 60, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p31 = nn.slice %all from [0, 62, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p32 = nn.slice %all from [0, 64, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p33 = nn.slice %all from [0, 66, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p34 = nn.slice %all from [0, 68, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %p35 = nn.slice %all from [0, 70, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x2xf64>
  %y = nn.winograd_join %p0, %p1, %p2, %p3, %p4, %p5, %p6, %p7, %p8, %p9, %p10, %p11, %p12, %p13, %p14, %p15, %p16, %p17, %p18, %p19, %p20, %p21, %p22, %p23, %p24, %p25, %p26, %p27, %p28, %p29, %p30, %p31, %p32, %p33, %p34, %p35 output_4 size [4, 5] : tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>, tensor<1x2x1x2xf64>
  %expected = nn.constant dense<[[[[-8.75, 7.0, -7.5, 25.5, -4.25], [-7.75, 13.25, -3.75, 50.75, 11.75], [-16.25, -9.75, 4.25, -34.25, -26.25], [-20.75, 65.25, 2.75, 269.0, 44.25]], [[8.5, -13.0, 15.5, -35.25, -7.25], [5.25, 5.0, 21.0, 26.25, -11.0], [10.75, -44.0, 10.0, -122.25, -0.5], [20.75, 41.25, 65.25, 188.25, -34.5]]]]> : tensor<1x2x4x5xf64>
  return %y, %expected : tensor<1x2x4x5xf64>, tensor<1x2x4x5xf64>
}

// NUMBERS: @values_filter_4_adjoint: values agree
func.func @values_filter_4_adjoint() -> (tensor<1x2x3x3xf64>, tensor<1x2x3x3xf64>) attributes {check_values = 1.0e-12} {
  %all = nn.constant dense<[[[[-0.75]], [[1.75]], [[-0.75]], [[-1.25]], [[-0.5]], [[0.0]], [[0.5]], [[-0.5]], [[0.75]], [[-2.0]], [[1.75]], [[-0.25]], [[-0.25]], [[-0.25]], [[-1.0]], [[1.25]], [[-0.25]], [[-1.5]], [[-0.5]], [[-0.0]], [[-0.5]], [[-1.5]], [[1.5]], [[-1.5]], [[1.0]], [[-0.25]], [[-0.0]], [[0.75]], [[-2.0]], [[-0.0]], [[-0.25]], [[-0.25]], [[-2.0]], [[-2.0]], [[-0.0]], [[-0.25]], [[-0.75]], [[-1.5]], [[-0.5]], [[0.75]], [[1.25]], [[1.0]], [[-2.0]], [[-0.75]], [[-0.0]], [[1.25]], [[0.25]], [[1.25]], [[0.75]], [[-1.75]], [[2.0]], [[0.25]], [[0.5]], [[-1.0]], [[1.5]], [[2.0]], [[-0.75]], [[-0.0]], [[-1.75]], [[1.0]], [[0.5]], [[-1.0]], [[1.25]], [[0.25]], [[1.75]], [[1.25]], [[-1.5]], [[-1.0]], [[1.5]], [[-1.75]], [[-1.5]], [[1.75]]]]> : tensor<1x72x1x1xf64>
  %p0 = nn.slice %all from [0, 0, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p1 = nn.slice %all from [0, 2, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p2 = nn.slice %all from [0, 4, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p3 = nn.slice %all from [0, 6, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p4 = nn.slice %all from [0, 8, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p5 = nn.slice %all from [0, 10, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p6 = nn.slice %all from [0, 12, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p7 = nn.slice %all from [0, 14, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p8 = nn.slice %all from [0, 16, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p9 = nn.slice %all from [0, 18, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p10 = nn.slice %all from [0, 20, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p11 = nn.slice %all from [0, 22, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p12 = nn.slice %all from [0, 24, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p13 = nn.slice %all from [0, 26, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p14 = nn.slice %all from [0, 28, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p15 = nn.slice %all from [0, 30, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p16 = nn.slice %all from [0, 32, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p17 = nn.slice %all from [0, 34, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p18 = nn.slice %all from [0, 36, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p19 = nn.slice %all from [0, 38, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p20 = nn.slice %all from [0, 40, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p21 = nn.slice %all from [0, 42, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p22 = nn.slice %all from [0, 44, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p23 = nn.slice %all from [0, 46, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p24 = nn.slice %all from [0, 48, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p25 = nn.slice %all from [0, 50, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p26 = nn.slice %all from [0, 52, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p27 = nn.slice %all from [0, 54, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p28 = nn.slice %all from [0, 56, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p29 = nn.slice %all from [0, 58, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p30 = nn.slice %all from [0, 60, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p31 = nn.slice %all from [0, 62, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p32 = nn.slice %all from [0, 64, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p33 = nn.slice %all from [0, 66, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p34 = nn.slice %all from [0, 68, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %p35 = nn.slice %all from [0, 70, 0, 0] sizes [1, 2, -1, -1] steps [1, 1, 1, 1] : tensor<1x72x1x1xf64>
  %y = nn.winograd_join %p0, %p1, %p2, %p3, %p4, %p5, %p6, %p7, %p8, %p9, %p10, %p11, %p12, %p13, %p14, %p15, %p16, %p17, %p18, %p19, %p20, %p21, %p22, %p23, %p24, %p25, %p26, %p27, %p28, %p29, %p30, %p31, %p32, %p33, %p34, %p35 filter_4_adjoint size [3, 3] : tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>
  %expected = nn.constant dense<[[[[-0.10546875, 0.018229166667, 0.197916666667], [0.047743055556, -0.036458333333, -0.111111111111], [-0.572916666667, -0.145833333333, -2.625]], [[0.159722222222, 0.128472222222, 0.399305555556], [-0.067708333333, 0.052083333333, 0.125], [-0.699652777778, 0.253472222222, 1.868055555556]]]]> : tensor<1x2x3x3xf64>
  return %y, %expected : tensor<1x2x3x3xf64>, tensor<1x2x3x3xf64>
}

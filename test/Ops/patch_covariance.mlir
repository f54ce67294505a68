// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @patch_covariance(
// SYNTAX: nn.patch_covariance %{{.*}} kernel [2, 2] : tensor<2x3x5x5xf32>
// P = 32 patches of D = 12 elements.
// COUNT: @patch_covariance: 9216 operations: add 4464, multiply 4752
// LOWER-LABEL: func @patch_covariance(
// LOWER: linalg.generic {{.*}}["parallel", "parallel", "parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]
// LOWER: linalg.generic {{.*}}["reduction", "parallel", "parallel", "parallel", "parallel", "parallel", "parallel"]
func.func @patch_covariance(%x: tensor<2x3x5x5xf32>) -> tensor<12x12xf32> {
  %cov = nn.patch_covariance %x kernel [2, 2] : tensor<2x3x5x5xf32>
  return %cov : tensor<12x12xf32>
}

// SYNTAX-LABEL: func @centred(
// SYNTAX: nn.patch_covariance %{{.*}} kernel [2, 2] centred
// P = 8 patches of D = 4 elements.
// COUNT: @centred: 332 operations: add 140, multiply 176, subtract 16
func.func @centred(%x: tensor<2x1x3x3xf32>) -> tensor<4x4xf32> {
  %cov = nn.patch_covariance %x kernel [2, 2] centred : tensor<2x1x3x3xf32>
  return %cov : tensor<4x4xf32>
}

// As the product of the matrix of patches with itself.
// NUMBERS: @values: values agree
func.func @values() -> (tensor<8x8xf64>, tensor<8x8xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[2.0, 2.0, -1.25, -1.0], [-1.0, -0.75, -1.0, 1.25], [1.25, 1.75, -1.75, 0.5]], [[-1.5, -1.25, -1.75, 0.0], [1.0, -1.0, -1.25, 1.0], [1.25, 0.25, -1.0, 1.5]]], [[[0.5, -0.25, 0.0, 2.0], [-0.25, 1.5, 1.0, 1.75], [-1.5, 1.5, 1.5, 2.0]], [[-2.0, 1.5, 1.25, 0.5], [1.0, -2.0, -0.75, -1.75], [-1.0, 1.0, 0.25, -1.25]]]]> : tensor<2x2x3x4xf64>
  %cov = nn.patch_covariance %x kernel [2, 2] : tensor<2x2x3x4xf64>
  %expected = nn.constant dense<[[1.3125, 0.4791666666666667, 0.046875, -0.13541666666666666, -0.640625, -0.5833333333333334, 0.34375, -0.7239583333333334], [0.4791666666666667, 1.671875, -0.08333333333333333, 0.828125, 0.015625, -0.2708333333333333, 0.020833333333333332, -0.18229166666666666], [0.046875, -0.08333333333333333, 1.6927083333333333, 0.3645833333333333, 0.3541666666666667, -0.11458333333333333, 0.34375, -0.7083333333333334], [-0.13541666666666666, 0.828125, 0.3645833333333333, 2.0260416666666665, 0.0625, 0.03125, -0.11458333333333333, -0.10416666666666667], [-0.640625, 0.015625, 0.3541666666666667, 0.0625, 1.984375, 0.28125, -0.4114583333333333, 0.234375], [-0.5833333333333334, -0.2708333333333333, -0.11458333333333333, 0.03125, 0.28125, 1.65625, -0.21875, 0.09375], [0.34375, 0.020833333333333332, 0.34375, -0.11458333333333333, -0.4114583333333333, -0.21875, 1.1510416666666667, -0.22395833333333334], [-0.7239583333333334, -0.18229166666666666, -0.7083333333333334, -0.10416666666666667, 0.234375, 0.09375, -0.22395833333333334, 1.4270833333333333]]> : tensor<8x8xf64>
  return %cov, %expected : tensor<8x8xf64>, tensor<8x8xf64>
}

// As torch.cov.
// NUMBERS: @centred_values: values agree
func.func @centred_values() -> (tensor<4x4xf64>, tensor<4x4xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[-0.5, -0.75, -0.25, 1.5], [1.5, 1.5, 0.75, -0.25], [0.75, 0.5, 0.0, 0.75]]], [[[1.0, -2.0, -0.75, -1.75], [1.25, 1.75, -0.25, -2.0], [0.75, 0.5, -0.75, 1.0]]]]> : tensor<2x1x3x4xf64>
  %cov = nn.patch_covariance %x kernel [2, 2] centred : tensor<2x1x3x4xf64>
  %expected = nn.constant dense<[[1.3915719696969697, 0.646780303030303, -0.22585227272727276, 0.1751893939393939], [0.646780303030303, 1.8162878787878787, 0.19602272727272732, -0.1041666666666667], [-0.22585227272727276, 0.19602272727272732, 0.5696022727272727, 0.24147727272727273], [0.1751893939393939, -0.1041666666666667, 0.24147727272727273, 1.0549242424242424]]> : tensor<4x4xf64>
  return %cov, %expected : tensor<4x4xf64>, tensor<4x4xf64>
}

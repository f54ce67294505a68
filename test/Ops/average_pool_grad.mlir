// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @average_pool_grad(
// SYNTAX: nn.average_pool_grad %{{.*}} size [5, 7] kernel [3, 3] strides [2, 2] pads [1, 1, 1, 1]
// 24 products; 216 taps into 70 elements.
// COUNT: @average_pool_grad: 170 operations: add 146, multiply 24
// LOWER-LABEL: func @average_pool_grad(
// LOWER: arith.mulf
// LOWER: %[[PADDED:.*]] = linalg.generic {{.*}}["parallel", "parallel", "reduction", "reduction", "reduction", "reduction"]
// LOWER: arith.addf
// LOWER: tensor.extract_slice %[[PADDED]]
func.func @average_pool_grad(%dy: tensor<1x2x3x4xf32>) -> tensor<1x2x5x7xf32> {
  %dx = nn.average_pool_grad %dy size [5, 7] kernel [3, 3] strides [2, 2] pads [1, 1, 1, 1] : tensor<1x2x3x4xf32>
  return %dx : tensor<1x2x5x7xf32>
}

// As PyTorch.
// NUMBERS: @values: values agree
func.func @values() -> (tensor<1x1x5x7xf64>, tensor<1x1x5x7xf64>) attributes {check_values = 1.0e-12} {
  %dy = nn.constant dense<[[[[-2.25, 13.5, -15.75, 4.5], [-15.75, 4.5, 6.75, 4.5], [-15.75, -9.0, -18.0, -18.0]]]]> : tensor<1x1x3x4xf64>
  %dx = nn.average_pool_grad %dy size [5, 7] kernel [3, 3] strides [2, 2] pads [1, 1, 1, 1] count_include_pad true : tensor<1x1x3x4xf64>
  %expected = nn.constant dense<[[[[-0.25, 1.25, 1.5, -0.25, -1.75, -1.25, 0.5], [-2.0, 0.0, 2.0, 1.0, -1.0, 0.0, 1.0], [-1.75, -1.25, 0.5, 1.25, 0.75, 1.25, 0.5], [-3.5, -4.0, -0.5, -1.75, -1.25, -2.75, -1.5], [-1.75, -2.75, -1.0, -3.0, -2.0, -4.0, -2.0]]]]> : tensor<1x1x5x7xf64>
  return %dx, %expected : tensor<1x1x5x7xf64>, tensor<1x1x5x7xf64>
}

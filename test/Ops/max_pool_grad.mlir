// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @max_pool_grad(
// SYNTAX: nn.max_pool_grad %{{.*}} at %{{.*}} size [5, 7] : tensor<1x2x3x4xf32>, tensor<1x2x3x4xindex>
// One addition for each element of dy, though the targets depend on data.
// COUNT: @max_pool_grad: 24 operations: add 24
// LOWER-LABEL: func @max_pool_grad(
// LOWER: scf.for
// LOWER: %[[AT:.*]] = tensor.extract %{{.*}} : tensor<1x2x3x4xindex>
// LOWER: tensor.insert %{{.*}} into %{{.*}}, %[[AT]]] : tensor<1x2x35xf32>
func.func @max_pool_grad(%dy: tensor<1x2x3x4xf32>, %position: tensor<1x2x3x4xindex>) -> tensor<1x2x5x7xf32> {
  %dx = nn.max_pool_grad %dy at %position size [5, 7] : tensor<1x2x3x4xf32>, tensor<1x2x3x4xindex>
  return %dx : tensor<1x2x5x7xf32>
}

// As PyTorch; windows overlap, so that some positions receive several gradients.
// NUMBERS: @values: values agree
func.func @values() -> (tensor<1x2x5x7xf64>, tensor<1x2x5x7xf64>) attributes {check_values = 1.0e-12} {
  %dy = nn.constant dense<[[[[0.0, 0.75, -0.75, -1.25], [1.25, 0.25, 1.0, 1.75], [0.75, -0.25, -2.0, 1.0]], [[-2.0, 0.0, -0.25, -1.25], [0.0, -0.25, 0.5, 0.75], [-1.5, -2.0, -1.25, 1.75]]]]> : tensor<1x2x3x4xf64>
  %position = nn.constant dense<[[[[1, 1, 3, 6], [7, 16, 19, 19], [22, 22, 31, 27]], [[0, 2, 4, 13], [22, 22, 18, 13], [22, 22, 25, 26]]]]> : tensor<1x2x3x4xindex>
  %dx = nn.max_pool_grad %dy at %position size [5, 7] : tensor<1x2x3x4xf64>, tensor<1x2x3x4xindex>
  %expected = nn.constant dense<[[[[0.0, 0.75, 0.0, -0.75, 0.0, 0.0, -1.25], [1.25, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.25, 0.0, 0.0, 2.75, 0.0], [0.0, 0.5, 0.0, 0.0, 0.0, 0.0, 1.0], [0.0, 0.0, 0.0, -2.0, 0.0, 0.0, 0.0]], [[-2.0, 0.0, 0.0, 0.0, -0.25, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -0.5], [0.0, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0], [0.0, -3.75, 0.0, 0.0, -1.25, 1.75, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]]]> : tensor<1x2x5x7xf64>
  return %dx, %expected : tensor<1x2x5x7xf64>, tensor<1x2x5x7xf64>
}

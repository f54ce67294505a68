// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @batch_norm_grad_scale(
// SYNTAX: nn.batch_norm_grad_scale %{{.*}}, %{{.*}} mean %{{.*}} rstd %{{.*}} : (tensor<2x3x5x7xf32>,
// 3E with E = 210.
// COUNT: @batch_norm_grad_scale: 630 operations: add 207, multiply 213, subtract 210
// LOWER-LABEL: func @batch_norm_grad_scale(
// LOWER: linalg.generic {{.*}}["reduction", "parallel", "reduction", "reduction"]
func.func @batch_norm_grad_scale(%x: tensor<2x3x5x7xf32>, %dy: tensor<2x3x5x7xf32>, %mean: tensor<3xf32>, %rstd: tensor<3xf32>) -> tensor<3xf32> {
  %dscale = nn.batch_norm_grad_scale %x, %dy mean %mean rstd %rstd : (tensor<2x3x5x7xf32>, tensor<2x3x5x7xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  return %dscale : tensor<3xf32>
}

// As PyTorch.
// NUMBERS: @values: values agree
func.func @values() -> (tensor<2xf64>, tensor<2xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[1.25], [0.25]], [[-1.0], [1.5]]], [[[0.5], [-0.25]], [[0.0], [2.0]]], [[[-0.25], [1.5]], [[1.0], [1.75]]]]> : tensor<3x2x2x1xf64>
  %dy = nn.constant dense<[[[[-1.5], [1.5]], [[1.5], [2.0]]], [[[-2.0], [1.5]], [[1.25], [0.5]]], [[[1.0], [-2.0]], [[-0.75], [-1.75]]]]> : tensor<3x2x2x1xf64>
  %mean = nn.constant dense<[0.5, 0.875]> : tensor<2xf64>
  %rstd = nn.constant dense<[1.4754891442515135, 0.9445774064737626]> : tensor<2xf64>
  %dscale = nn.batch_norm_grad_scale %x, %dy mean %mean rstd %rstd : (tensor<3x2x2x1xf64>, tensor<3x2x2x1xf64>, tensor<2xf64>, tensor<2xf64>) -> tensor<2xf64>
  %expected = nn.constant dense<[-7.930754150351885, -3.512647230324305]> : tensor<2xf64>
  return %dscale, %expected : tensor<2xf64>, tensor<2xf64>
}

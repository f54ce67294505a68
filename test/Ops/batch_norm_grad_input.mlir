// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @batch_norm_grad_input(
// SYNTAX: nn.batch_norm_grad_input %{{.*}}, %{{.*}} mean %{{.*}} rstd %{{.*}} gain %{{.*}} dscale %{{.*}} dbias %{{.*}} : (
// 4E + 7K with E = 210, K = 3.
// COUNT: @batch_norm_grad_input: 861 operations: add 420, multiply 438, subtract 3
// LOWER-LABEL: func @batch_norm_grad_input(
// LOWER: linalg.generic {{.*}}["parallel"]
// LOWER: linalg.generic {{.*}}["parallel", "parallel", "parallel", "parallel"]
func.func @batch_norm_grad_input(%x: tensor<2x3x5x7xf32>, %dy: tensor<2x3x5x7xf32>, %mean: tensor<3xf32>, %rstd: tensor<3xf32>, %gain: tensor<3xf32>, %dscale: tensor<3xf32>, %dbias: tensor<3xf32>) -> tensor<2x3x5x7xf32> {
  %dx = nn.batch_norm_grad_input %x, %dy mean %mean rstd %rstd gain %gain dscale %dscale dbias %dbias : (tensor<2x3x5x7xf32>, tensor<2x3x5x7xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<2x3x5x7xf32>
  return %dx : tensor<2x3x5x7xf32>
}

// As PyTorch.
// NUMBERS: @values: values agree
func.func @values() -> (tensor<3x2x2x1xf64>, tensor<3x2x2x1xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[1.25], [0.25]], [[-1.0], [1.5]]], [[[0.5], [-0.25]], [[0.0], [2.0]]], [[[-0.25], [1.5]], [[1.0], [1.75]]]]> : tensor<3x2x2x1xf64>
  %dy = nn.constant dense<[[[[-1.5], [1.5]], [[1.5], [2.0]]], [[[-2.0], [1.5]], [[1.25], [0.5]]], [[[1.0], [-2.0]], [[-0.75], [-1.75]]]]> : tensor<3x2x2x1xf64>
  %mean = nn.constant dense<[0.5, 0.875]> : tensor<2xf64>
  %rstd = nn.constant dense<[1.4754891442515135, 0.9445774064737626]> : tensor<2xf64>
  %gain = nn.constant dense<[0.7377445721257567, -1.8891548129475253]> : tensor<2xf64>
  %dscale = nn.constant dense<[-7.930754150351885, -3.512647230324305]> : tensor<2xf64>
  %dbias = nn.constant dense<[-1.5, 2.75]> : tensor<2xf64>
  %dx = nn.batch_norm_grad_input %x, %dy mean %mean rstd %rstd gain %gain dscale %dscale dbias %dbias : (tensor<3x2x2x1xf64>, tensor<3x2x2x1xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>) -> tensor<3x2x2x1xf64>
  %expected = nn.constant dense<[[[[0.15693133360258518], [0.9313489849668138]], [[-0.009071557678936571], [-3.5653796830079023]]], [[[-1.2910530012200743], [0.21194095246029318]], [[-0.5814751419841365], [-1.253993607357655]]], [[[-0.15693133360258518], [0.14776306379296716]], [[2.152142196368833], [3.257777793659798]]]]> : tensor<3x2x2x1xf64>
  return %dx, %expected : tensor<3x2x2x1xf64>, tensor<3x2x2x1xf64>
}

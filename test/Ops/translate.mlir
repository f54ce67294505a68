// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @translate(
// SYNTAX: nn.translate %{{.*}} by [-1, 1] reflect : tensor<3x2x5x4xf32>
// COUNT: @translate: 0 operations
// LOWER-LABEL: func @translate(
// LOWER: linalg.generic
// LOWER: arith.minsi {{.*}} : index
// LOWER: tensor.extract
func.func @translate(%x: tensor<3x2x5x4xf32>) -> tensor<3x2x5x4xf32> {
  %y = nn.translate %x by [-1, 1] reflect : tensor<3x2x5x4xf32>
  return %y : tensor<3x2x5x4xf32>
}

// COUNT: @zero: 0 operations
func.func @zero(%x: tensor<3x2x5x4xf32>) -> tensor<3x2x5x4xf32> {
  %y = nn.translate %x by [2, -1] zero : tensor<3x2x5x4xf32>
  return %y : tensor<3x2x5x4xf32>
}

// NUMBERS: @reflect_values: values agree
func.func @reflect_values() -> (tensor<1x1x3x4xf64>, tensor<1x1x3x4xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0], [8.0, 9.0, 10.0, 11.0]]]]> : tensor<1x1x3x4xf64>
  %y = nn.translate %x by [-1, -1] reflect : tensor<1x1x3x4xf64>
  %expected = nn.constant dense<[[[[5.0, 6.0, 7.0, 6.0], [9.0, 10.0, 11.0, 10.0], [5.0, 6.0, 7.0, 6.0]]]]> : tensor<1x1x3x4xf64>
  return %y, %expected : tensor<1x1x3x4xf64>, tensor<1x1x3x4xf64>
}

// NUMBERS: @reflect_mixed_values: values agree
func.func @reflect_mixed_values() -> (tensor<1x1x3x4xf64>, tensor<1x1x3x4xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0], [8.0, 9.0, 10.0, 11.0]]]]> : tensor<1x1x3x4xf64>
  %y = nn.translate %x by [2, -1] reflect : tensor<1x1x3x4xf64>
  %expected = nn.constant dense<[[[[9.0, 10.0, 11.0, 10.0], [5.0, 6.0, 7.0, 6.0], [1.0, 2.0, 3.0, 2.0]]]]> : tensor<1x1x3x4xf64>
  return %y, %expected : tensor<1x1x3x4xf64>, tensor<1x1x3x4xf64>
}

// NUMBERS: @zero_values: values agree
func.func @zero_values() -> (tensor<1x1x3x4xf64>, tensor<1x1x3x4xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0], [8.0, 9.0, 10.0, 11.0]]]]> : tensor<1x1x3x4xf64>
  %y = nn.translate %x by [1, -2] zero : tensor<1x1x3x4xf64>
  %expected = nn.constant dense<[[[[0.0, 0.0, 0.0, 0.0], [2.0, 3.0, 0.0, 0.0], [6.0, 7.0, 0.0, 0.0]]]]> : tensor<1x1x3x4xf64>
  return %y, %expected : tensor<1x1x3x4xf64>, tensor<1x1x3x4xf64>
}

// NUMBERS: @zero_down_values: values agree
func.func @zero_down_values() -> (tensor<1x1x3x4xf64>, tensor<1x1x3x4xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0], [8.0, 9.0, 10.0, 11.0]]]]> : tensor<1x1x3x4xf64>
  %y = nn.translate %x by [-2, 1] zero : tensor<1x1x3x4xf64>
  %expected = nn.constant dense<[[[[0.0, 8.0, 9.0, 10.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]]]> : tensor<1x1x3x4xf64>
  return %y, %expected : tensor<1x1x3x4xf64>, tensor<1x1x3x4xf64>
}

// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --count-cost | FileCheck %s --check-prefix=COST
// RUN: tally-opt %s --check-counts
// RUN: tally-check-op %s | FileCheck %s --check-prefix=VALUES

// SYNTAX-LABEL: func @dirac
// SYNTAX: train.dirac : tensor<3x2x1x3xf32>
// COST: @dirac: 0 operations
// VALUES: @dirac: values agree
func.func @dirac() -> (tensor<3x2x1x3xf32>, tensor<3x2x1x3xf32>) attributes {check_values} {
  %w = train.dirac : tensor<3x2x1x3xf32>
  %expected = nn.constant dense<[[[[0.0, 1.0, 0.0]], [[0.0, 0.0, 0.0]]], [[[0.0, 0.0, 0.0]], [[0.0, 1.0, 0.0]]], [[[0.0, 0.0, 0.0]], [[0.0, 0.0, 0.0]]]]> : tensor<3x2x1x3xf32>
  return %w, %expected : tensor<3x2x1x3xf32>, tensor<3x2x1x3xf32>
}

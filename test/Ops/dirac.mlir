// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @dirac
// SYNTAX: train.dirac : tensor<3x2x1x3xf32>
// COUNT: @dirac: 0 operations
// LOWER-LABEL: func @dirac
// LOWER-NOT: train.dirac
// LOWER: return
// NUMBERS: @dirac: values agree
func.func @dirac() -> (tensor<3x2x1x3xf32>, tensor<3x2x1x3xf32>) attributes {check_values} {
  %w = train.dirac : tensor<3x2x1x3xf32>
  %expected = nn.constant dense<[[[[0.0, 1.0, 0.0]], [[0.0, 0.0, 0.0]]], [[[0.0, 0.0, 0.0]], [[0.0, 1.0, 0.0]]], [[[0.0, 0.0, 0.0]], [[0.0, 0.0, 0.0]]]]> : tensor<3x2x1x3xf32>
  return %w, %expected : tensor<3x2x1x3xf32>, tensor<3x2x1x3xf32>
}

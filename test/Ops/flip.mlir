// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @flip(
// SYNTAX: nn.flip %{{.*}} where %{{.*}} : tensor<3x2x5x4xf32>, tensor<3xindex>
// COUNT: @flip: 0 operations
// LOWER-LABEL: func @flip(
// LOWER: linalg.generic
// LOWER: tensor.extract
func.func @flip(%x: tensor<3x2x5x4xf32>, %flags: tensor<3xindex>) -> tensor<3x2x5x4xf32> {
  %y = nn.flip %x where %flags : tensor<3x2x5x4xf32>, tensor<3xindex>
  return %y : tensor<3x2x5x4xf32>
}

// SYNTAX-LABEL: func @all(
// SYNTAX: nn.flip %{{.*}} : tensor<3x2x5x4xf32>{{$}}
// COUNT: @all: 0 operations
func.func @all(%x: tensor<3x2x5x4xf32>) -> tensor<3x2x5x4xf32> {
  %y = nn.flip %x : tensor<3x2x5x4xf32>
  return %y : tensor<3x2x5x4xf32>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<3x1x3x4xf64>, tensor<3x1x3x4xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0], [8.0, 9.0, 10.0, 11.0]]], [[[12.0, 13.0, 14.0, 15.0], [16.0, 17.0, 18.0, 19.0], [20.0, 21.0, 22.0, 23.0]]], [[[24.0, 25.0, 26.0, 27.0], [28.0, 29.0, 30.0, 31.0], [32.0, 33.0, 34.0, 35.0]]]]> : tensor<3x1x3x4xf64>
  %flags = nn.constant dense<[0, 1, 0]> : tensor<3xindex>
  %y = nn.flip %x where %flags : tensor<3x1x3x4xf64>, tensor<3xindex>
  %expected = nn.constant dense<[[[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0], [8.0, 9.0, 10.0, 11.0]]], [[[15.0, 14.0, 13.0, 12.0], [19.0, 18.0, 17.0, 16.0], [23.0, 22.0, 21.0, 20.0]]], [[[24.0, 25.0, 26.0, 27.0], [28.0, 29.0, 30.0, 31.0], [32.0, 33.0, 34.0, 35.0]]]]> : tensor<3x1x3x4xf64>
  return %y, %expected : tensor<3x1x3x4xf64>, tensor<3x1x3x4xf64>
}

// NUMBERS: @all_values: values agree
func.func @all_values() -> (tensor<3x1x3x4xf64>, tensor<3x1x3x4xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0], [8.0, 9.0, 10.0, 11.0]]], [[[12.0, 13.0, 14.0, 15.0], [16.0, 17.0, 18.0, 19.0], [20.0, 21.0, 22.0, 23.0]]], [[[24.0, 25.0, 26.0, 27.0], [28.0, 29.0, 30.0, 31.0], [32.0, 33.0, 34.0, 35.0]]]]> : tensor<3x1x3x4xf64>
  %y = nn.flip %x : tensor<3x1x3x4xf64>
  %expected = nn.constant dense<[[[[3.0, 2.0, 1.0, 0.0], [7.0, 6.0, 5.0, 4.0], [11.0, 10.0, 9.0, 8.0]]], [[[15.0, 14.0, 13.0, 12.0], [19.0, 18.0, 17.0, 16.0], [23.0, 22.0, 21.0, 20.0]]], [[[27.0, 26.0, 25.0, 24.0], [31.0, 30.0, 29.0, 28.0], [35.0, 34.0, 33.0, 32.0]]]]> : tensor<3x1x3x4xf64>
  return %y, %expected : tensor<3x1x3x4xf64>, tensor<3x1x3x4xf64>
}

// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @cutout(
// SYNTAX: nn.cutout %{{.*}} at %{{.*}}, %{{.*}} size 2 : tensor<3x2x5x4xf32>, tensor<3xindex>, tensor<3xindex>
// COUNT: @cutout: 0 operations
// LOWER-LABEL: func @cutout(
// LOWER: linalg.generic
// LOWER: tensor.extract
func.func @cutout(%x: tensor<3x2x5x4xf32>, %top: tensor<3xindex>, %left: tensor<3xindex>) -> tensor<3x2x5x4xf32> {
  %y = nn.cutout %x at %top, %left size 2 : tensor<3x2x5x4xf32>, tensor<3xindex>, tensor<3xindex>
  return %y : tensor<3x2x5x4xf32>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<3x1x3x4xf64>, tensor<3x1x3x4xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0], [9.0, 10.0, 11.0, 12.0]]], [[[13.0, 14.0, 15.0, 16.0], [17.0, 18.0, 19.0, 20.0], [21.0, 22.0, 23.0, 24.0]]], [[[25.0, 26.0, 27.0, 28.0], [29.0, 30.0, 31.0, 32.0], [33.0, 34.0, 35.0, 36.0]]]]> : tensor<3x1x3x4xf64>
  %top = nn.constant dense<[0, 1, 1]> : tensor<3xindex>
  %left = nn.constant dense<[2, 0, 1]> : tensor<3xindex>
  %y = nn.cutout %x at %top, %left size 2 : tensor<3x1x3x4xf64>, tensor<3xindex>, tensor<3xindex>
  %expected = nn.constant dense<[[[[1.0, 2.0, 0.0, 0.0], [5.0, 6.0, 0.0, 0.0], [9.0, 10.0, 11.0, 12.0]]], [[[13.0, 14.0, 15.0, 16.0], [0.0, 0.0, 19.0, 20.0], [0.0, 0.0, 23.0, 24.0]]], [[[25.0, 26.0, 27.0, 28.0], [29.0, 0.0, 0.0, 32.0], [33.0, 0.0, 0.0, 36.0]]]]> : tensor<3x1x3x4xf64>
  return %y, %expected : tensor<3x1x3x4xf64>, tensor<3x1x3x4xf64>
}

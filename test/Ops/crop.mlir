// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @crop(
// SYNTAX: nn.crop %{{.*}} at %{{.*}}, %{{.*}} pad 2 reflect : tensor<3x2x5x4xf32>, tensor<3xindex>, tensor<3xindex>
// COUNT: @crop: 0 operations
// LOWER-LABEL: func @crop(
// LOWER: linalg.generic
// LOWER: arith.minsi {{.*}} : index
// LOWER: tensor.extract
func.func @crop(%x: tensor<3x2x5x4xf32>, %dy: tensor<3xindex>, %dx: tensor<3xindex>) -> tensor<3x2x5x4xf32> {
  %y = nn.crop %x at %dy, %dx pad 2 reflect : tensor<3x2x5x4xf32>, tensor<3xindex>, tensor<3xindex>
  return %y : tensor<3x2x5x4xf32>
}

// COUNT: @zero: 0 operations
// LOWER-LABEL: func @zero(
// LOWER: tensor.insert_slice
func.func @zero(%x: tensor<3x2x5x4xf32>, %dy: tensor<3xindex>, %dx: tensor<3xindex>) -> tensor<3x2x5x4xf32> {
  %y = nn.crop %x at %dy, %dx pad 2 zero : tensor<3x2x5x4xf32>, tensor<3xindex>, tensor<3xindex>
  return %y : tensor<3x2x5x4xf32>
}

// As torch.nn.functional.pad with mode 'reflect', then a slice of each image.
// NUMBERS: @reflect_values: values agree
func.func @reflect_values() -> (tensor<3x1x3x4xf64>, tensor<3x1x3x4xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0], [8.0, 9.0, 10.0, 11.0]]], [[[12.0, 13.0, 14.0, 15.0], [16.0, 17.0, 18.0, 19.0], [20.0, 21.0, 22.0, 23.0]]], [[[24.0, 25.0, 26.0, 27.0], [28.0, 29.0, 30.0, 31.0], [32.0, 33.0, 34.0, 35.0]]]]> : tensor<3x1x3x4xf64>
  %dy = nn.constant dense<[0, 2, 4]> : tensor<3xindex>
  %dx = nn.constant dense<[4, 1, 2]> : tensor<3xindex>
  %y = nn.crop %x at %dy, %dx pad 2 reflect : tensor<3x1x3x4xf64>, tensor<3xindex>, tensor<3xindex>
  %expected = nn.constant dense<[[[[10.0, 11.0, 10.0, 9.0], [6.0, 7.0, 6.0, 5.0], [2.0, 3.0, 2.0, 1.0]]], [[[13.0, 12.0, 13.0, 14.0], [17.0, 16.0, 17.0, 18.0], [21.0, 20.0, 21.0, 22.0]]], [[[32.0, 33.0, 34.0, 35.0], [28.0, 29.0, 30.0, 31.0], [24.0, 25.0, 26.0, 27.0]]]]> : tensor<3x1x3x4xf64>
  return %y, %expected : tensor<3x1x3x4xf64>, tensor<3x1x3x4xf64>
}

// As torch.nn.functional.pad with mode 'constant', then a slice of each image.
// NUMBERS: @zero_values: values agree
func.func @zero_values() -> (tensor<3x1x3x4xf64>, tensor<3x1x3x4xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0], [8.0, 9.0, 10.0, 11.0]]], [[[12.0, 13.0, 14.0, 15.0], [16.0, 17.0, 18.0, 19.0], [20.0, 21.0, 22.0, 23.0]]], [[[24.0, 25.0, 26.0, 27.0], [28.0, 29.0, 30.0, 31.0], [32.0, 33.0, 34.0, 35.0]]]]> : tensor<3x1x3x4xf64>
  %dy = nn.constant dense<[0, 2, 4]> : tensor<3xindex>
  %dx = nn.constant dense<[4, 1, 2]> : tensor<3xindex>
  %y = nn.crop %x at %dy, %dx pad 2 zero : tensor<3x1x3x4xf64>, tensor<3xindex>, tensor<3xindex>
  %expected = nn.constant dense<[[[[0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [2.0, 3.0, 0.0, 0.0]]], [[[0.0, 12.0, 13.0, 14.0], [0.0, 16.0, 17.0, 18.0], [0.0, 20.0, 21.0, 22.0]]], [[[32.0, 33.0, 34.0, 35.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]]]> : tensor<3x1x3x4xf64>
  return %y, %expected : tensor<3x1x3x4xf64>, tensor<3x1x3x4xf64>
}

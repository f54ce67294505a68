// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @lookup
// SYNTAX: train.take %{{.*}} at %{{.*}} : tensor<3xf32> at tensor<index> -> tensor<f32>
// COUNT: @lookup: 0 operations
// LOWER-LABEL: func @lookup
// LOWER: linalg.generic
// LOWER: tensor.extract %{{.*}} : tensor<3xf32>
// NUMBERS: @lookup: values agree
func.func @lookup() -> (tensor<f32>, tensor<f32>) attributes {check_values} {
  %table = nn.constant dense<[0.5, 0.25, 0.125]> : tensor<3xf32>
  %step = nn.constant dense<1> : tensor<index>
  %rate = train.take %table at %step : tensor<3xf32> at tensor<index> -> tensor<f32>
  %expected = nn.constant dense<0.25> : tensor<f32>
  return %rate, %expected : tensor<f32>, tensor<f32>
}

// NUMBERS: @rows: values agree
func.func @rows() -> (tensor<2x2xindex>, tensor<2x2xindex>) attributes {check_values} {
  %x = nn.constant dense<[[1, 2], [3, 4], [5, 6]]> : tensor<3x2xindex>
  %at = nn.constant dense<[2, 0]> : tensor<2xindex>
  %y = train.take %x at %at : tensor<3x2xindex> at tensor<2xindex> -> tensor<2x2xindex>
  %expected = nn.constant dense<[[5, 6], [1, 2]]> : tensor<2x2xindex>
  return %y, %expected : tensor<2x2xindex>, tensor<2x2xindex>
}

// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @reduce_sum(
// SYNTAX: nn.reduce_sum %{{.*}} over [0, 2] : tensor<7x3x5xf32>
// COUNT: @reduce_sum: 102 operations: add 102
// LOWER-LABEL: func @reduce_sum(
// LOWER: linalg.generic {{.*}} ["reduction", "parallel", "reduction"]
// LOWER: arith.addf
func.func @reduce_sum(%x: tensor<7x3x5xf32>) -> tensor<3xf32> {
  %y = nn.reduce_sum %x over [0, 2] : tensor<7x3x5xf32>
  return %y : tensor<3xf32>
}

// GRADIENT-LABEL: func @reduce_sum_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<7x3x5xf32>, %[[W:[a-z0-9]+]]: tensor<3xf32>
// GRADIENT: %[[Y:.*]] = nn.reduce_sum %[[X]]
// GRADIENT: nn.reduce_sum
// GRADIENT: %[[DY:.*]] = nn.mul %{{.*}}, %[[W]]
// GRADIENT: %[[KEPT:.*]] = nn.reshape %[[DY]] to [1, 3, 1]
// GRADIENT: %[[DX:.*]] = nn.broadcast %[[KEPT]] to [7, 3, 5]
// GRADIENT: return %[[DX]]
// COUNT: @reduce_sum_gradient: 110 operations: add 104, multiply 6
func.func @reduce_sum_gradient(%x: tensor<7x3x5xf32>, %w: tensor<3xf32>) -> tensor<7x3x5xf32> {
  %y = nn.reduce_sum %x over [0, 2] : tensor<7x3x5xf32>
  %weighted = nn.mul %y, %w : tensor<3xf32>, tensor<3xf32>
  %loss = nn.reduce_sum %weighted over [0] : tensor<3xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<7x3x5xf32>
  return %dx : tensor<7x3x5xf32>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<2xf64>, tensor<2xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[[[1.0, -2.0], [0.5, 4.0], [3.0, 0.25]]]> : tensor<1x3x2xf64>
  %y = nn.reduce_sum %x over [0, 1] : tensor<1x3x2xf64>
  %expected = nn.constant dense<[4.5, 2.25]> : tensor<2xf64>
  return %y, %expected : tensor<2xf64>, tensor<2xf64>
}

// NUMBERS: @nothing: values agree
func.func @nothing() -> (tensor<1x3x2xf64>, tensor<1x3x2xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[[[1.0, -2.0], [0.5, 4.0], [3.0, 0.25]]]> : tensor<1x3x2xf64>
  %y = nn.reduce_sum %x over [] : tensor<1x3x2xf64>
  %expected = nn.constant dense<[[[1.0, -2.0], [0.5, 4.0], [3.0, 0.25]]]> : tensor<1x3x2xf64>
  return %y, %expected : tensor<1x3x2xf64>, tensor<1x3x2xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<7x3x5xf64>) -> tensor<3xf64> attributes {check_gradient} {
  %y = nn.reduce_sum %x over [0, 2] : tensor<7x3x5xf64>
  return %y : tensor<3xf64>
}

// NUMBERS: @complete_differences: gradient agrees
func.func @complete_differences(%x: tensor<3x5xf64>) -> tensor<f64> attributes {check_gradient} {
  %y = nn.reduce_sum %x over [0, 1] : tensor<3x5xf64>
  return %y : tensor<f64>
}

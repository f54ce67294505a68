// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @neg(
// SYNTAX: nn.neg %{{.*}} : tensor<3x5xf32>
// COUNT: @neg: 15 operations: negate 15
// LOWER-LABEL: func @neg(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: arith.negf
func.func @neg(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.neg %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @neg_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<3x5xf32>
// GRADIENT: %[[Y:.*]] = nn.neg %[[X]]
// GRADIENT: %[[DY:.*]] = nn.broadcast
// GRADIENT: %[[DX:.*]] = nn.neg %[[DY]]
// GRADIENT: return %[[DX]]
// COUNT: @neg_gradient: 44 operations: add 14, negate 30
func.func @neg_gradient(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.neg %x : tensor<3x5xf32>
  %loss = nn.reduce_sum %y over [0, 1] : tensor<3x5xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[-3.0, -1.0, -0.25, 0.0, 0.5, 2.0, 7.0]> : tensor<7xf64>
  %y = nn.neg %x : tensor<7xf64>
  %expected = nn.constant dense<[3.0, 1.0, 0.25, -0.0, -0.5, -2.0, -7.0]> : tensor<7xf64>
  return %y, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<3x5xf64>) -> tensor<3x5xf64> attributes {check_gradient} {
  %y = nn.neg %x : tensor<3x5xf64>
  return %y : tensor<3x5xf64>
}

// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize | FileCheck %s --check-prefix=FOLD

// SYNTAX-LABEL: func @div(
// SYNTAX: nn.div %{{.*}} : tensor<3x1x5xf32>, tensor<7x5xf32>
// COUNT: @div: 105 operations: divide 105
// LOWER-LABEL: func @div(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel", "parallel"]
// LOWER: arith.divf
func.func @div(%x: tensor<3x1x5xf32>, %y: tensor<7x5xf32>) -> tensor<3x7x5xf32> {
  %z = nn.div %x, %y : tensor<3x1x5xf32>, tensor<7x5xf32>
  return %z : tensor<3x7x5xf32>
}

// Arithmetic on positions is free.
// COUNT: @positions: 0 operations
// LOWER-LABEL: func @positions(
// LOWER: arith.divsi
func.func @positions(%x: tensor<3xindex>, %y: tensor<index>) -> tensor<3xindex> {
  %z = nn.div %x, %y : tensor<3xindex>, tensor<index>
  return %z : tensor<3xindex>
}

// GRADIENT-LABEL: func @div_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<3x5xf32>, %[[Y:[a-z0-9]+]]: tensor<5xf32>
// GRADIENT: %[[Z:.*]] = nn.div %[[X]], %[[Y]]
// GRADIENT: %[[DZ:.*]] = nn.broadcast
// GRADIENT: %[[DX:.*]] = nn.div %[[DZ]], %[[Y]]
// GRADIENT: %[[PRODUCT:.*]] = nn.mul %[[DX]], %[[Z]]
// GRADIENT: %[[SUM:.*]] = nn.reduce_sum %[[PRODUCT]] over [0]
// GRADIENT: %[[DY:.*]] = nn.neg %[[SUM]]
// GRADIENT: return %[[DX]], %[[DY]]
// COUNT: @div_gradient: 74 operations: add 24, divide 30, multiply 15, negate 5
func.func @div_gradient(%x: tensor<3x5xf32>, %y: tensor<5xf32>) -> (tensor<3x5xf32>, tensor<5xf32>) {
  %z = nn.div %x, %y : tensor<3x5xf32>, tensor<5xf32>
  %loss = nn.reduce_sum %z over [0, 1] : tensor<3x5xf32>
  %dx, %dy = train.gradient %loss wrt %x, %y : tensor<f32> wrt tensor<3x5xf32>, tensor<5xf32>
  return %dx, %dy : tensor<3x5xf32>, tensor<5xf32>
}

// FOLD-LABEL: func @neutral(
// FOLD-SAME: %[[X:[a-z0-9]+]]: tensor<3x5xf32>
// FOLD-NEXT: return %[[X]]
func.func @neutral(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %n = nn.constant dense<1.0> : tensor<5xf32>
  %z = nn.div %x, %n : tensor<3x5xf32>, tensor<5xf32>
  return %z : tensor<3x5xf32>
}

// The neutral element does not fold where it is what gives the result its shape.
// FOLD-LABEL: func @neutral_of_larger_shape(
// FOLD: nn.div
func.func @neutral_of_larger_shape(%x: tensor<5xf32>) -> tensor<3x5xf32> {
  %n = nn.constant dense<1.0> : tensor<3x5xf32>
  %z = nn.div %x, %n : tensor<5xf32>, tensor<3x5xf32>
  return %z : tensor<3x5xf32>
}

// FOLD-LABEL: func @constants(
// FOLD-NEXT: %[[Z:.*]] = nn.constant dense<{{\[\[}}-1.500000e+00, 1.200000e+01, -3.750000e-01], [2.500000e-01, -2.000000e+00, 6.250000e-02]]>
// FOLD-NEXT: return %[[Z]]
func.func @constants() -> tensor<2x3xf64> {
  %x = nn.constant dense<[[-3.0], [0.5]]> : tensor<2x1xf64>
  %y = nn.constant dense<[2.0, -0.25, 8.0]> : tensor<3xf64>
  %z = nn.div %x, %y : tensor<2x1xf64>, tensor<3xf64>
  return %z : tensor<2x3xf64>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<2x3xf64>, tensor<2x3xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[[-3.0], [0.5]]> : tensor<2x1xf64>
  %y = nn.constant dense<[2.0, -0.25, 8.0]> : tensor<3xf64>
  %z = nn.div %x, %y : tensor<2x1xf64>, tensor<3xf64>
  %expected = nn.constant dense<[[-1.5, 12.0, -0.375], [0.25, -2.0, 0.0625]]> : tensor<2x3xf64>
  return %z, %expected : tensor<2x3xf64>, tensor<2x3xf64>
}

// What a machine would stop at.
// NUMBERS: @stopping: values agree
func.func @stopping() -> (tensor<6xi64>, tensor<6xi64>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[7, -7, 7, 7, 0, -9223372036854775808]> : tensor<6xi64>
  %y = nn.constant dense<[2, 2, -1, 0, 0, -1]> : tensor<6xi64>
  %z = nn.div %x, %y : tensor<6xi64>, tensor<6xi64>
  %expected = nn.constant dense<[3, -3, -7, 0, 0, -9223372036854775808]> : tensor<6xi64>
  return %z, %expected : tensor<6xi64>, tensor<6xi64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<3x1x5xf64>, %y: tensor<7x5xf64>) -> tensor<3x7x5xf64> attributes {check_gradient = {low = 0.5, high = 2.0}} {
  %z = nn.div %x, %y : tensor<3x1x5xf64>, tensor<7x5xf64>
  return %z : tensor<3x7x5xf64>
}

// NUMBERS: @scalar_differences: gradient agrees
func.func @scalar_differences(%x: tensor<f64>, %y: tensor<3x1xf64>) -> tensor<3x1xf64> attributes {check_gradient = {low = 0.5, high = 2.0}} {
  %z = nn.div %x, %y : tensor<f64>, tensor<3x1xf64>
  return %z : tensor<3x1xf64>
}

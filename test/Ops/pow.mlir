// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @pow(
// SYNTAX: nn.pow %{{.*}}, %{{.*}} : tensor<3x1x5xf32>, tensor<7x5xf32>
// COUNT: @pow: 105 operations: pow 105
// LOWER-LABEL: func @pow(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel", "parallel"]
// LOWER: math.powf
func.func @pow(%x: tensor<3x1x5xf32>, %y: tensor<7x5xf32>) -> tensor<3x7x5xf32> {
  %z = nn.pow %x, %y : tensor<3x1x5xf32>, tensor<7x5xf32>
  return %z : tensor<3x7x5xf32>
}

// GRADIENT-LABEL: func @pow_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<f32>, %[[Y:[a-z0-9]+]]: tensor<f32>
// GRADIENT: %[[Z:.*]] = nn.pow %[[X]], %[[Y]]
// GRADIENT: %[[LESS:.*]] = nn.sub %[[Y]]
// GRADIENT: %[[POWER:.*]] = nn.pow %[[X]], %[[LESS]]
// GRADIENT: nn.mul %[[Y]], %[[POWER]]
// GRADIENT: %[[LOG:.*]] = nn.log %[[X]]
// GRADIENT: %[[ZERO:.*]] = nn.compare equal %[[X]]
// GRADIENT: %[[FINITE:.*]] = nn.select %[[ZERO]], %{{.*}}, %[[LOG]]
// GRADIENT: nn.mul %[[Z]], %[[FINITE]]
// COUNT: @pow_gradient: 10 operations: compare 1, log 1, multiply 4, pow 2, select 1, subtract 1
func.func @pow_gradient(%x: tensor<f32>, %y: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
  %loss = nn.pow %x, %y : tensor<f32>, tensor<f32>
  %dx, %dy = train.gradient %loss wrt %x, %y : tensor<f32> wrt tensor<f32>, tensor<f32>
  return %dx, %dy : tensor<f32>, tensor<f32>
}

// As pow of C: 1 for an exponent of 0, whatever the base.
// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.pow %
// FOLD: return
func.func @values() -> (tensor<12xf64>, tensor<12xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[2.0, 2.0, -2.0, -2.0, 0.0, 0.0, 0.0, 0x7FF8000000000000, 1.0e200, 1.0e-200, 9.0, 1.0000001]> : tensor<12xf64>
  %y = nn.constant dense<[10.0, -2.0, 3.0, 0.5, 0.0, 2.0, -1.0, 0.0, 2.0, 2.0, 0.5, 1.0e6]> : tensor<12xf64>
  %z = nn.pow %x, %y : tensor<12xf64>, tensor<12xf64>
  %expected = nn.constant dense<[1024.0, 0.25, -8.0, 0x7FF8000000000000, 1.0, 0.0, 0x7FF0000000000000, 1.0, 0x7FF0000000000000, 0.0, 3.0, 1.1051709126143208]> : tensor<12xf64>
  return %z, %expected : tensor<12xf64>, tensor<12xf64>
}

// NUMBERS: @single: values agree
func.func @single() -> (tensor<8xf32>, tensor<8xf32>) attributes {check_values} {
  %x = nn.constant dense<[2.0, 2.0, -2.0, -2.0, 0.0, 0.0, 9.0, 1.0e-20]> : tensor<8xf32>
  %y = nn.constant dense<[10.0, -2.0, 3.0, 0.5, 0.0, 2.0, 0.5, -1.5]> : tensor<8xf32>
  %z = nn.pow %x, %y : tensor<8xf32>, tensor<8xf32>
  %expected = nn.constant dense<[1024.0, 0.25, -8.0, 0x7FC00000, 1.0, 0.0, 3.0, 1.0e30]> : tensor<8xf32>
  return %z, %expected : tensor<8xf32>, tensor<8xf32>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<3x1x5xf64>, %y: tensor<7x5xf64>) -> tensor<3x7x5xf64> attributes {check_gradient = {low = 0.5, high = 2.0}} {
  %z = nn.pow %x, %y : tensor<3x1x5xf64>, tensor<7x5xf64>
  return %z : tensor<3x7x5xf64>
}

// A power of 0 does not change with the exponent: 0, not 0 * ln(0).
// NUMBERS: @of_zero: gradient agrees
func.func @of_zero(%y: tensor<5xf64>) -> tensor<5xf64> attributes {check_gradient = {low = 0.5, high = 2.0}} {
  %x = nn.constant dense<[0.0, -0.0, 0.5, 0.0, 3.0]> : tensor<5xf64>
  %z = nn.pow %x, %y : tensor<5xf64>, tensor<5xf64>
  return %z : tensor<5xf64>
}

// NUMBERS: @of_negative: gradient agrees
func.func @of_negative(%x: tensor<5xf64>) -> tensor<5xf64> attributes {check_gradient = {low = -2.0, high = -0.5}} {
  %y = nn.constant dense<[1.0, 2.0, 3.0, -1.0, 0.0]> : tensor<5xf64>
  %z = nn.pow %x, %y : tensor<5xf64>, tensor<5xf64>
  return %z : tensor<5xf64>
}

// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @atan(
// SYNTAX: nn.atan %{{.*}} : tensor<3x5xf32>
// COUNT: @atan: 15 operations: trigonometric 15
// LOWER-LABEL: func @atan(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: math.atan
func.func @atan(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.atan %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @atan_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<f32>
// GRADIENT-DAG: %[[ONE:.*]] = nn.constant dense<1.0{{.*}}> : tensor<f32>
// GRADIENT: %[[DX:.*]] = nn.atan_grad %[[X]], %[[ONE]]
// GRADIENT: return %[[DX]]
// COUNT: @atan_gradient: 4 operations: add 1, divide 1, multiply 1, trigonometric 1
func.func @atan_gradient(%x: tensor<f32>) -> tensor<f32> {
  %loss = nn.atan %x : tensor<f32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<f32>
  return %dx : tensor<f32>
}

// SYNTAX-LABEL: func @atan_grad(
// SYNTAX: nn.atan_grad %{{.*}}, %{{.*}} : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @atan_grad: 45 operations: add 15, divide 15, multiply 15
// LOWER-LABEL: func @atan_grad(
// LOWER: arith.mulf
// LOWER: arith.addf
// LOWER: arith.divf
func.func @atan_grad(%x: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.atan_grad %x, %dy : tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.atan %
// FOLD: return
func.func @values() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1.0e+300, -2.5, -0.0, 1.0e-300, 0.5, 30.0, 1.0e+300]> : tensor<7xf64>
  %result = nn.atan %x : tensor<7xf64>
  %expected = nn.constant dense<[-1.5707963267948966, -1.1902899496825317, 0.0, 1.0e-300, 0.4636476090008061, 1.5374753309166493, 1.5707963267948966]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// Small results, too, have all their digits.
// NUMBERS: @small: values agree
func.func @small() -> (tensor<2xf64>, tensor<2xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1.0e-09, 1.0e-300]> : tensor<2xf64>
  %y = nn.atan %x : tensor<2xf64>
  %right = nn.constant dense<[-1.0e-09, 1.0e-300]> : tensor<2xf64>
  %result = nn.div %y, %right : tensor<2xf64>, tensor<2xf64>
  %expected = nn.constant dense<1.0> : tensor<2xf64>
  return %result, %expected : tensor<2xf64>, tensor<2xf64>
}

// NUMBERS: @single: values agree
func.func @single() -> (tensor<6xf32>, tensor<6xf32>) attributes {check_values} {
  %x = nn.constant dense<[-1.0e+30, -2.5, -0.0, 0.5, 30.0, 1.0e+30]> : tensor<6xf32>
  %result = nn.atan %x : tensor<6xf32>
  %expected = nn.constant dense<[-1.5707964, -1.19029, 0.0, 0.4636476, 1.5374753, 1.5707964]> : tensor<6xf32>
  return %result, %expected : tensor<6xf32>, tensor<6xf32>
}

// A square that overflows gives a slope of 0.
// NUMBERS: @slopes: values agree
func.func @slopes() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1.0e+300, -2.5, -0.0, 1.0e-300, 0.5, 30.0, 1.0e+300]> : tensor<7xf64>
  %dy = nn.constant dense<[2.0, -1.0, 0.5, 3.0, 2.0, -1.0, 0.5]> : tensor<7xf64>
  %result = nn.atan_grad %x, %dy : tensor<7xf64>, tensor<7xf64>
  %expected = nn.constant dense<[0.0, -0.13793103448275862, 0.5, 3.0, 1.6, -0.0011098779134295228, 0.0]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<5x7xf64>) -> tensor<5x7xf64> attributes {check_gradient = {low = -3.0, high = 3.0}} {
  %y = nn.atan %x : tensor<5x7xf64>
  return %y : tensor<5x7xf64>
}

// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @sin(
// SYNTAX: nn.sin %{{.*}} : tensor<3x5xf32>
// COUNT: @sin: 15 operations: trigonometric 15
// LOWER-LABEL: func @sin(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: math.sin
func.func @sin(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.sin %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @sin_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<f32>
// GRADIENT-DAG: %[[ONE:.*]] = nn.constant dense<1.0{{.*}}> : tensor<f32>
// GRADIENT: %[[DX:.*]] = nn.sin_grad %[[X]], %[[ONE]]
// GRADIENT: return %[[DX]]
// COUNT: @sin_gradient: 3 operations: multiply 1, trigonometric 2
func.func @sin_gradient(%x: tensor<f32>) -> tensor<f32> {
  %loss = nn.sin %x : tensor<f32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<f32>
  return %dx : tensor<f32>
}

// SYNTAX-LABEL: func @sin_grad(
// SYNTAX: nn.sin_grad %{{.*}}, %{{.*}} : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @sin_grad: 30 operations: multiply 15, trigonometric 15
// LOWER-LABEL: func @sin_grad(
// LOWER: math.cos
// LOWER: arith.mulf
func.func @sin_grad(%x: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.sin_grad %x, %dy : tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.sin %
// FOLD: return
func.func @values() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-100.25, -2.5, -0.0, 1.0e-300, 0.5, 1.5707963267948966, 1000000.0]> : tensor<7xf64>
  %result = nn.sin %x : tensor<7xf64>
  %expected = nn.constant dense<[0.2772828564548513, -0.5984721441039565, 0.0, 1.0e-300, 0.479425538604203, 1.0, -0.34999350217129294]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// Small results, too, have all their digits.
// NUMBERS: @small: values agree
func.func @small() -> (tensor<2xf64>, tensor<2xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1.0e-09, 1.0e-300]> : tensor<2xf64>
  %y = nn.sin %x : tensor<2xf64>
  %right = nn.constant dense<[-1.0e-09, 1.0e-300]> : tensor<2xf64>
  %result = nn.div %y, %right : tensor<2xf64>, tensor<2xf64>
  %expected = nn.constant dense<1.0> : tensor<2xf64>
  return %result, %expected : tensor<2xf64>, tensor<2xf64>
}

// NUMBERS: @single: values agree
func.func @single() -> (tensor<9xf32>, tensor<9xf32>) attributes {check_values} {
  %x = nn.constant dense<[-100.25, -2.5, -1.0e-09, -0.0, 0.5, 10.0, 1000.5, 1000000.0, 100000000.0]> : tensor<9xf32>
  %result = nn.sin %x : tensor<9xf32>
  %expected = nn.constant dense<[0.27728286, -0.5984721, -1.0e-09, 0.0, 0.47942555, -0.5440211, 0.99527395, -0.3499935, 0.931639]> : tensor<9xf32>
  return %result, %expected : tensor<9xf32>, tensor<9xf32>
}

// NUMBERS: @slopes: values agree
func.func @slopes() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-100.25, -2.5, -0.0, 1.0e-300, 0.5, 1.5707963267948966, 1000000.0]> : tensor<7xf64>
  %dy = nn.constant dense<[2.0, -1.0, 0.5, 3.0, 2.0, -1.0, 0.5]> : tensor<7xf64>
  %result = nn.sin_grad %x, %dy : tensor<7xf64>, tensor<7xf64>
  %expected = nn.constant dense<[1.9215766625521224, 0.8011436155469337, 0.5, 3.0, 1.7551651237807455, -6.123233995736766e-17, 0.46837606376657237]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<5x7xf64>) -> tensor<5x7xf64> attributes {check_gradient = {low = -4.0, high = 4.0}} {
  %y = nn.sin %x : tensor<5x7xf64>
  return %y : tensor<5x7xf64>
}

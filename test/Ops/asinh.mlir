// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @asinh(
// SYNTAX: nn.asinh %{{.*}} : tensor<3x5xf32>
// COUNT: @asinh: 15 operations: trigonometric 15
// LOWER-LABEL: func @asinh(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: math.asinh
func.func @asinh(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.asinh %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @asinh_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<f32>
// GRADIENT-DAG: %[[ONE:.*]] = nn.constant dense<1.0{{.*}}> : tensor<f32>
// GRADIENT: %[[DX:.*]] = nn.asinh_grad %[[X]], %[[ONE]]
// GRADIENT: return %[[DX]]
// COUNT: @asinh_gradient: 5 operations: add 1, multiply 2, rsqrt 1, trigonometric 1
func.func @asinh_gradient(%x: tensor<f32>) -> tensor<f32> {
  %loss = nn.asinh %x : tensor<f32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<f32>
  return %dx : tensor<f32>
}

// SYNTAX-LABEL: func @asinh_grad(
// SYNTAX: nn.asinh_grad %{{.*}}, %{{.*}} : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @asinh_grad: 60 operations: add 15, multiply 30, rsqrt 15
// LOWER-LABEL: func @asinh_grad(
// LOWER: arith.mulf
// LOWER: arith.addf
// LOWER: math.rsqrt
// LOWER: arith.mulf
func.func @asinh_grad(%x: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.asinh_grad %x, %dy : tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// ln(x + sqrt(x * x + 1)) would overflow, and lose small numbers.
// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.asinh %
// FOLD: return
func.func @values() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1.0e+300, -2.5, -0.0, 1.0e-300, 0.5, 30.0, 1.0e+300]> : tensor<7xf64>
  %result = nn.asinh %x : tensor<7xf64>
  %expected = nn.constant dense<[-691.4686750787737, -1.6472311463710958, 0.0, 1.0e-300, 0.48121182505960347, 4.09462222433053, 691.4686750787737]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// Small results, too, have all their digits.
// NUMBERS: @small: values agree
func.func @small() -> (tensor<2xf64>, tensor<2xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1.0e-09, 1.0e-300]> : tensor<2xf64>
  %y = nn.asinh %x : tensor<2xf64>
  %right = nn.constant dense<[-1.0e-09, 1.0e-300]> : tensor<2xf64>
  %result = nn.div %y, %right : tensor<2xf64>, tensor<2xf64>
  %expected = nn.constant dense<1.0> : tensor<2xf64>
  return %result, %expected : tensor<2xf64>, tensor<2xf64>
}

// NUMBERS: @single: values agree
func.func @single() -> (tensor<6xf32>, tensor<6xf32>) attributes {check_values} {
  %x = nn.constant dense<[-1.0e+30, -2.5, -0.0, 0.5, 30.0, 1.0e+30]> : tensor<6xf32>
  %result = nn.asinh %x : tensor<6xf32>
  %expected = nn.constant dense<[-69.7707, -1.6472311, 0.0, 0.4812118, 4.094622, 69.7707]> : tensor<6xf32>
  return %result, %expected : tensor<6xf32>, tensor<6xf32>
}

// A square that overflows gives a slope of 0.
// NUMBERS: @slopes: values agree
func.func @slopes() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1.0e+300, -2.5, -0.0, 1.0e-300, 0.5, 30.0, 1.0e+300]> : tensor<7xf64>
  %dy = nn.constant dense<[2.0, -1.0, 0.5, 3.0, 2.0, -1.0, 0.5]> : tensor<7xf64>
  %result = nn.asinh_grad %x, %dy : tensor<7xf64>, tensor<7xf64>
  %expected = nn.constant dense<[2.0e-300, -0.3713906763541037, 0.5, 3.0, 1.7888543819998317, -0.03331483023263848, 5.0e-301]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<5x7xf64>) -> tensor<5x7xf64> attributes {check_gradient = {low = -3.0, high = 3.0}} {
  %y = nn.asinh %x : tensor<5x7xf64>
  return %y : tensor<5x7xf64>
}

// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @sinh(
// SYNTAX: nn.sinh %{{.*}} : tensor<3x5xf32>
// COUNT: @sinh: 15 operations: trigonometric 15
// LOWER-LABEL: func @sinh(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: math.sinh
func.func @sinh(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.sinh %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @sinh_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<f32>
// GRADIENT-DAG: %[[ONE:.*]] = nn.constant dense<1.0{{.*}}> : tensor<f32>
// GRADIENT: %[[DX:.*]] = nn.sinh_grad %[[X]], %[[ONE]]
// GRADIENT: return %[[DX]]
// COUNT: @sinh_gradient: 3 operations: multiply 1, trigonometric 2
func.func @sinh_gradient(%x: tensor<f32>) -> tensor<f32> {
  %loss = nn.sinh %x : tensor<f32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<f32>
  return %dx : tensor<f32>
}

// SYNTAX-LABEL: func @sinh_grad(
// SYNTAX: nn.sinh_grad %{{.*}}, %{{.*}} : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @sinh_grad: 30 operations: multiply 15, trigonometric 15
// LOWER-LABEL: func @sinh_grad(
// LOWER: math.cosh
// LOWER: arith.mulf
func.func @sinh_grad(%x: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.sinh_grad %x, %dy : tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.sinh %
// FOLD: return
func.func @values() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1000.0, -2.5, -0.0, 1.0e-300, 0.5, 700.0, 1000.0]> : tensor<7xf64>
  %result = nn.sinh %x : tensor<7xf64>
  %expected = nn.constant dense<[0xFFF0000000000000, -6.0502044810397875, 0.0, 1.0e-300, 0.5210953054937474, 5.0711602736750225e+303, 0x7FF0000000000000]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// Small results, too, have all their digits.
// NUMBERS: @small: values agree
func.func @small() -> (tensor<2xf64>, tensor<2xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1.0e-09, 1.0e-300]> : tensor<2xf64>
  %y = nn.sinh %x : tensor<2xf64>
  %right = nn.constant dense<[-1.0e-09, 1.0e-300]> : tensor<2xf64>
  %result = nn.div %y, %right : tensor<2xf64>, tensor<2xf64>
  %expected = nn.constant dense<1.0> : tensor<2xf64>
  return %result, %expected : tensor<2xf64>, tensor<2xf64>
}

// NUMBERS: @single: values agree
func.func @single() -> (tensor<6xf32>, tensor<6xf32>) attributes {check_values} {
  %x = nn.constant dense<[-200.0, -2.5, -0.0, 0.5, 80.0, 200.0]> : tensor<6xf32>
  %result = nn.sinh %x : tensor<6xf32>
  %expected = nn.constant dense<[0xFF800000, -6.0502043, 0.0, 0.5210953, 2.7703112e+34, 0x7F800000]> : tensor<6xf32>
  return %result, %expected : tensor<6xf32>, tensor<6xf32>
}

// NUMBERS: @slopes: values agree
func.func @slopes() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1000.0, -2.5, -0.0, 1.0e-300, 0.5, 700.0, 1000.0]> : tensor<7xf64>
  %dy = nn.constant dense<[2.0, -1.0, 0.5, 3.0, 2.0, -1.0, 0.5]> : tensor<7xf64>
  %result = nn.sinh_grad %x, %dy : tensor<7xf64>, tensor<7xf64>
  %expected = nn.constant dense<[0x7FF0000000000000, -6.132289479663686, 0.5, 3.0, 2.2552519304127614, -5.0711602736750225e+303, 0x7FF0000000000000]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<5x7xf64>) -> tensor<5x7xf64> attributes {check_gradient = {low = -2.0, high = 2.0}} {
  %y = nn.sinh %x : tensor<5x7xf64>
  return %y : tensor<5x7xf64>
}

// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @softsign(
// SYNTAX: nn.softsign %{{.*}} : tensor<3x5xf32>
// COUNT: @softsign: 45 operations: absolute 15, add 15, divide 15
// LOWER-LABEL: func @softsign(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: math.absf
// LOWER: arith.addf
// LOWER: arith.divf
func.func @softsign(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.softsign %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @softsign_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<f32>
// GRADIENT-DAG: %[[ONE:.*]] = nn.constant dense<1.0{{.*}}> : tensor<f32>
// GRADIENT: %[[DX:.*]] = nn.softsign_grad %[[X]], %[[ONE]]
// GRADIENT: return %[[DX]]
// COUNT: @softsign_gradient: 7 operations: absolute 2, add 2, divide 2, multiply 1
func.func @softsign_gradient(%x: tensor<f32>) -> tensor<f32> {
  %loss = nn.softsign %x : tensor<f32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<f32>
  return %dx : tensor<f32>
}

// SYNTAX-LABEL: func @softsign_grad(
// SYNTAX: nn.softsign_grad %{{.*}}, %{{.*}} : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @softsign_grad: 60 operations: absolute 15, add 15, divide 15, multiply 15
// LOWER-LABEL: func @softsign_grad(
// LOWER: math.absf
// LOWER: arith.addf
// LOWER: arith.mulf
// LOWER: arith.divf
func.func @softsign_grad(%x: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.softsign_grad %x, %dy : tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.softsign %
// FOLD: return
func.func @values() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1.0e+300, -2.5, -0.0, 1.0e-300, 0.5, 30.0, 1.0e+300]> : tensor<7xf64>
  %result = nn.softsign %x : tensor<7xf64>
  %expected = nn.constant dense<[-1.0, -0.7142857142857143, 0.0, 1.0e-300, 0.3333333333333333, 0.967741935483871, 1.0]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// Small results, too, have all their digits.
// NUMBERS: @small: values agree
func.func @small() -> (tensor<2xf64>, tensor<2xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1.0e-09, 1.0e-300]> : tensor<2xf64>
  %y = nn.softsign %x : tensor<2xf64>
  %right = nn.constant dense<[-9.999999990000001e-10, 1.0e-300]> : tensor<2xf64>
  %result = nn.div %y, %right : tensor<2xf64>, tensor<2xf64>
  %expected = nn.constant dense<1.0> : tensor<2xf64>
  return %result, %expected : tensor<2xf64>, tensor<2xf64>
}

// A square that overflows gives a slope of 0.
// NUMBERS: @slopes: values agree
func.func @slopes() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1.0e+300, -2.5, -0.0, 1.0e-300, 0.5, 30.0, 1.0e+300]> : tensor<7xf64>
  %dy = nn.constant dense<[2.0, -1.0, 0.5, 3.0, 2.0, -1.0, 0.5]> : tensor<7xf64>
  %result = nn.softsign_grad %x, %dy : tensor<7xf64>, tensor<7xf64>
  %expected = nn.constant dense<[0.0, -0.08163265306122448, 0.5, 3.0, 0.8888888888888888, -0.001040582726326743, 0.0]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<5x7xf64>) -> tensor<5x7xf64> attributes {check_gradient = {low = -3.0, high = 3.0}} {
  %y = nn.softsign %x : tensor<5x7xf64>
  return %y : tensor<5x7xf64>
}

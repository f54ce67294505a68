// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @softplus(
// SYNTAX: nn.softplus %{{.*}} : tensor<3x5xf32>
// COUNT: @softplus: 90 operations: absolute 15, add 15, exp 15, log 15, maximum 15, negate 15
// LOWER-LABEL: func @softplus(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: arith.maximumf
// LOWER: math.absf
// LOWER: arith.negf
// LOWER: math.exp
// LOWER: math.log1p
// LOWER: arith.addf
func.func @softplus(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.softplus %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @softplus_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<f32>
// GRADIENT-DAG: %[[ONE:.*]] = nn.constant dense<1.0{{.*}}> : tensor<f32>
// GRADIENT: %[[DX:.*]] = nn.softplus_grad %[[X]], %[[ONE]]
// GRADIENT: return %[[DX]]
// COUNT: @softplus_gradient: 10 operations: absolute 1, add 2, divide 1, exp 2, log 1, maximum 1, negate 2
func.func @softplus_gradient(%x: tensor<f32>) -> tensor<f32> {
  %loss = nn.softplus %x : tensor<f32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<f32>
  return %dx : tensor<f32>
}

// SYNTAX-LABEL: func @softplus_grad(
// SYNTAX: nn.softplus_grad %{{.*}}, %{{.*}} : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @softplus_grad: 60 operations: add 15, divide 15, exp 15, negate 15
// LOWER-LABEL: func @softplus_grad(
// LOWER: arith.negf
// LOWER: math.exp
// LOWER: arith.addf
// LOWER: arith.divf
func.func @softplus_grad(%x: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.softplus_grad %x, %dy : tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// exp(800) overflows: it is not computed.
// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.softplus %
// FOLD: return
func.func @values() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-800.0, -40.0, -1.0, -0.0, 0.5, 30.0, 800.0]> : tensor<7xf64>
  %result = nn.softplus %x : tensor<7xf64>
  %expected = nn.constant dense<[0.0, 4.248354255291589e-18, 0.3132616875182228, 0.6931471805599453, 0.9740769841801067, 30.000000000000092, 800.0]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// Small results, too, have all their digits.
// NUMBERS: @small: values agree
func.func @small() -> (tensor<2xf64>, tensor<2xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-40.0, -500.0]> : tensor<2xf64>
  %y = nn.softplus %x : tensor<2xf64>
  %right = nn.constant dense<[4.248354255291589e-18, 7.124576406741286e-218]> : tensor<2xf64>
  %result = nn.div %y, %right : tensor<2xf64>, tensor<2xf64>
  %expected = nn.constant dense<1.0> : tensor<2xf64>
  return %result, %expected : tensor<2xf64>, tensor<2xf64>
}

// NUMBERS: @single: values agree
func.func @single() -> (tensor<6xf32>, tensor<6xf32>) attributes {check_values} {
  %x = nn.constant dense<[-200.0, -20.0, -1.0, -0.0, 0.5, 200.0]> : tensor<6xf32>
  %result = nn.softplus %x : tensor<6xf32>
  %expected = nn.constant dense<[0.0, 2.0611537e-09, 0.3132617, 0.6931472, 0.974077, 200.0]> : tensor<6xf32>
  return %result, %expected : tensor<6xf32>, tensor<6xf32>
}

// NUMBERS: @slopes: values agree
func.func @slopes() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-800.0, -40.0, -1.0, -0.0, 0.5, 30.0, 800.0]> : tensor<7xf64>
  %dy = nn.constant dense<[2.0, -1.0, 0.5, 3.0, 2.0, -1.0, 0.5]> : tensor<7xf64>
  %result = nn.softplus_grad %x, %dy : tensor<7xf64>, tensor<7xf64>
  %expected = nn.constant dense<[0.0, -4.248354255291589e-18, 0.13447071068499755, 1.5, 1.2449186624037092, -0.9999999999999064, 0.5]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<5x7xf64>) -> tensor<5x7xf64> attributes {check_gradient = {low = -3.0, high = 3.0}} {
  %y = nn.softplus %x : tensor<5x7xf64>
  return %y : tensor<5x7xf64>
}

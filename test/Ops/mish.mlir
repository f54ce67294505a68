// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @mish(
// SYNTAX: nn.mish %{{.*}} : tensor<3x5xf32>
// COUNT: @mish: 105 operations: add 30, divide 15, exp 15, minimum 15, multiply 30
// LOWER-LABEL: func @mish(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: arith.minimumf
// LOWER: math.exp
// LOWER: arith.addf
// LOWER: arith.mulf
// LOWER: arith.addf
// LOWER: arith.divf
// LOWER: arith.mulf
func.func @mish(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.mish %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @mish_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<f32>
// GRADIENT-DAG: %[[ONE:.*]] = nn.constant dense<1.0{{.*}}> : tensor<f32>
// GRADIENT: %[[DX:.*]] = nn.mish_grad %[[X]], %[[ONE]]
// GRADIENT: return %[[DX]]
// COUNT: @mish_gradient: 22 operations: add 6, divide 2, exp 2, minimum 2, multiply 10
func.func @mish_gradient(%x: tensor<f32>) -> tensor<f32> {
  %loss = nn.mish %x : tensor<f32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<f32>
  return %dx : tensor<f32>
}

// SYNTAX-LABEL: func @mish_grad(
// SYNTAX: nn.mish_grad %{{.*}}, %{{.*}} : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @mish_grad: 225 operations: add 60, divide 15, exp 15, minimum 15, multiply 120
// LOWER-LABEL: func @mish_grad(
// LOWER: arith.minimumf
// LOWER: math.exp
// LOWER: arith.divf
func.func @mish_grad(%x: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.mish_grad %x, %dy : tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// exp(800) overflows: it is not computed.
// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.mish %
// FOLD: return
func.func @values() -> (tensor<9xf64>, tensor<9xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-800.0, -40.0, -1.2, -0.0, 0.5, 20.0, 39.0, 41.0, 800.0]> : tensor<9xf64>
  %result = nn.mish %x : tensor<9xf64>
  %expected = nn.constant dense<[-0.0, -1.6993417021166355e-16, -0.3088357963148625, 0.0, 0.37524521130489513, 20.0, 39.0, 41.0, 800.0]> : tensor<9xf64>
  return %result, %expected : tensor<9xf64>, tensor<9xf64>
}

// Small results, too, have all their digits.
// NUMBERS: @small: values agree
func.func @small() -> (tensor<2xf64>, tensor<2xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-40.0, 1.0e-300]> : tensor<2xf64>
  %y = nn.mish %x : tensor<2xf64>
  %right = nn.constant dense<[-1.6993417021166355e-16, 6.0e-301]> : tensor<2xf64>
  %result = nn.div %y, %right : tensor<2xf64>, tensor<2xf64>
  %expected = nn.constant dense<1.0> : tensor<2xf64>
  return %result, %expected : tensor<2xf64>, tensor<2xf64>
}

// NUMBERS: @single: values agree
func.func @single() -> (tensor<8xf32>, tensor<8xf32>) attributes {check_values} {
  %x = nn.constant dense<[-200.0, -20.0, -1.2, -0.0, 0.5, 20.0, 41.0, 200.0]> : tensor<8xf32>
  %result = nn.mish %x : tensor<8xf32>
  %expected = nn.constant dense<[-0.0, -4.122307e-08, -0.3088358, 0.0, 0.3752452, 20.0, 41.0, 200.0]> : tensor<8xf32>
  return %result, %expected : tensor<8xf32>, tensor<8xf32>
}

// NUMBERS: @slopes: values agree
func.func @slopes() -> (tensor<9xf64>, tensor<9xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-800.0, -40.0, -1.2, -0.0, 0.5, 20.0, 39.0, 41.0, 800.0]> : tensor<9xf64>
  %dy = nn.constant dense<[2.0, -1.0, 0.5, 3.0, 2.0, -1.0, 0.5, 3.0, 2.0]> : tensor<9xf64>
  %result = nn.mish_grad %x, %dy : tensor<9xf64>, tensor<9xf64>
  %expected = nn.constant dense<[-0.0, 1.6568581595637197e-16, -0.0010043806967645235, 1.8, 1.7728487507154544, -1.0000000000000002, 0.5, 3.0, 2.0]> : tensor<9xf64>
  return %result, %expected : tensor<9xf64>, tensor<9xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<5x7xf64>) -> tensor<5x7xf64> attributes {check_gradient = {low = -3.0, high = 3.0}} {
  %y = nn.mish %x : tensor<5x7xf64>
  return %y : tensor<5x7xf64>
}

// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @tan(
// SYNTAX: nn.tan %{{.*}} : tensor<3x5xf32>
// COUNT: @tan: 15 operations: trigonometric 15
// LOWER-LABEL: func @tan(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: math.tan
func.func @tan(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.tan %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @tan_gradient(
// GRADIENT-DAG: %[[ONE:.*]] = nn.constant dense<1.0{{.*}}> : tensor<f32>
// GRADIENT-DAG: %[[Y:.*]] = nn.tan %
// GRADIENT: %[[DX:.*]] = nn.tan_grad %[[Y]], %[[ONE]]
// GRADIENT: return %[[DX]]
// COUNT: @tan_gradient: 4 operations: add 1, multiply 2, trigonometric 1
func.func @tan_gradient(%x: tensor<f32>) -> tensor<f32> {
  %loss = nn.tan %x : tensor<f32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<f32>
  return %dx : tensor<f32>
}

// SYNTAX-LABEL: func @tan_grad(
// SYNTAX: nn.tan_grad %{{.*}}, %{{.*}} : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @tan_grad: 45 operations: add 15, multiply 30
// LOWER-LABEL: func @tan_grad(
// LOWER: arith.mulf
// LOWER: arith.addf
// LOWER: arith.mulf
func.func @tan_grad(%y: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.tan_grad %y, %dy : tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// The double nearest to pi/2 is below it.
// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.tan %
// FOLD: return
func.func @values() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-100.25, -2.5, -0.0, 1.0e-300, 0.5, 1.5707963267948966, 1000000.0]> : tensor<7xf64>
  %result = nn.tan %x : tensor<7xf64>
  %expected = nn.constant dense<[0.2885993172779075, 0.7470222972386603, 0.0, 1.0e-300, 0.5463024898437905, 1.633123935319537e+16, -0.373624453987599]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// Small results, too, have all their digits.
// NUMBERS: @small: values agree
func.func @small() -> (tensor<2xf64>, tensor<2xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1.0e-09, 1.0e-300]> : tensor<2xf64>
  %y = nn.tan %x : tensor<2xf64>
  %right = nn.constant dense<[-1.0e-09, 1.0e-300]> : tensor<2xf64>
  %result = nn.div %y, %right : tensor<2xf64>, tensor<2xf64>
  %expected = nn.constant dense<1.0> : tensor<2xf64>
  return %result, %expected : tensor<2xf64>, tensor<2xf64>
}

// NUMBERS: @single: values agree
func.func @single() -> (tensor<9xf32>, tensor<9xf32>) attributes {check_values} {
  %x = nn.constant dense<[-100.25, -2.5, -1.0e-09, -0.0, 0.5, 10.0, 1000.5, 1000000.0, 100000000.0]> : tensor<9xf32>
  %result = nn.tan %x : tensor<9xf32>
  %expected = nn.constant dense<[0.2885993, 0.7470223, -1.0e-09, 0.0, 0.5463025, 0.64836085, 10.249261, -0.37362444, -2.5637789]> : tensor<9xf32>
  return %result, %expected : tensor<9xf32>, tensor<9xf32>
}

// NUMBERS: @slopes: values agree
func.func @slopes() -> (tensor<4xf64>, tensor<4xf64>) attributes {check_values = 1.0e-13} {
  %y = nn.constant dense<[0.7470222972386603, 0.0, 0.5463024898437905, 1.633123935319537e+16]> : tensor<4xf64>
  %dy = nn.constant dense<[2.0, -1.0, 0.5, 3.0]> : tensor<4xf64>
  %result = nn.tan_grad %y, %dy : tensor<4xf64>, tensor<4xf64>
  %expected = nn.constant dense<[3.1160846251434506, -1.0, 0.6492232052047624, 8.001281364340714e+32]> : tensor<4xf64>
  return %result, %expected : tensor<4xf64>, tensor<4xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<5x7xf64>) -> tensor<5x7xf64> attributes {check_gradient = {low = -1.2, high = 1.2}} {
  %y = nn.tan %x : tensor<5x7xf64>
  return %y : tensor<5x7xf64>
}

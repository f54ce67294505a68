// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @abs(
// SYNTAX: nn.abs %{{.*}} : tensor<3x5xf32>
// COUNT: @abs: 15 operations: absolute 15
// LOWER-LABEL: func @abs(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: math.absf
func.func @abs(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.abs %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @abs_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<f32>
// GRADIENT-DAG: %[[ONE:.*]] = nn.constant dense<1.0{{.*}}> : tensor<f32>
// GRADIENT: %[[DX:.*]] = nn.abs_grad %[[X]], %[[ONE]]
// GRADIENT: return %[[DX]]
// COUNT: @abs_gradient: 6 operations: absolute 1, compare 2, negate 1, select 2
func.func @abs_gradient(%x: tensor<f32>) -> tensor<f32> {
  %loss = nn.abs %x : tensor<f32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<f32>
  return %dx : tensor<f32>
}

// SYNTAX-LABEL: func @abs_grad(
// SYNTAX: nn.abs_grad %{{.*}}, %{{.*}} : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @abs_grad: 75 operations: compare 30, negate 15, select 30
// LOWER-LABEL: func @abs_grad(
// LOWER: arith.cmpf olt
// LOWER: arith.negf
// LOWER: arith.select
// LOWER: arith.cmpf ogt
// LOWER: arith.select
func.func @abs_grad(%x: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.abs_grad %x, %dy : tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.abs %
// FOLD: return
func.func @values() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1.0e+300, -2.5, -0.0, 0.0, 1.0e-300, 3.0, 0xFFF0000000000000]> : tensor<7xf64>
  %result = nn.abs %x : tensor<7xf64>
  %expected = nn.constant dense<[1.0e+300, 2.5, 0.0, 0.0, 1.0e-300, 3.0, 0x7FF0000000000000]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// 0 at 0, as in PyTorch.
// NUMBERS: @slopes: values agree
func.func @slopes() -> (tensor<6xf64>, tensor<6xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1.0e+300, -2.5, -0.0, 0.0, 1.0e-300, 3.0]> : tensor<6xf64>
  %dy = nn.constant dense<[2.0, -1.0, 0.5, 3.0, 2.0, -1.0]> : tensor<6xf64>
  %result = nn.abs_grad %x, %dy : tensor<6xf64>, tensor<6xf64>
  %expected = nn.constant dense<[-2.0, 1.0, 0.0, 0.0, 2.0, -1.0]> : tensor<6xf64>
  return %result, %expected : tensor<6xf64>, tensor<6xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<5x7xf64>) -> tensor<5x7xf64> attributes {check_gradient} {
  %y = nn.abs %x : tensor<5x7xf64>
  return %y : tensor<5x7xf64>
}

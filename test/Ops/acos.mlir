// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @acos(
// SYNTAX: nn.acos %{{.*}} : tensor<3x5xf32>
// COUNT: @acos: 15 operations: trigonometric 15
// LOWER-LABEL: func @acos(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: math.acos
func.func @acos(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.acos %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @acos_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<f32>
// GRADIENT-DAG: %[[ONE:.*]] = nn.constant dense<1.0{{.*}}> : tensor<f32>
// GRADIENT: %[[DX:.*]] = nn.acos_grad %[[X]], %[[ONE]]
// GRADIENT: return %[[DX]]
// COUNT: @acos_gradient: 6 operations: multiply 2, negate 1, rsqrt 1, subtract 1, trigonometric 1
func.func @acos_gradient(%x: tensor<f32>) -> tensor<f32> {
  %loss = nn.acos %x : tensor<f32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<f32>
  return %dx : tensor<f32>
}

// SYNTAX-LABEL: func @acos_grad(
// SYNTAX: nn.acos_grad %{{.*}}, %{{.*}} : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @acos_grad: 75 operations: multiply 30, negate 15, rsqrt 15, subtract 15
// LOWER-LABEL: func @acos_grad(
// LOWER: arith.mulf
// LOWER: arith.subf
// LOWER: math.rsqrt
// LOWER: arith.mulf
// LOWER: arith.negf
func.func @acos_grad(%x: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.acos_grad %x, %dy : tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.acos %
// FOLD: return
func.func @values() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1.0, -0.75, -0.0, 1.0e-300, 0.5, 0.9990234375, 1.0]> : tensor<7xf64>
  %result = nn.acos %x : tensor<7xf64>
  %expected = nn.constant dense<[3.141592653589793, 2.4188584057763776, 1.5707963267948966, 1.5707963267948966, 1.0471975511965979, 0.04419777114571532, 0.0]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @single: values agree
func.func @single() -> (tensor<7xf32>, tensor<7xf32>) attributes {check_values} {
  %x = nn.constant dense<[-1.0, -0.75, -0.0, 1.0e-300, 0.5, 0.9990234375, 1.0]> : tensor<7xf32>
  %result = nn.acos %x : tensor<7xf32>
  %expected = nn.constant dense<[3.1415927, 2.4188583, 1.5707964, 1.5707964, 1.0471976, 0.04419777, 0.0]> : tensor<7xf32>
  return %result, %expected : tensor<7xf32>, tensor<7xf32>
}

// The slope at -1 and 1 is infinite, as in PyTorch.
// NUMBERS: @slopes: values agree
func.func @slopes() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1.0, -0.75, -0.0, 1.0e-300, 0.5, 0.9990234375, 1.0]> : tensor<7xf64>
  %dy = nn.constant dense<[2.0, -1.0, 0.5, 3.0, 2.0, -1.0, 0.5]> : tensor<7xf64>
  %result = nn.acos_grad %x, %dy : tensor<7xf64>, tensor<7xf64>
  %expected = nn.constant dense<[0xFFF0000000000000, 1.511857892036909, -0.5, -3.0, -2.309401076758503, 22.632943293569802, 0xFFF0000000000000]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<5x7xf64>) -> tensor<5x7xf64> attributes {check_gradient = {low = -0.9, high = 0.9}} {
  %y = nn.acos %x : tensor<5x7xf64>
  return %y : tensor<5x7xf64>
}

// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @atanh(
// SYNTAX: nn.atanh %{{.*}} : tensor<3x5xf32>
// COUNT: @atanh: 15 operations: trigonometric 15
// LOWER-LABEL: func @atanh(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: math.atanh
func.func @atanh(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.atanh %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @atanh_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<f32>
// GRADIENT-DAG: %[[ONE:.*]] = nn.constant dense<1.0{{.*}}> : tensor<f32>
// GRADIENT: %[[DX:.*]] = nn.atanh_grad %[[X]], %[[ONE]]
// GRADIENT: return %[[DX]]
// COUNT: @atanh_gradient: 4 operations: divide 1, multiply 1, subtract 1, trigonometric 1
func.func @atanh_gradient(%x: tensor<f32>) -> tensor<f32> {
  %loss = nn.atanh %x : tensor<f32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<f32>
  return %dx : tensor<f32>
}

// SYNTAX-LABEL: func @atanh_grad(
// SYNTAX: nn.atanh_grad %{{.*}}, %{{.*}} : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @atanh_grad: 45 operations: divide 15, multiply 15, subtract 15
// LOWER-LABEL: func @atanh_grad(
// LOWER: arith.mulf
// LOWER: arith.subf
// LOWER: arith.divf
func.func @atanh_grad(%x: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.atanh_grad %x, %dy : tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.atanh %
// FOLD: return
func.func @values() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1.0, -0.75, -0.0, 1.0e-300, 0.5, 0.999999, 1.0]> : tensor<7xf64>
  %result = nn.atanh %x : tensor<7xf64>
  %expected = nn.constant dense<[0xFFF0000000000000, -0.9729550745276566, 0.0, 1.0e-300, 0.5493061443340549, 7.254328619247669, 0x7FF0000000000000]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// Small results, too, have all their digits.
// NUMBERS: @small: values agree
func.func @small() -> (tensor<2xf64>, tensor<2xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1.0e-09, 1.0e-300]> : tensor<2xf64>
  %y = nn.atanh %x : tensor<2xf64>
  %right = nn.constant dense<[-1.0e-09, 1.0e-300]> : tensor<2xf64>
  %result = nn.div %y, %right : tensor<2xf64>, tensor<2xf64>
  %expected = nn.constant dense<1.0> : tensor<2xf64>
  return %result, %expected : tensor<2xf64>, tensor<2xf64>
}

// NUMBERS: @single: values agree
func.func @single() -> (tensor<5xf32>, tensor<5xf32>) attributes {check_values} {
  %x = nn.constant dense<[-1.0, -0.75, -0.0, 0.5, 1.0]> : tensor<5xf32>
  %result = nn.atanh %x : tensor<5xf32>
  %expected = nn.constant dense<[0xFF800000, -0.97295505, 0.0, 0.54930615, 0x7F800000]> : tensor<5xf32>
  return %result, %expected : tensor<5xf32>, tensor<5xf32>
}

// The slope at -1 and 1 is infinite, as in PyTorch.
// NUMBERS: @slopes: values agree
func.func @slopes() -> (tensor<6xf64>, tensor<6xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1.0, -0.75, -0.0, 1.0e-300, 0.5, 1.0]> : tensor<6xf64>
  %dy = nn.constant dense<[2.0, -1.0, 0.5, 3.0, 2.0, -1.0]> : tensor<6xf64>
  %result = nn.atanh_grad %x, %dy : tensor<6xf64>, tensor<6xf64>
  %expected = nn.constant dense<[0x7FF0000000000000, -2.2857142857142856, 0.5, 3.0, 2.6666666666666665, 0xFFF0000000000000]> : tensor<6xf64>
  return %result, %expected : tensor<6xf64>, tensor<6xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<5x7xf64>) -> tensor<5x7xf64> attributes {check_gradient = {low = -0.9, high = 0.9}} {
  %y = nn.atanh %x : tensor<5x7xf64>
  return %y : tensor<5x7xf64>
}

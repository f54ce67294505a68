// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @asin(
// SYNTAX: nn.asin %{{.*}} : tensor<3x5xf32>
// COUNT: @asin: 15 operations: trigonometric 15
// LOWER-LABEL: func @asin(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: math.asin
func.func @asin(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.asin %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @asin_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<f32>
// GRADIENT-DAG: %[[ONE:.*]] = nn.constant dense<1.0{{.*}}> : tensor<f32>
// GRADIENT: %[[DX:.*]] = nn.asin_grad %[[X]], %[[ONE]]
// GRADIENT: return %[[DX]]
// COUNT: @asin_gradient: 5 operations: multiply 2, rsqrt 1, subtract 1, trigonometric 1
func.func @asin_gradient(%x: tensor<f32>) -> tensor<f32> {
  %loss = nn.asin %x : tensor<f32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<f32>
  return %dx : tensor<f32>
}

// SYNTAX-LABEL: func @asin_grad(
// SYNTAX: nn.asin_grad %{{.*}}, %{{.*}} : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @asin_grad: 60 operations: multiply 30, rsqrt 15, subtract 15
// LOWER-LABEL: func @asin_grad(
// LOWER: arith.mulf
// LOWER: arith.subf
// LOWER: math.rsqrt
// LOWER: arith.mulf
func.func @asin_grad(%x: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.asin_grad %x, %dy : tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.asin %
// FOLD: return
func.func @values() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1.0, -0.75, -0.0, 1.0e-300, 0.5, 0.9990234375, 1.0]> : tensor<7xf64>
  %result = nn.asin %x : tensor<7xf64>
  %expected = nn.constant dense<[-1.5707963267948966, -0.848062078981481, 0.0, 1.0e-300, 0.5235987755982989, 1.5265985556491812, 1.5707963267948966]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// Small results, too, have all their digits.
// NUMBERS: @small: values agree
func.func @small() -> (tensor<2xf64>, tensor<2xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1.0e-09, 1.0e-300]> : tensor<2xf64>
  %y = nn.asin %x : tensor<2xf64>
  %right = nn.constant dense<[-1.0e-09, 1.0e-300]> : tensor<2xf64>
  %result = nn.div %y, %right : tensor<2xf64>, tensor<2xf64>
  %expected = nn.constant dense<1.0> : tensor<2xf64>
  return %result, %expected : tensor<2xf64>, tensor<2xf64>
}

// NUMBERS: @single: values agree
func.func @single() -> (tensor<7xf32>, tensor<7xf32>) attributes {check_values} {
  %x = nn.constant dense<[-1.0, -0.75, -0.0, 1.0e-300, 0.5, 0.9990234375, 1.0]> : tensor<7xf32>
  %result = nn.asin %x : tensor<7xf32>
  %expected = nn.constant dense<[-1.5707964, -0.8480621, 0.0, 0.0, 0.5235988, 1.5265986, 1.5707964]> : tensor<7xf32>
  return %result, %expected : tensor<7xf32>, tensor<7xf32>
}

// The slope at -1 and 1 is infinite, as in PyTorch.
// NUMBERS: @slopes: values agree
func.func @slopes() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1.0, -0.75, -0.0, 1.0e-300, 0.5, 0.9990234375, 1.0]> : tensor<7xf64>
  %dy = nn.constant dense<[2.0, -1.0, 0.5, 3.0, 2.0, -1.0, 0.5]> : tensor<7xf64>
  %result = nn.asin_grad %x, %dy : tensor<7xf64>, tensor<7xf64>
  %expected = nn.constant dense<[0x7FF0000000000000, -1.511857892036909, 0.5, 3.0, 2.309401076758503, -22.632943293569802, 0x7FF0000000000000]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<5x7xf64>) -> tensor<5x7xf64> attributes {check_gradient = {low = -0.9, high = 0.9}} {
  %y = nn.asin %x : tensor<5x7xf64>
  return %y : tensor<5x7xf64>
}

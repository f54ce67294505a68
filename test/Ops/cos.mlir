// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @cos(
// SYNTAX: nn.cos %{{.*}} : tensor<3x5xf32>
// COUNT: @cos: 15 operations: trigonometric 15
// LOWER-LABEL: func @cos(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: math.cos
func.func @cos(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.cos %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @cos_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<f32>
// GRADIENT-DAG: %[[ONE:.*]] = nn.constant dense<1.0{{.*}}> : tensor<f32>
// GRADIENT: %[[DX:.*]] = nn.cos_grad %[[X]], %[[ONE]]
// GRADIENT: return %[[DX]]
// COUNT: @cos_gradient: 4 operations: multiply 1, negate 1, trigonometric 2
func.func @cos_gradient(%x: tensor<f32>) -> tensor<f32> {
  %loss = nn.cos %x : tensor<f32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<f32>
  return %dx : tensor<f32>
}

// SYNTAX-LABEL: func @cos_grad(
// SYNTAX: nn.cos_grad %{{.*}}, %{{.*}} : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @cos_grad: 45 operations: multiply 15, negate 15, trigonometric 15
// LOWER-LABEL: func @cos_grad(
// LOWER: math.sin
// LOWER: arith.mulf
// LOWER: arith.negf
func.func @cos_grad(%x: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.cos_grad %x, %dy : tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.cos %
// FOLD: return
func.func @values() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-100.25, -2.5, -0.0, 1.0e-300, 0.5, 1.5707963267948966, 1000000.0]> : tensor<7xf64>
  %result = nn.cos %x : tensor<7xf64>
  %expected = nn.constant dense<[0.9607883312760612, -0.8011436155469337, 1.0, 1.0, 0.8775825618903728, 6.123233995736766e-17, 0.9367521275331447]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @single: values agree
func.func @single() -> (tensor<9xf32>, tensor<9xf32>) attributes {check_values} {
  %x = nn.constant dense<[-100.25, -2.5, -1.0e-09, -0.0, 0.5, 10.0, 1000.5, 1000000.0, 100000000.0]> : tensor<9xf32>
  %result = nn.cos %x : tensor<9xf32>
  %expected = nn.constant dense<[0.9607883, -0.8011436, 1.0, 1.0, 0.87758255, -0.8390715, 0.097106904, 0.93675214, -0.36338508]> : tensor<9xf32>
  return %result, %expected : tensor<9xf32>, tensor<9xf32>
}

// NUMBERS: @slopes: values agree
func.func @slopes() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-100.25, -2.5, -0.0, 1.0e-300, 0.5, 1.5707963267948966, 1000000.0]> : tensor<7xf64>
  %dy = nn.constant dense<[2.0, -1.0, 0.5, 3.0, 2.0, -1.0, 0.5]> : tensor<7xf64>
  %result = nn.cos_grad %x, %dy : tensor<7xf64>, tensor<7xf64>
  %expected = nn.constant dense<[-0.5545657129097026, -0.5984721441039565, 0.0, -3.0e-300, -0.958851077208406, 1.0, 0.17499675108564647]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<5x7xf64>) -> tensor<5x7xf64> attributes {check_gradient = {low = -4.0, high = 4.0}} {
  %y = nn.cos %x : tensor<5x7xf64>
  return %y : tensor<5x7xf64>
}

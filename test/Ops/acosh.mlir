// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @acosh(
// SYNTAX: nn.acosh %{{.*}} : tensor<3x5xf32>
// COUNT: @acosh: 15 operations: trigonometric 15
// LOWER-LABEL: func @acosh(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: math.acosh
func.func @acosh(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.acosh %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @acosh_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<f32>
// GRADIENT-DAG: %[[ONE:.*]] = nn.constant dense<1.0{{.*}}> : tensor<f32>
// GRADIENT: %[[DX:.*]] = nn.acosh_grad %[[X]], %[[ONE]]
// GRADIENT: return %[[DX]]
// COUNT: @acosh_gradient: 5 operations: multiply 2, rsqrt 1, subtract 1, trigonometric 1
func.func @acosh_gradient(%x: tensor<f32>) -> tensor<f32> {
  %loss = nn.acosh %x : tensor<f32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<f32>
  return %dx : tensor<f32>
}

// SYNTAX-LABEL: func @acosh_grad(
// SYNTAX: nn.acosh_grad %{{.*}}, %{{.*}} : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @acosh_grad: 60 operations: multiply 30, rsqrt 15, subtract 15
// LOWER-LABEL: func @acosh_grad(
// LOWER: arith.mulf
// LOWER: arith.subf
// LOWER: math.rsqrt
// LOWER: arith.mulf
func.func @acosh_grad(%x: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.acosh_grad %x, %dy : tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.acosh %
// FOLD: return
func.func @values() -> (tensor<5xf64>, tensor<5xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[1.0, 1.0000001, 1.5, 10.0, 1.0e+300]> : tensor<5xf64>
  %result = nn.acosh %x : tensor<5xf64>
  %expected = nn.constant dense<[0.0, 0.0004472135919037347, 0.9624236501192069, 2.993222846126381, 691.4686750787737]> : tensor<5xf64>
  return %result, %expected : tensor<5xf64>, tensor<5xf64>
}

// NUMBERS: @single: values agree
func.func @single() -> (tensor<4xf32>, tensor<4xf32>) attributes {check_values} {
  %x = nn.constant dense<[1.0, 1.5, 10.0, 1.0e+30]> : tensor<4xf32>
  %result = nn.acosh %x : tensor<4xf32>
  %expected = nn.constant dense<[0.0, 0.9624236, 2.993223, 69.7707]> : tensor<4xf32>
  return %result, %expected : tensor<4xf32>, tensor<4xf32>
}

// The slope at 1 is infinite, as in PyTorch; a square that overflows gives 0.
// NUMBERS: @slopes: values agree
func.func @slopes() -> (tensor<5xf64>, tensor<5xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[1.0, 1.25, 1.5, 10.0, 1.0e+300]> : tensor<5xf64>
  %dy = nn.constant dense<[2.0, -1.0, 0.5, 3.0, 2.0]> : tensor<5xf64>
  %result = nn.acosh_grad %x, %dy : tensor<5xf64>, tensor<5xf64>
  %expected = nn.constant dense<[0x7FF0000000000000, -1.3333333333333333, 0.4472135954999579, 0.30151134457776363, 2.0e-300]> : tensor<5xf64>
  return %result, %expected : tensor<5xf64>, tensor<5xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<5x7xf64>) -> tensor<5x7xf64> attributes {check_gradient = {low = 1.2, high = 3.0}} {
  %y = nn.acosh %x : tensor<5x7xf64>
  return %y : tensor<5x7xf64>
}

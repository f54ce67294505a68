// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @leaky_relu(
// SYNTAX: nn.leaky_relu %{{.*}} alpha 1.000000e-01 : tensor<3x5xf32>
// COUNT: @leaky_relu: 30 operations: maximum 15, multiply 15
// LOWER-LABEL: func @leaky_relu(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: arith.mulf
// LOWER: arith.maximumf
func.func @leaky_relu(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.leaky_relu %x alpha 1.000000e-01 : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @leaky_relu_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<3x5xf32>
// GRADIENT: %[[Y:.*]] = nn.leaky_relu %[[X]]
// GRADIENT: %[[DY:.*]] = nn.broadcast
// GRADIENT: %[[DX:.*]] = nn.leaky_relu_grad %[[X]], %[[DY]] alpha
// GRADIENT: return %[[DX]]
// COUNT: @leaky_relu_gradient: 89 operations: add 14, compare 15, maximum 15, multiply 30, select 15
func.func @leaky_relu_gradient(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.leaky_relu %x alpha 1.000000e-01 : tensor<3x5xf32>
  %loss = nn.reduce_sum %y over [0, 1] : tensor<3x5xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// SYNTAX-LABEL: func @leaky_relu_grad(
// SYNTAX: nn.leaky_relu_grad %{{.*}}, %{{.*}} alpha 2.500000{{.*}} : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @leaky_relu_grad: 45 operations: compare 15, multiply 15, select 15
func.func @leaky_relu_grad(%x: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.leaky_relu_grad %x, %dy alpha 2.500000e-01 : tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[-3.0, -1.0, -0.25, 0.0, 0.5, 2.0, 7.0]> : tensor<7xf64>
  %y = nn.leaky_relu %x alpha 1.000000e-01 : tensor<7xf64>
  %expected = nn.constant dense<[-0.30000000000000004, -0.1, -0.025, 0.0, 0.5, 2.0, 7.0]> : tensor<7xf64>
  return %y, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @steep: values agree
func.func @steep() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[-3.0, -1.0, -0.25, 0.0, 0.5, 2.0, 7.0]> : tensor<7xf64>
  %y = nn.leaky_relu %x alpha 1.5 : tensor<7xf64>
  %expected = nn.constant dense<[-4.5, -1.5, -0.375, 0.0, 0.5, 2.0, 7.0]> : tensor<7xf64>
  return %y, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @negative: values agree
func.func @negative() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[-3.0, -1.0, -0.25, 0.0, 0.5, 2.0, 7.0]> : tensor<7xf64>
  %y = nn.leaky_relu %x alpha -0.5 : tensor<7xf64>
  %expected = nn.constant dense<[1.5, 0.5, 0.125, -0.0, 0.5, 2.0, 7.0]> : tensor<7xf64>
  return %y, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<3x5xf64>) -> tensor<3x5xf64> attributes {check_gradient} {
  %y = nn.leaky_relu %x alpha 1.000000e-01 : tensor<3x5xf64>
  return %y : tensor<3x5xf64>
}

// NUMBERS: @steep_differences: gradient agrees
func.func @steep_differences(%x: tensor<3x5xf64>) -> tensor<3x5xf64> attributes {check_gradient} {
  %y = nn.leaky_relu %x alpha 1.5 : tensor<3x5xf64>
  return %y : tensor<3x5xf64>
}

// NUMBERS: @negative_differences: gradient agrees
func.func @negative_differences(%x: tensor<3x5xf64>) -> tensor<3x5xf64> attributes {check_gradient} {
  %y = nn.leaky_relu %x alpha -0.5 : tensor<3x5xf64>
  return %y : tensor<3x5xf64>
}

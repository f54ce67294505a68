// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @reciprocal(
// SYNTAX: nn.reciprocal %{{.*}} : tensor<3x5xf32>
// COUNT: @reciprocal: 15 operations: divide 15
// LOWER-LABEL: func @reciprocal(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: arith.divf
func.func @reciprocal(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.reciprocal %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @reciprocal_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<3x5xf32>
// GRADIENT: %[[Y:.*]] = nn.reciprocal %[[X]]
// GRADIENT: %[[DY:.*]] = nn.broadcast
// GRADIENT: %[[DX:.*]] = nn.reciprocal_grad %[[X]], %[[Y]], %[[DY]]
// GRADIENT: return %[[DX]]
// COUNT: @reciprocal_gradient: 74 operations: add 14, divide 30, multiply 15, negate 15
func.func @reciprocal_gradient(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.reciprocal %x : tensor<3x5xf32>
  %loss = nn.reduce_sum %y over [0, 1] : tensor<3x5xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// SYNTAX-LABEL: func @reciprocal_grad(
// SYNTAX: nn.reciprocal_grad %{{.*}}, %{{.*}}, %{{.*}} : tensor<3x5xf32>, tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @reciprocal_grad: 45 operations: divide 15, multiply 15, negate 15
func.func @reciprocal_grad(%x: tensor<3x5xf32>, %y: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.reciprocal_grad %x, %y, %dy : tensor<3x5xf32>, tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<6xf64>, tensor<6xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[-4.0, -1.0, -0.25, 0.5, 2.0, 8.0]> : tensor<6xf64>
  %y = nn.reciprocal %x : tensor<6xf64>
  %expected = nn.constant dense<[-0.25, -1.0, -4.0, 2.0, 0.5, 0.125]> : tensor<6xf64>
  return %y, %expected : tensor<6xf64>, tensor<6xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<3x5xf64>) -> tensor<3x5xf64> attributes {check_gradient = {low = 0.5, high = 2.0}} {
  %y = nn.reciprocal %x : tensor<3x5xf64>
  return %y : tensor<3x5xf64>
}

// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @tanh(
// SYNTAX: nn.tanh %{{.*}} : tensor<3x5xf32>
// COUNT: @tanh: 15 operations: trigonometric 15
// LOWER-LABEL: func @tanh(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: math.tanh
func.func @tanh(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.tanh %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @tanh_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<3x5xf32>
// GRADIENT: %[[Y:.*]] = nn.tanh %[[X]]
// GRADIENT: %[[DY:.*]] = nn.broadcast
// GRADIENT: %[[DX:.*]] = nn.tanh_grad %[[Y]], %[[DY]]
// GRADIENT: return %[[DX]]
// COUNT: @tanh_gradient: 74 operations: add 14, multiply 30, subtract 15, trigonometric 15
func.func @tanh_gradient(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.tanh %x : tensor<3x5xf32>
  %loss = nn.reduce_sum %y over [0, 1] : tensor<3x5xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// SYNTAX-LABEL: func @tanh_grad(
// SYNTAX: nn.tanh_grad %{{.*}}, %{{.*}} : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @tanh_grad: 45 operations: multiply 30, subtract 15
func.func @tanh_grad(%y: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.tanh_grad %y, %dy : tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[-3.0, -1.0, -0.25, 0.0, 0.5, 2.0, 7.0]> : tensor<7xf64>
  %y = nn.tanh %x : tensor<7xf64>
  %expected = nn.constant dense<[-0.9950547536867305, -0.7615941559557649, -0.24491866240370913, 0.0, 0.46211715726000974, 0.9640275800758169, 0.9999983369439447]> : tensor<7xf64>
  return %y, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<3x5xf64>) -> tensor<3x5xf64> attributes {check_gradient} {
  %y = nn.tanh %x : tensor<3x5xf64>
  return %y : tensor<3x5xf64>
}

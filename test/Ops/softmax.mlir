// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @softmax(
// SYNTAX: nn.softmax %{{.*}} axis 1 : tensor<3x7x2xf32>
// COUNT: @softmax: 198 operations: add 36, divide 42, exp 42, maximum 36, subtract 42
// LOWER-LABEL: func @softmax(
// LOWER: linalg.generic {{.*}} ["parallel", "reduction", "parallel"]
// LOWER: arith.maximumf
// LOWER: math.exp
// LOWER: linalg.generic {{.*}} ["parallel", "reduction", "parallel"]
// LOWER: arith.addf
// LOWER: arith.divf
func.func @softmax(%x: tensor<3x7x2xf32>) -> tensor<3x7x2xf32> {
  %y = nn.softmax %x axis 1 : tensor<3x7x2xf32>
  return %y : tensor<3x7x2xf32>
}

// GRADIENT-LABEL: func @softmax_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<3x7x2xf32>
// GRADIENT: %[[Y:.*]] = nn.softmax %[[X]]
// GRADIENT: nn.reduce_sum
// GRADIENT: %[[DY:.*]] = nn.mul
// GRADIENT: %[[DX:.*]] = nn.softmax_grad %[[Y]], %[[DY]] axis 1
// GRADIENT: return %[[DX]]
func.func @softmax_gradient(%x: tensor<3x7x2xf32>, %w: tensor<3x7x2xf32>) -> tensor<3x7x2xf32> {
  %y = nn.softmax %x axis 1 : tensor<3x7x2xf32>
  %weighted = nn.mul %y, %w : tensor<3x7x2xf32>, tensor<3x7x2xf32>
  %loss = nn.reduce_sum %weighted over [0, 1, 2] : tensor<3x7x2xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<3x7x2xf32>
  return %dx : tensor<3x7x2xf32>
}

// SYNTAX-LABEL: func @softmax_grad(
// SYNTAX: nn.softmax_grad %{{.*}}, %{{.*}} axis 1 : tensor<3x7x2xf32>, tensor<3x7x2xf32>
// COUNT: @softmax_grad: 162 operations: add 36, multiply 84, subtract 42
func.func @softmax_grad(%y: tensor<3x7x2xf32>, %dy: tensor<3x7x2xf32>) -> tensor<3x7x2xf32> {
  %dx = nn.softmax_grad %y, %dy axis 1 : tensor<3x7x2xf32>, tensor<3x7x2xf32>
  return %dx : tensor<3x7x2xf32>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<2x3xf64>, tensor<2x3xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[[1.0, -2.0, 0.5], [800.0, 799.0, -800.0]]> : tensor<2x3xf64>
  %y = nn.softmax %x axis 1 : tensor<2x3xf64>
  %expected = nn.constant dense<[[0.6037488961486258, 0.030058887569574023, 0.3661922162818002], [0.7310585786300049, 0.26894142136999516, 0.0]]> : tensor<2x3xf64>
  return %y, %expected : tensor<2x3xf64>, tensor<2x3xf64>
}

// NUMBERS: @first_axis: values agree
func.func @first_axis() -> (tensor<2x3xf64>, tensor<2x3xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[[1.0, -2.0, 0.5], [800.0, 799.0, -800.0]]> : tensor<2x3xf64>
  %y = nn.softmax %x axis 0 : tensor<2x3xf64>
  %expected = nn.constant dense<[[0.0, 0.0, 1.0], [1.0, 1.0, 0.0]]> : tensor<2x3xf64>
  return %y, %expected : tensor<2x3xf64>, tensor<2x3xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<3x7x2xf64>) -> tensor<3x7x2xf64> attributes {check_gradient} {
  %y = nn.softmax %x axis 1 : tensor<3x7x2xf64>
  return %y : tensor<3x7x2xf64>
}

// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @log_softmax(
// SYNTAX: nn.log_softmax %{{.*}} axis 1 : tensor<3x7x2xf32>
// COUNT: @log_softmax: 204 operations: add 36, exp 42, log 6, maximum 36, subtract 84
// LOWER-LABEL: func @log_softmax(
// LOWER: linalg.generic {{.*}} ["parallel", "reduction", "parallel"]
// LOWER: arith.maximumf
// LOWER: math.exp
// LOWER: linalg.generic {{.*}} ["parallel", "reduction", "parallel"]
// LOWER: arith.addf
// LOWER: math.log
func.func @log_softmax(%x: tensor<3x7x2xf32>) -> tensor<3x7x2xf32> {
  %y = nn.log_softmax %x axis 1 : tensor<3x7x2xf32>
  return %y : tensor<3x7x2xf32>
}

// GRADIENT-LABEL: func @log_softmax_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<3x7x2xf32>
// GRADIENT: %[[Y:.*]] = nn.log_softmax %[[X]]
// GRADIENT: nn.reduce_sum
// GRADIENT: %[[DY:.*]] = nn.mul
// GRADIENT: %[[DX:.*]] = nn.log_softmax_grad %[[Y]], %[[DY]] axis 1
// GRADIENT: return %[[DX]]
func.func @log_softmax_gradient(%x: tensor<3x7x2xf32>, %w: tensor<3x7x2xf32>) -> tensor<3x7x2xf32> {
  %y = nn.log_softmax %x axis 1 : tensor<3x7x2xf32>
  %weighted = nn.mul %y, %w : tensor<3x7x2xf32>, tensor<3x7x2xf32>
  %loss = nn.reduce_sum %weighted over [0, 1, 2] : tensor<3x7x2xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<3x7x2xf32>
  return %dx : tensor<3x7x2xf32>
}

// SYNTAX-LABEL: func @log_softmax_grad(
// SYNTAX: nn.log_softmax_grad %{{.*}}, %{{.*}} axis 1 : tensor<3x7x2xf32>, tensor<3x7x2xf32>
// COUNT: @log_softmax_grad: 162 operations: add 36, exp 42, multiply 42, subtract 42
func.func @log_softmax_grad(%y: tensor<3x7x2xf32>, %dy: tensor<3x7x2xf32>) -> tensor<3x7x2xf32> {
  %dx = nn.log_softmax_grad %y, %dy axis 1 : tensor<3x7x2xf32>, tensor<3x7x2xf32>
  return %dx : tensor<3x7x2xf32>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<2x3xf64>, tensor<2x3xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[[1.0, -2.0, 0.5], [800.0, 799.0, -800.0]]> : tensor<2x3xf64>
  %y = nn.log_softmax %x axis 1 : tensor<2x3xf64>
  %expected = nn.constant dense<[[-0.5045969023422835, -3.5045969023422834, -1.0045969023422834], [-0.31326168751822286, -1.3132616875182228, -1600.3132616875182]]> : tensor<2x3xf64>
  return %y, %expected : tensor<2x3xf64>, tensor<2x3xf64>
}

// NUMBERS: @first_axis: values agree
func.func @first_axis() -> (tensor<2x3xf64>, tensor<2x3xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[[1.0, -2.0, 0.5], [800.0, 799.0, -800.0]]> : tensor<2x3xf64>
  %y = nn.log_softmax %x axis 0 : tensor<2x3xf64>
  %expected = nn.constant dense<[[-799.0, -801.0, 0.0], [0.0, 0.0, -800.5]]> : tensor<2x3xf64>
  return %y, %expected : tensor<2x3xf64>, tensor<2x3xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<3x7x2xf64>) -> tensor<3x7x2xf64> attributes {check_gradient} {
  %y = nn.log_softmax %x axis 1 : tensor<3x7x2xf64>
  return %y : tensor<3x7x2xf64>
}

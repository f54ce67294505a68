// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @gelu(
// SYNTAX: nn.gelu %{{.*}} approximate none : tensor<3x5xf32>
// COUNT: @gelu: 75 operations: add 15, erf 15, multiply 45
// LOWER-LABEL: func @gelu(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: math.erf
func.func @gelu(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.gelu %x approximate none : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @gelu_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<3x5xf32>
// GRADIENT: %[[Y:.*]] = nn.gelu %[[X]]
// GRADIENT: %[[DY:.*]] = nn.broadcast
// GRADIENT: %[[DX:.*]] = nn.gelu_grad %[[X]], %[[DY]] approximate none
// GRADIENT: return %[[DX]]
// COUNT: @gelu_gradient: 239 operations: add 59, erf 30, exp 15, multiply 120, subtract 15
func.func @gelu_gradient(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.gelu %x approximate none : tensor<3x5xf32>
  %loss = nn.reduce_sum %y over [0, 1] : tensor<3x5xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// SYNTAX-LABEL: func @gelu_grad(
// SYNTAX: nn.gelu_grad %{{.*}}, %{{.*}} approximate none : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @gelu_grad: 150 operations: add 30, erf 15, exp 15, multiply 75, subtract 15
func.func @gelu_grad(%x: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.gelu_grad %x, %dy approximate none : tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// SYNTAX-LABEL: func @gelu_tanh_grad(
// SYNTAX: nn.gelu_grad %{{.*}}, %{{.*}} approximate tanh : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @gelu_tanh_grad: 225 operations: add 45, divide 15, exp 15, multiply 120, subtract 30
func.func @gelu_tanh_grad(%x: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.gelu_grad %x, %dy approximate tanh : tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[-3.0, -1.0, -0.25, 0.0, 0.5, 2.0, 7.0]> : tensor<7xf64>
  %y = nn.gelu %x approximate none : tensor<7xf64>
  %expected = nn.constant dense<[-0.00404969409489031, -0.15865525393145702, -0.10032341857926907, 0.0, 0.34573123063700656, 1.9544997361036416, 6.999999999991041]> : tensor<7xf64>
  return %y, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @tanh_form: values agree
func.func @tanh_form() -> (tensor<9xf64>, tensor<9xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[-3.0, -1.0, -0.25, 0.0, 0.5, 2.0, 7.0, -300.0, 300.0]> : tensor<9xf64>
  %y = nn.gelu %x approximate tanh : tensor<9xf64>
  %expected = nn.constant dense<[-0.0036373920817729943, -0.1588080093917233, -0.100324649298315, 0.0, 0.34571400982514394, 1.954597694087775, 6.999999999999997, -0.0, 300.0]> : tensor<9xf64>
  return %y, %expected : tensor<9xf64>, tensor<9xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<3x5xf64>) -> tensor<3x5xf64> attributes {check_gradient} {
  %y = nn.gelu %x approximate none : tensor<3x5xf64>
  return %y : tensor<3x5xf64>
}

// NUMBERS: @tanh_form_differences: gradient agrees
func.func @tanh_form_differences(%x: tensor<3x5xf64>) -> tensor<3x5xf64> attributes {check_gradient} {
  %y = nn.gelu %x approximate tanh : tensor<3x5xf64>
  return %y : tensor<3x5xf64>
}

// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @clip(
// SYNTAX: nn.clip %{{.*}} from -5.000000e-01 to 6.000000e+00 : tensor<3x5xf32>
// COUNT: @clip: 30 operations: maximum 15, minimum 15
// LOWER-LABEL: func @clip(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: arith.maximumf
// LOWER: arith.minimumf
func.func @clip(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.clip %x from -5.000000e-01 to 6.000000e+00 : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @clip_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<3x5xf32>
// GRADIENT: %[[DY:.*]] = nn.broadcast
// GRADIENT: %[[DX:.*]] = nn.clip_grad %[[X]], %[[DY]] from -5.000000e-01 to 6.000000e+00
// GRADIENT: return %[[DX]]
// COUNT: @clip_gradient: 104 operations: add 14, compare 30, maximum 15, minimum 15, select 30
func.func @clip_gradient(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.clip %x from -5.000000e-01 to 6.000000e+00 : tensor<3x5xf32>
  %loss = nn.reduce_sum %y over [0, 1] : tensor<3x5xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// SYNTAX-LABEL: func @clip_grad(
// SYNTAX: nn.clip_grad %{{.*}}, %{{.*}} from 0.000000e+00 : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @clip_grad: 30 operations: compare 15, select 15
func.func @clip_grad(%x: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.clip_grad %x, %dy from 0.000000e+00 : tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// NUMBERS: @at_bounds: values agree
func.func @at_bounds() -> (tensor<6xf64>, tensor<6xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[-1.0, 0.0, 0.25, 5.75, 6.0, 7.0]> : tensor<6xf64>
  %dy = nn.constant dense<[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]> : tensor<6xf64>
  %dx = nn.clip_grad %x, %dy from 0.000000e+00 to 6.000000e+00 : tensor<6xf64>, tensor<6xf64>
  %expected = nn.constant dense<[0.0, 0.0, 3.0, 4.0, 0.0, 0.0]> : tensor<6xf64>
  return %dx, %expected : tensor<6xf64>, tensor<6xf64>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[-3.0, -1.0, -0.25, 0.0, 0.5, 2.0, 7.0]> : tensor<7xf64>
  %y = nn.clip %x from -5.000000e-01 to 6.000000e+00 : tensor<7xf64>
  %expected = nn.constant dense<[-0.5, -0.5, -0.25, 0.0, 0.5, 2.0, 6.0]> : tensor<7xf64>
  return %y, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @from_below: values agree
func.func @from_below() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[-3.0, -1.0, -0.25, 0.0, 0.5, 2.0, 7.0]> : tensor<7xf64>
  %y = nn.clip %x from 0.25 : tensor<7xf64>
  %expected = nn.constant dense<[0.25, 0.25, 0.25, 0.25, 0.5, 2.0, 7.0]> : tensor<7xf64>
  return %y, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @from_above: values agree
func.func @from_above() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[-3.0, -1.0, -0.25, 0.0, 0.5, 2.0, 7.0]> : tensor<7xf64>
  %y = nn.clip %x to 0.25 : tensor<7xf64>
  %expected = nn.constant dense<[-3.0, -1.0, -0.25, 0.0, 0.25, 0.25, 0.25]> : tensor<7xf64>
  return %y, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<3x5xf64>) -> tensor<3x5xf64> attributes {check_gradient} {
  %y = nn.clip %x from -5.000000e-01 to 6.000000e+00 : tensor<3x5xf64>
  return %y : tensor<3x5xf64>
}

// NUMBERS: @from_below_differences: gradient agrees
func.func @from_below_differences(%x: tensor<3x5xf64>) -> tensor<3x5xf64> attributes {check_gradient} {
  %y = nn.clip %x from 0.25 : tensor<3x5xf64>
  return %y : tensor<3x5xf64>
}

// NUMBERS: @from_above_differences: gradient agrees
func.func @from_above_differences(%x: tensor<3x5xf64>) -> tensor<3x5xf64> attributes {check_gradient} {
  %y = nn.clip %x to 0.25 : tensor<3x5xf64>
  return %y : tensor<3x5xf64>
}

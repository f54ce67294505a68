// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @hard_swish(
// SYNTAX: nn.hard_swish %{{.*}} : tensor<3x5xf32>
// COUNT: @hard_swish: 75 operations: add 15, maximum 15, minimum 15, multiply 30
// LOWER-LABEL: func @hard_swish(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: arith.mulf
// LOWER: arith.addf
// LOWER: arith.minimumf
// LOWER: arith.maximumf
// LOWER: arith.mulf
func.func @hard_swish(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.hard_swish %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @hard_swish_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<f32>
// GRADIENT: %[[ONE:.*]] = nn.constant dense<1.0{{.*}}> : tensor<f32>
// GRADIENT: %[[DX:.*]] = nn.hard_swish_grad %[[X]], %[[ONE]]
// GRADIENT: return %[[DX]]
// COUNT: @hard_swish_gradient: 12 operations: add 2, compare 2, maximum 1, minimum 1, multiply 4, select 2
func.func @hard_swish_gradient(%x: tensor<f32>) -> tensor<f32> {
  %loss = nn.hard_swish %x : tensor<f32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<f32>
  return %dx : tensor<f32>
}

// SYNTAX-LABEL: func @hard_swish_grad(
// SYNTAX: nn.hard_swish_grad %{{.*}}, %{{.*}} : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @hard_swish_grad: 105 operations: add 15, compare 30, multiply 30, select 30
// LOWER-LABEL: func @hard_swish_grad(
// LOWER: arith.cmpf olt
// LOWER: arith.cmpf ogt
func.func @hard_swish_grad(%x: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.hard_swish_grad %x, %dy : tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<10xf64>, tensor<10xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[-4.0, -3.0, -2.5, -1.0, 0.0, 0.5, 2.75, 3.0, 5.0, 0x7FF8000000000000]> : tensor<10xf64>
  %y = nn.hard_swish %x : tensor<10xf64>
  %expected = nn.constant dense<[0.0, 0.0, -0.2083333333333333, -0.33333333333333337, 0.0, 0.2916666666666667, 2.6354166666666665, 3.0, 5.0, 0x7FF8000000000000]> : tensor<10xf64>
  return %y, %expected : tensor<10xf64>, tensor<10xf64>
}

// At the kinks -3 and 3 the slope of the flat side, as in PyTorch.
// NUMBERS: @slopes: values agree
func.func @slopes() -> (tensor<6xf64>, tensor<6xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[-4.0, -3.0, -1.5, 2.25, 3.0, 4.0]> : tensor<6xf64>
  %dy = nn.constant dense<[2.0, 2.0, 2.0, 2.0, -3.0, -3.0]> : tensor<6xf64>
  %dx = nn.hard_swish_grad %x, %dy : tensor<6xf64>, tensor<6xf64>
  %expected = nn.constant dense<[0.0, 0.0, 0.0, 2.5, -3.0, -3.0]> : tensor<6xf64>
  return %dx, %expected : tensor<6xf64>, tensor<6xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<5x7xf64>) -> tensor<5x7xf64> attributes {check_gradient = {low = -5.0, high = 5.0}} {
  %y = nn.hard_swish %x : tensor<5x7xf64>
  return %y : tensor<5x7xf64>
}

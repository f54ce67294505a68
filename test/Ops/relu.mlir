// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @relu(
// SYNTAX: nn.relu %{{.*}} : tensor<3x5xf32>
// COUNT: @relu: 15 operations: maximum 15
// LOWER-LABEL: func @relu(
// LOWER: linalg.generic
// LOWER: arith.maximumf
func.func @relu(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.relu %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// The gradient alone costs 2 operations per element; the forward op is in the sum, too.
// GRADIENT-LABEL: func @relu_gradient(
// GRADIENT: %[[ONE:.*]] = nn.constant dense<1.0{{.*}}> : tensor<f32>
// GRADIENT: nn.relu_grad %{{.*}}, %[[ONE]]
// COUNT: @relu_gradient: 3 operations: compare 1, maximum 1, select 1
func.func @relu_gradient(%x: tensor<f32>) -> tensor<f32> {
  %loss = nn.relu %x : tensor<f32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<f32>
  return %dx : tensor<f32>
}

// SYNTAX: nn.relu_grad %{{.*}}, %{{.*}} : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @relu_grad: 30 operations: compare 15, select 15
// LOWER-LABEL: func @relu_grad(
// LOWER: arith.cmpf ogt
// LOWER: arith.select
func.func @relu_grad(%x: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.relu_grad %x, %dy : tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// Actual values first, then the expected ones.
// NUMBERS: @values: values agree
func.func @values() -> (tensor<4xf32>, tensor<4xf32>) attributes {check_values} {
  %x = nn.constant dense<[-1.5, 0.0, 2.5, 0x7FC00000]> : tensor<4xf32>
  %y = nn.relu %x : tensor<4xf32>
  %expected = nn.constant dense<[0.0, 0.0, 2.5, 0x7FC00000]> : tensor<4xf32>
  return %y, %expected : tensor<4xf32>, tensor<4xf32>
}

// NUMBERS: @numbers: gradient agrees
func.func @numbers(%x: tensor<3x5xf64>) -> tensor<3x5xf64> attributes {check_gradient} {
  %y = nn.relu %x : tensor<3x5xf64>
  return %y : tensor<3x5xf64>
}

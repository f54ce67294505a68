// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @add(
// SYNTAX: nn.add %{{.*}}, %{{.*}} : tensor<3x5xf32>, tensor<5xf32>
// COUNT: @add: 15 operations: add 15
// LOWER-LABEL: func @add(
// LOWER: linalg.generic
// LOWER: arith.addf
func.func @add(%x: tensor<3x5xf32>, %b: tensor<5xf32>) -> tensor<3x5xf32> {
  %z = nn.add %x, %b : tensor<3x5xf32>, tensor<5xf32>
  return %z : tensor<3x5xf32>
}

// The gradient passes as it is.
// GRADIENT-LABEL: func @gradient(
// GRADIENT: %[[ONE:.*]] = nn.constant dense<1.0{{.*}}> : tensor<f32>
// GRADIENT-NOT: nn.
// GRADIENT: return %[[ONE]], %[[ONE]]
// COUNT: @gradient: 1 operations
func.func @gradient(%x: tensor<f32>, %y: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
  %loss = nn.add %x, %y : tensor<f32>, tensor<f32>
  %dx, %dy = train.gradient %loss wrt %x, %y : tensor<f32> wrt tensor<f32>, tensor<f32>
  return %dx, %dy : tensor<f32>, tensor<f32>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<2x2xf32>, tensor<2x2xf32>) attributes {check_values} {
  %x = nn.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %b = nn.constant dense<[0.5, -2.0]> : tensor<2xf32>
  %z = nn.add %x, %b : tensor<2x2xf32>, tensor<2xf32>
  %expected = nn.constant dense<[[1.5, 0.0], [3.5, 2.0]]> : tensor<2x2xf32>
  return %z, %expected : tensor<2x2xf32>, tensor<2x2xf32>
}

// Summed over the dimensions along which an operand is broadcast.
// NUMBERS: @broadcast: gradient agrees
func.func @broadcast(%x: tensor<3x7x5xf64>, %y: tensor<5xf64>) -> tensor<3x7x5xf64> attributes {check_gradient} {
  %z = nn.add %x, %y : tensor<3x7x5xf64>, tensor<5xf64>
  return %z : tensor<3x7x5xf64>
}

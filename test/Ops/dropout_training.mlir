// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @dropout_training(
// SYNTAX: nn.dropout_training %{{.*}}, %{{.*}} ratio 2.5{{.*}} : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @dropout_training: 45 operations: compare 15, multiply 15, select 15
// LOWER-LABEL: func @dropout_training(
// LOWER: arith.cmpf oge
// LOWER: arith.select
func.func @dropout_training(%x: tensor<3x5xf32>, %u: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.dropout_training %x, %u ratio 0.25 : tensor<3x5xf32>, tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @dropout_training_gradient(
// GRADIENT-SAME: %{{.*}}: tensor<f32>, %[[U:[a-z0-9]+]]: tensor<f32>
// GRADIENT: %[[ONE:.*]] = nn.constant dense<1.0{{.*}}> : tensor<f32>
// GRADIENT: %[[DX:.*]] = nn.dropout_training %[[ONE]], %[[U]] ratio 2.5
// GRADIENT: return %[[DX]]
// COUNT: @dropout_training_gradient: 6 operations: compare 2, multiply 2, select 2
func.func @dropout_training_gradient(%x: tensor<f32>, %u: tensor<f32>) -> tensor<f32> {
  %loss = nn.dropout_training %x, %u ratio 0.25 : tensor<f32>, tensor<f32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<f32>
  return %dx : tensor<f32>
}

// Kept with probability 0.75, then divided by it.
// NUMBERS: @values: values agree
func.func @values() -> (tensor<4xf64>, tensor<4xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[1.0, -2.0, 3.0, -1.5]> : tensor<4xf64>
  %u = nn.constant dense<[0.0, 0.25, 0.875, 0.125]> : tensor<4xf64>
  %y = nn.dropout_training %x, %u ratio 0.25 : tensor<4xf64>, tensor<4xf64>
  %expected = nn.constant dense<[0.0, -2.6666666666666665, 4.0, 0.0]> : tensor<4xf64>
  return %y, %expected : tensor<4xf64>, tensor<4xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<4xf64>) -> tensor<4xf64> attributes {check_gradient} {
  %u = nn.constant dense<[0.0, 0.25, 0.875, 0.125]> : tensor<4xf64>
  %y = nn.dropout_training %x, %u ratio 0.25 : tensor<4xf64>, tensor<4xf64>
  return %y : tensor<4xf64>
}

// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @thresholded_relu(
// SYNTAX: nn.thresholded_relu %{{.*}} alpha {{[0-9.e+-]+}} : tensor<3x5xf32>
// COUNT: @thresholded_relu: 30 operations: compare 15, select 15
// LOWER-LABEL: func @thresholded_relu(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: arith.cmpf ogt
// LOWER: arith.select
func.func @thresholded_relu(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.thresholded_relu %x alpha 0.75 : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @thresholded_relu_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<f32>
// GRADIENT-DAG: %[[ONE:.*]] = nn.constant dense<1.0{{.*}}> : tensor<f32>
// GRADIENT: %[[DX:.*]] = nn.thresholded_relu_grad %[[X]], %[[ONE]]
// GRADIENT: return %[[DX]]
// COUNT: @thresholded_relu_gradient: 4 operations: compare 2, select 2
func.func @thresholded_relu_gradient(%x: tensor<f32>) -> tensor<f32> {
  %loss = nn.thresholded_relu %x alpha 0.75 : tensor<f32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<f32>
  return %dx : tensor<f32>
}

// SYNTAX-LABEL: func @thresholded_relu_grad(
// SYNTAX: nn.thresholded_relu_grad %{{.*}}, %{{.*}} alpha {{[0-9.e+-]+}} : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @thresholded_relu_grad: 30 operations: compare 15, select 15
// LOWER-LABEL: func @thresholded_relu_grad(
// LOWER: arith.cmpf ogt
// LOWER: arith.select
func.func @thresholded_relu_grad(%x: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.thresholded_relu_grad %x, %dy alpha 0.75 : tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.thresholded_relu %
// FOLD: return
func.func @values() -> (tensor<6xf64>, tensor<6xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-3.0, -0.0, 0.5, 0.75, 0.875, 7.0]> : tensor<6xf64>
  %result = nn.thresholded_relu %x alpha 0.75 : tensor<6xf64>
  %expected = nn.constant dense<[0.0, 0.0, 0.0, 0.0, 0.875, 7.0]> : tensor<6xf64>
  return %result, %expected : tensor<6xf64>, tensor<6xf64>
}

// 0 at the threshold.
// NUMBERS: @slopes: values agree
func.func @slopes() -> (tensor<6xf64>, tensor<6xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-3.0, -0.0, 0.5, 0.75, 0.875, 7.0]> : tensor<6xf64>
  %dy = nn.constant dense<[2.0, -1.0, 0.5, 3.0, 2.0, -1.0]> : tensor<6xf64>
  %result = nn.thresholded_relu_grad %x, %dy alpha 0.75 : tensor<6xf64>, tensor<6xf64>
  %expected = nn.constant dense<[0.0, 0.0, 0.0, 0.0, 2.0, -1.0]> : tensor<6xf64>
  return %result, %expected : tensor<6xf64>, tensor<6xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<5x7xf64>) -> tensor<5x7xf64> attributes {check_gradient = {low = -2.0, high = 2.0}} {
  %y = nn.thresholded_relu %x alpha 0.75 : tensor<5x7xf64>
  return %y : tensor<5x7xf64>
}

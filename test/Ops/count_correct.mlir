// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @count_correct(
// SYNTAX: nn.count_correct %{{.*}}, %{{.*}} : tensor<3x5xf32>, tensor<3xindex>
// COUNT: @count_correct: 29 operations: add 2, compare 12, select 15
// LOWER-LABEL: func @count_correct(
// LOWER: arith.cmpf ogt
// LOWER: arith.cmpi eq
func.func @count_correct(%logits: tensor<3x5xf32>, %labels: tensor<3xindex>) -> tensor<f32> {
  %correct = nn.count_correct %logits, %labels : tensor<3x5xf32>, tensor<3xindex>
  return %correct : tensor<f32>
}

// The first of equal maxima is the prediction.
// NUMBERS: @values: values agree
func.func @values() -> (tensor<f64>, tensor<f64>) attributes {check_values = 1.0e-12} {
  %logits = nn.constant dense<[[1.0, 2.0, 2.0], [1.0, 2.0, 2.0], [-3.0, -5.0, -4.0], [0.0, 1.0, 2.0]]> : tensor<4x3xf64>
  %labels = nn.constant dense<[1, 2, 0, 2]> : tensor<4xindex>
  %correct = nn.count_correct %logits, %labels : tensor<4x3xf64>, tensor<4xindex>
  %expected = nn.constant dense<3.0> : tensor<f64>
  return %correct, %expected : tensor<f64>, tensor<f64>
}

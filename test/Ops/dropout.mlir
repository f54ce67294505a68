// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-opt %s --canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @dropout(
// SYNTAX: nn.dropout %{{.*}} ratio 2.5{{.*}} : tensor<3x5xf32>
// COUNT: @dropout: 0 operations
// LOWER-LABEL: func @dropout(
// LOWER-NEXT: return %{{.*}}
// FOLD-LABEL: func @dropout(
// FOLD-NEXT: return %{{.*}}
func.func @dropout(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.dropout %x ratio 0.25 : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @dropout_gradient(
// GRADIENT: %[[ONE:.*]] = nn.constant dense<1.0{{.*}}> : tensor<f32>
// GRADIENT: return %[[ONE]]
func.func @dropout_gradient(%x: tensor<f32>) -> tensor<f32> {
  %loss = nn.dropout %x ratio 0.25 : tensor<f32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<f32>
  return %dx : tensor<f32>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<3xf64>, tensor<3xf64>) attributes {check_values} {
  %x = nn.constant dense<[-1.5, 0.0, 2.5]> : tensor<3xf64>
  %y = nn.dropout %x ratio 0.25 : tensor<3xf64>
  %expected = nn.constant dense<[-1.5, 0.0, 2.5]> : tensor<3xf64>
  return %y, %expected : tensor<3xf64>, tensor<3xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<3x5xf64>) -> tensor<3x5xf64> attributes {check_gradient} {
  %y = nn.dropout %x ratio 0.25 : tensor<3x5xf64>
  return %y : tensor<3x5xf64>
}

// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-opt %s --canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @reshape(
// SYNTAX: nn.reshape %{{.*}} to [-1, 15] : tensor<7x3x5xf32>
// COUNT: @reshape: 0 operations
// LOWER-LABEL: func @reshape(
// LOWER: tensor.collapse_shape %{{.*}} {{\[\[}}0], [1, 2]] : tensor<7x3x5xf32> into tensor<7x15xf32>
func.func @reshape(%x: tensor<7x3x5xf32>) -> tensor<7x15xf32> {
  %y = nn.reshape %x to [-1, 15] : tensor<7x3x5xf32>
  return %y : tensor<7x15xf32>
}

// LOWER-LABEL: func @split(
// LOWER: tensor.expand_shape %{{.*}} {{\[\[}}0], [1, 2]] {{.*}} : tensor<7x15xf32> into tensor<7x3x5xf32>
func.func @split(%x: tensor<7x15xf32>) -> tensor<7x3x5xf32> {
  %y = nn.reshape %x to [-1, 3, 5] : tensor<7x15xf32>
  return %y : tensor<7x3x5xf32>
}

// LOWER-LABEL: func @regroup(
// LOWER: tensor.collapse_shape %{{.*}} into tensor<15xf32>
// LOWER: tensor.expand_shape %{{.*}} into tensor<5x3xf32>
func.func @regroup(%x: tensor<3x5xf32>) -> tensor<5x3xf32> {
  %y = nn.reshape %x to [5, 3] : tensor<3x5xf32>
  return %y : tensor<5x3xf32>
}

// LOWER-LABEL: func @scalar(
// LOWER: tensor.collapse_shape %{{.*}} [] : tensor<1x1xf32> into tensor<f32>
// LOWER: tensor.expand_shape %{{.*}} [] {{.*}} : tensor<f32> into tensor<1xf32>
func.func @scalar(%x: tensor<1x1xf32>) -> tensor<1xf32> {
  %y = nn.reshape %x to [] : tensor<1x1xf32>
  %z = nn.reshape %y to [1] : tensor<f32>
  return %z : tensor<1xf32>
}

// GRADIENT-LABEL: func @reshape_gradient(
// GRADIENT: %[[DY:.*]] = nn.broadcast {{.*}} to [7, 15]
// GRADIENT: %[[DX:.*]] = nn.reshape %[[DY]] to [7, 3, 5]
// GRADIENT: return %[[DX]]
func.func @reshape_gradient(%x: tensor<7x3x5xf32>) -> tensor<7x3x5xf32> {
  %y = nn.reshape %x to [-1, 15] : tensor<7x3x5xf32>
  %loss = nn.reduce_sum %y over [0, 1] : tensor<7x15xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<7x3x5xf32>
  return %dx : tensor<7x3x5xf32>
}

// FOLD-LABEL: func @back_and_forth(
// FOLD-SAME: %[[X:[a-z0-9]+]]: tensor<3x5xf32>
// FOLD-NEXT: return %[[X]]
func.func @back_and_forth(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.reshape %x to [5, 3] : tensor<3x5xf32>
  %z = nn.reshape %y to [3, 5] : tensor<5x3xf32>
  return %z : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD: %[[Y:.*]] = nn.constant dense<{{\[\[}}1, 2, 3], [4, 5, 6]]> : tensor<2x3xindex>
// FOLD: return %[[Y]], %[[Y]]
func.func @values() -> (tensor<2x3xindex>, tensor<2x3xindex>) attributes {check_values} {
  %x = nn.constant dense<[[1, 2], [3, 4], [5, 6]]> : tensor<3x2xindex>
  %y = nn.reshape %x to [2, -1] : tensor<3x2xindex>
  %expected = nn.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xindex>
  return %y, %expected : tensor<2x3xindex>, tensor<2x3xindex>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<7x3x5xf64>) -> tensor<7x15xf64> attributes {check_gradient} {
  %y = nn.reshape %x to [-1, 15] : tensor<7x3x5xf64>
  return %y : tensor<7x15xf64>
}

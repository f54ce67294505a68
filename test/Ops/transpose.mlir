// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-opt %s --canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @transpose(
// SYNTAX: nn.transpose %{{.*}} by [1, 2, 0] : tensor<7x3x5xf32>
// COUNT: @transpose: 0 operations
// LOWER: #[[FROM:.*]] = affine_map<(d0, d1, d2) -> (d2, d0, d1)>
// LOWER-LABEL: func @transpose(
// LOWER: linalg.generic {indexing_maps = [#[[FROM]], {{.*}}
func.func @transpose(%x: tensor<7x3x5xf32>) -> tensor<3x5x7xf32> {
  %y = nn.transpose %x by [1, 2, 0] : tensor<7x3x5xf32>
  return %y : tensor<3x5x7xf32>
}

// GRADIENT-LABEL: func @transpose_gradient(
// GRADIENT: %[[DY:.*]] = nn.broadcast
// GRADIENT: %[[DX:.*]] = nn.transpose %[[DY]] by [2, 0, 1]
// GRADIENT: return %[[DX]]
func.func @transpose_gradient(%x: tensor<7x3x5xf32>) -> tensor<7x3x5xf32> {
  %y = nn.transpose %x by [1, 2, 0] : tensor<7x3x5xf32>
  %loss = nn.reduce_sum %y over [0, 1, 2] : tensor<3x5x7xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<7x3x5xf32>
  return %dx : tensor<7x3x5xf32>
}

// FOLD-LABEL: func @twice(
// FOLD-SAME: %[[X:[a-z0-9]+]]: tensor<7x3x5xf32>
// FOLD-NEXT: %[[Y:.*]] = nn.transpose %[[X]] by [2, 0, 1]
// FOLD-NEXT: return %[[Y]]
func.func @twice(%x: tensor<7x3x5xf32>) -> tensor<5x7x3xf32> {
  %y = nn.transpose %x by [1, 2, 0] : tensor<7x3x5xf32>
  %z = nn.transpose %y by [1, 2, 0] : tensor<3x5x7xf32>
  return %z : tensor<5x7x3xf32>
}

// FOLD-LABEL: func @back_and_forth(
// FOLD-SAME: %[[X:[a-z0-9]+]]: tensor<7x3x5xf32>
// FOLD-NEXT: return %[[X]]
func.func @back_and_forth(%x: tensor<7x3x5xf32>) -> tensor<7x3x5xf32> {
  %y = nn.transpose %x by [1, 2, 0] : tensor<7x3x5xf32>
  %z = nn.transpose %y by [2, 0, 1] : tensor<3x5x7xf32>
  return %z : tensor<7x3x5xf32>
}

// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD: %[[Y:.*]] = nn.constant dense<{{\[\[\[}}0, 3], [1, 4], [2, 5]]]> : tensor<1x3x2xindex>
// FOLD: return %[[Y]], %[[Y]]
func.func @values() -> (tensor<1x3x2xindex>, tensor<1x3x2xindex>) attributes {check_values} {
  %x = nn.constant dense<[[[0, 1, 2]], [[3, 4, 5]]]> : tensor<2x1x3xindex>
  %y = nn.transpose %x by [1, 2, 0] : tensor<2x1x3xindex>
  %expected = nn.constant dense<[[[0, 3], [1, 4], [2, 5]]]> : tensor<1x3x2xindex>
  return %y, %expected : tensor<1x3x2xindex>, tensor<1x3x2xindex>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<7x3x5xf64>) -> tensor<3x5x7xf64> attributes {check_gradient} {
  %y = nn.transpose %x by [1, 2, 0] : tensor<7x3x5xf64>
  return %y : tensor<3x5x7xf64>
}

// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-opt %s --canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @broadcast(
// SYNTAX: nn.broadcast %{{.*}} to [7, -1, 5] : tensor<3x1xf32>
// COUNT: @broadcast: 0 operations
// LOWER: #[[FROM:.*]] = affine_map<(d0, d1, d2) -> (d1, 0)>
// LOWER-LABEL: func @broadcast(
// LOWER: linalg.generic {indexing_maps = [#[[FROM]], {{.*}}
func.func @broadcast(%x: tensor<3x1xf32>) -> tensor<7x3x5xf32> {
  %y = nn.broadcast %x to [7, -1, 5] : tensor<3x1xf32>
  return %y : tensor<7x3x5xf32>
}

// An entry of 1 keeps the size of x, as in ONNX.
// SYNTAX-LABEL: func @ones(
// SYNTAX: nn.broadcast {{.*}} : tensor<3x1xf32>
func.func @ones(%x: tensor<3x1xf32>) -> tensor<3x5xf32> {
  %y = nn.broadcast %x to [1, 5] : tensor<3x1xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @broadcast_gradient(
// GRADIENT: nn.reduce_sum
// GRADIENT: %[[DY:.*]] = nn.mul
// GRADIENT: %[[SUM:.*]] = nn.reduce_sum %[[DY]] over [0, 2]
// GRADIENT: %[[DX:.*]] = nn.reshape %[[SUM]] to [3, 1]
// GRADIENT: return %[[DX]]
// COUNT: @broadcast_gradient: 416 operations: add 206, multiply 210
func.func @broadcast_gradient(%x: tensor<3x1xf32>, %w: tensor<7x3x5xf32>) -> tensor<3x1xf32> {
  %y = nn.broadcast %x to [7, -1, 5] : tensor<3x1xf32>
  %product = nn.mul %y, %w : tensor<7x3x5xf32>, tensor<7x3x5xf32>
  %loss = nn.reduce_sum %product over [0, 1, 2] : tensor<7x3x5xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<3x1xf32>
  return %dx : tensor<3x1xf32>
}

// FOLD-LABEL: func @same_shape(
// FOLD-SAME: %[[X:[a-z0-9]+]]: tensor<3x5xf32>
// FOLD-NEXT: return %[[X]]
func.func @same_shape(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.broadcast %x to [-1, 5] : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD: %[[Y:.*]] = nn.constant dense<{{\[\[\[}}4, 4, 4], [7, 7, 7]], {{\[\[}}4, 4, 4], [7, 7, 7]]]> : tensor<2x2x3xindex>
// FOLD: return %[[Y]], %[[Y]]
func.func @values() -> (tensor<2x2x3xindex>, tensor<2x2x3xindex>) attributes {check_values} {
  %x = nn.constant dense<[[4], [7]]> : tensor<2x1xindex>
  %y = nn.broadcast %x to [2, -1, 3] : tensor<2x1xindex>
  %expected = nn.constant dense<[[[4, 4, 4], [7, 7, 7]], [[4, 4, 4], [7, 7, 7]]]> : tensor<2x2x3xindex>
  return %y, %expected : tensor<2x2x3xindex>, tensor<2x2x3xindex>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<3x1xf64>) -> tensor<7x3x5xf64> attributes {check_gradient} {
  %y = nn.broadcast %x to [7, -1, 5] : tensor<3x1xf64>
  return %y : tensor<7x3x5xf64>
}

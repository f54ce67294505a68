// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-opt %s --canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @slice(
// SYNTAX: nn.slice %{{.*}} from [0, 1] sizes [-1, 3] steps [1, 2] : tensor<5x7xf32>
// COUNT: @slice: 0 operations
// LOWER-LABEL: func @slice(
// LOWER: tensor.extract_slice %{{.*}}[0, 1] [5, 3] [1, 2] : tensor<5x7xf32> to tensor<5x3xf32>
func.func @slice(%x: tensor<5x7xf32>) -> tensor<5x3xf32> {
  %y = nn.slice %x from [0, 1] sizes [-1, 3] steps [1, 2] : tensor<5x7xf32>
  return %y : tensor<5x3xf32>
}

// GRADIENT-LABEL: func @slice_gradient(
// GRADIENT: %[[DY:.*]] = nn.broadcast
// GRADIENT: %[[DX:.*]] = nn.slice_grad %[[DY]] into [5, 7] from [0, 1] steps [1, 2]
// GRADIENT: return %[[DX]]
// COUNT: @slice_gradient: 14 operations: add 14
// LOWER-LABEL: func @slice_gradient(
// LOWER: %[[ZEROS:.*]] = linalg.fill {{.*}} tensor<5x7xf32>
// LOWER: tensor.insert_slice %{{.*}} into %[[ZEROS]][0, 1] [5, 3] [1, 2]
func.func @slice_gradient(%x: tensor<5x7xf32>) -> tensor<5x7xf32> {
  %y = nn.slice %x from [0, 1] sizes [-1, 3] steps [1, 2] : tensor<5x7xf32>
  %loss = nn.reduce_sum %y over [0, 1] : tensor<5x3xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<5x7xf32>
  return %dx : tensor<5x7xf32>
}

// SYNTAX-LABEL: func @slice_grad(
// SYNTAX: nn.slice_grad %{{.*}} into [5, 7] from [0, 1] steps [1, 2] : tensor<5x3xf32>
// COUNT: @slice_grad: 0 operations
func.func @slice_grad(%dy: tensor<5x3xf32>) -> tensor<5x7xf32> {
  %dx = nn.slice_grad %dy into [5, 7] from [0, 1] steps [1, 2] : tensor<5x3xf32>
  return %dx : tensor<5x7xf32>
}

// FOLD-LABEL: func @whole(
// FOLD-SAME: %[[X:[a-z0-9]+]]: tensor<5x7xf32>
// FOLD-NEXT: return %[[X]]
func.func @whole(%x: tensor<5x7xf32>) -> tensor<5x7xf32> {
  %y = nn.slice %x from [0, 0] sizes [-1, 7] steps [1, 1] : tensor<5x7xf32>
  return %y : tensor<5x7xf32>
}

// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD: %[[Y:.*]] = nn.constant dense<{{\[\[}}4, 6]]> : tensor<1x2xindex>
// FOLD: return %[[Y]], %[[Y]]
func.func @values() -> (tensor<1x2xindex>, tensor<1x2xindex>) attributes {check_values} {
  %x = nn.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xindex>
  %y = nn.slice %x from [1, 0] sizes [1, -1] steps [1, 2] : tensor<2x3xindex>
  %expected = nn.constant dense<[[4, 6]]> : tensor<1x2xindex>
  return %y, %expected : tensor<1x2xindex>, tensor<1x2xindex>
}

// NUMBERS: @pad_values: values agree
func.func @pad_values() -> (tensor<2x4xi64>, tensor<2x3xi1>, tensor<2x4xindex>, tensor<2x4xi64>, tensor<2x3xi1>, tensor<2x4xindex>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi64>
  %whole = nn.slice_grad %x into [-1, 4] from [0, 0] steps [1, 3] : tensor<2x2xi64>
  %t = nn.constant dense<true> : tensor<1x2xi1>
  %truth = nn.slice_grad %t into [2, 3] from [1, 1] steps [1, 1] : tensor<1x2xi1>
  %p = nn.constant dense<[[5], [6]]> : tensor<2x1xindex>
  %positions = nn.slice_grad %p into [-1, 4] from [0, 3] steps [1, 1] : tensor<2x1xindex>
  %expected_whole = nn.constant dense<[[1, 0, 0, 2], [3, 0, 0, 4]]> : tensor<2x4xi64>
  %expected_truth = nn.constant dense<[[false, false, false], [false, true, true]]> : tensor<2x3xi1>
  %expected_positions = nn.constant dense<[[0, 0, 0, 5], [0, 0, 0, 6]]> : tensor<2x4xindex>
  return %whole, %truth, %positions, %expected_whole, %expected_truth, %expected_positions : tensor<2x4xi64>, tensor<2x3xi1>, tensor<2x4xindex>, tensor<2x4xi64>, tensor<2x3xi1>, tensor<2x4xindex>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<5x7xf64>) -> tensor<5x3xf64> attributes {check_gradient} {
  %y = nn.slice %x from [0, 1] sizes [-1, 3] steps [1, 2] : tensor<5x7xf64>
  return %y : tensor<5x3xf64>
}

// NUMBERS: @grad_differences: gradient agrees
func.func @grad_differences(%dy: tensor<5x3xf64>) -> tensor<5x7xf64> attributes {check_gradient} {
  %dx = nn.slice_grad %dy into [5, 7] from [0, 1] steps [1, 2] : tensor<5x3xf64>
  return %dx : tensor<5x7xf64>
}

// A size of -1 is that of dy: zeros around, or between, what a batch of any size holds.
// SYNTAX-LABEL: func @pad(
// SYNTAX: nn.slice_grad %{{.*}} into [-1, 7] from [0, 1] steps [1, 2] : tensor<5x3xi64>
// COUNT: @pad: 0 operations
// LOWER-LABEL: func @pad(
// LOWER: %[[ZEROS:.*]] = linalg.fill {{.*}} tensor<5x7xi64>
// LOWER: tensor.insert_slice %{{.*}} into %[[ZEROS]][0, 1] [5, 3] [1, 2]
func.func @pad(%dy: tensor<5x3xi64>) -> tensor<5x7xi64> {
  %dx = nn.slice_grad %dy into [-1, 7] from [0, 1] steps [1, 2] : tensor<5x3xi64>
  return %dx : tensor<5x7xi64>
}

// GRADIENT-LABEL: func @pad_gradient(
// GRADIENT: %[[DX:.*]] = nn.broadcast {{.*}} to [5, 7]
// GRADIENT: %[[DY:.*]] = nn.slice %[[DX]] from [0, 1] sizes [5, 3] steps [1, 2]
// GRADIENT: return %[[DY]]
func.func @pad_gradient(%y: tensor<5x3xf32>) -> tensor<5x3xf32> {
  %x = nn.slice_grad %y into [-1, 7] from [0, 1] steps [1, 2] : tensor<5x3xf32>
  %loss = nn.reduce_sum %x over [0, 1] : tensor<5x7xf32>
  %dy = train.gradient %loss wrt %y : tensor<f32> wrt tensor<5x3xf32>
  return %dy : tensor<5x3xf32>
}

// NUMBERS: @pad_differences: gradient agrees
func.func @pad_differences(%dy: tensor<5x3xf64>) -> tensor<5x8xf64> attributes {check_gradient} {
  %dx = nn.slice_grad %dy into [-1, 8] from [0, 2] steps [1, 2] : tensor<5x3xf64>
  return %dx : tensor<5x8xf64>
}

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

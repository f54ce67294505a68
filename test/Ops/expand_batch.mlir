// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-opt %s --canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @expand_batch(
// SYNTAX: nn.expand_batch %{{.*}} like %{{.*}} : tensor<1x5x3xf32>, tensor<7x2xf32>
// COUNT: @expand_batch: 0 operations
// LOWER-LABEL: func @expand_batch(
// LOWER-SAME: %[[X:[a-z0-9]+]]: tensor<1x5x3xf32>
// LOWER: linalg.generic {{.*}} ["parallel", "parallel", "parallel"]{{.*}} ins(%[[X]] : tensor<1x5x3xf32>)
func.func @expand_batch(%x: tensor<1x5x3xf32>, %like: tensor<7x2xf32>) -> tensor<7x5x3xf32> {
  %y = nn.expand_batch %x like %like : tensor<1x5x3xf32>, tensor<7x2xf32>
  return %y : tensor<7x5x3xf32>
}

// GRADIENT-LABEL: func @expand_batch_gradient(
// GRADIENT: %[[DY:.*]] = nn.broadcast {{.*}} to [7, 5, 3]
// GRADIENT: %[[SUM:.*]] = nn.reduce_sum %[[DY]] over [0]
// GRADIENT: %[[DX:.*]] = nn.reshape %[[SUM]] to [1, 5, 3]
// GRADIENT: return %[[DX]]
// COUNT: @expand_batch_gradient: 194 operations: add 194
func.func @expand_batch_gradient(%x: tensor<1x5x3xf32>, %like: tensor<7x2xf32>) -> tensor<1x5x3xf32> {
  %y = nn.expand_batch %x like %like : tensor<1x5x3xf32>, tensor<7x2xf32>
  %loss = nn.reduce_sum %y over [0, 1, 2] : tensor<7x5x3xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<1x5x3xf32>
  return %dx : tensor<1x5x3xf32>
}

// FOLD-LABEL: func @one_sample(
// FOLD-SAME: %[[X:[a-z0-9]+]]: tensor<1x5xf32>
// FOLD-NEXT: return %[[X]]
func.func @one_sample(%x: tensor<1x5xf32>, %like: tensor<1xindex>) -> tensor<1x5xf32> {
  %y = nn.expand_batch %x like %like : tensor<1x5xf32>, tensor<1xindex>
  return %y : tensor<1x5xf32>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<3x2xi64>, tensor<2xi1>, tensor<3x2xi64>, tensor<2xi1>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[[1, 2]]> : tensor<1x2xi64>
  %like = nn.constant dense<0x7FC00000> : tensor<3xf32>
  %y = nn.expand_batch %x like %like : tensor<1x2xi64>, tensor<3xf32>
  %truth = nn.constant dense<true> : tensor<1xi1>
  %images = nn.constant dense<0> : tensor<2x3xi8>
  %t = nn.expand_batch %truth like %images : tensor<1xi1>, tensor<2x3xi8>
  %expected_y = nn.constant dense<[[1, 2], [1, 2], [1, 2]]> : tensor<3x2xi64>
  %expected_t = nn.constant dense<true> : tensor<2xi1>
  return %y, %t, %expected_y, %expected_t : tensor<3x2xi64>, tensor<2xi1>, tensor<3x2xi64>, tensor<2xi1>
}

// What `like` holds is not read.
// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<1x5x3xf64>, %like: tensor<7x2xf64>) -> (tensor<7x5x3xf64>, tensor<7x2xf64>) attributes {check_gradient} {
  %y = nn.expand_batch %x like %like : tensor<1x5x3xf64>, tensor<7x2xf64>
  return %y, %like : tensor<7x5x3xf64>, tensor<7x2xf64>
}

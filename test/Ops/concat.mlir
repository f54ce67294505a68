// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-opt %s --canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @concat(
// SYNTAX: nn.concat %{{.*}}, %{{.*}} axis 1 : tensor<3x5xf32>, tensor<3x2xf32>
// COUNT: @concat: 0 operations
// LOWER-LABEL: func @concat(
// LOWER: %[[FIRST:.*]] = tensor.insert_slice %{{.*}} into %{{.*}}[0, 0] [3, 5] [1, 1]
// LOWER: tensor.insert_slice %{{.*}} into %[[FIRST]][0, 5] [3, 2] [1, 1]
func.func @concat(%a: tensor<3x5xf32>, %b: tensor<3x2xf32>) -> tensor<3x7xf32> {
  %y = nn.concat %a, %b axis 1 : tensor<3x5xf32>, tensor<3x2xf32>
  return %y : tensor<3x7xf32>
}

// Each input gets its slice; nothing is made for an input that needs no gradient.
// GRADIENT-LABEL: func @concat_gradient(
// GRADIENT: %[[DY:.*]] = nn.broadcast
// GRADIENT-NOT: nn.slice
// GRADIENT: %[[DB:.*]] = nn.slice %[[DY]] from [0, 5] sizes [3, 2] steps [1, 1]
// GRADIENT-NOT: nn.slice
// GRADIENT: return %[[DB]]
func.func @concat_gradient(%a: tensor<3x5xf32>, %b: tensor<3x2xf32>) -> tensor<3x2xf32> {
  %y = nn.concat %a, %b axis 1 : tensor<3x5xf32>, tensor<3x2xf32>
  %loss = nn.reduce_sum %y over [0, 1] : tensor<3x7xf32>
  %db = train.gradient %loss wrt %b : tensor<f32> wrt tensor<3x2xf32>
  return %db : tensor<3x2xf32>
}

// FOLD-LABEL: func @single(
// FOLD-SAME: %[[X:[a-z0-9]+]]: tensor<3x5xf32>
// FOLD-NEXT: return %[[X]]
func.func @single(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.concat %x axis 0 : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// Constants become one, along any dimension.
// FOLD-LABEL: func @constants(
// FOLD-DAG: %[[Y:.*]] = nn.constant dense<{{\[\[\[}}1, 2], [3, 4], [5, 6]], {{\[\[}}7, 8], [9, 9], [9, 9]]]> : tensor<2x3x2xi64>
// FOLD-DAG: %[[Z:.*]] = nn.constant dense<[true, true, false]> : tensor<3xi1>
// FOLD: return %[[Y]], %[[Z]], %[[Y]], %[[Z]]
// NUMBERS: @constants: values agree
func.func @constants() -> (tensor<2x3x2xi64>, tensor<3xi1>, tensor<2x3x2xi64>, tensor<3xi1>) attributes {check_values} {
  %a = nn.constant dense<[[[1, 2]], [[7, 8]]]> : tensor<2x1x2xi64>
  %b = nn.constant dense<[[[3, 4], [5, 6]], [[9, 9], [9, 9]]]> : tensor<2x2x2xi64>
  %none = nn.constant dense<> : tensor<2x0x2xi64>
  %y = nn.concat %a, %none, %b axis 1 : tensor<2x1x2xi64>, tensor<2x0x2xi64>, tensor<2x2x2xi64>
  %t = nn.constant dense<true> : tensor<2xi1>
  %f = nn.constant dense<false> : tensor<1xi1>
  %z = nn.concat %t, %f axis 0 : tensor<2xi1>, tensor<1xi1>
  %expected_y = nn.constant dense<[[[1, 2], [3, 4], [5, 6]], [[7, 8], [9, 9], [9, 9]]]> : tensor<2x3x2xi64>
  %expected_z = nn.constant dense<[true, true, false]> : tensor<3xi1>
  return %y, %z, %expected_y, %expected_z : tensor<2x3x2xi64>, tensor<3xi1>, tensor<2x3x2xi64>, tensor<3xi1>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<2x3xindex>, tensor<2x3xindex>) attributes {check_values} {
  %a = nn.constant dense<[[1], [2]]> : tensor<2x1xindex>
  %b = nn.constant dense<[[3, 4], [5, 6]]> : tensor<2x2xindex>
  %y = nn.concat %a, %b axis 1 : tensor<2x1xindex>, tensor<2x2xindex>
  %expected = nn.constant dense<[[1, 3, 4], [2, 5, 6]]> : tensor<2x3xindex>
  return %y, %expected : tensor<2x3xindex>, tensor<2x3xindex>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%a: tensor<3x5xf64>, %b: tensor<3x2xf64>) -> tensor<3x12xf64> attributes {check_gradient} {
  %y = nn.concat %a, %b, %a axis 1 : tensor<3x5xf64>, tensor<3x2xf64>, tensor<3x5xf64>
  return %y : tensor<3x12xf64>
}

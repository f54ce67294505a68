// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @select(
// SYNTAX: nn.select %{{.*}}, %{{.*}}, %{{.*}} : tensor<7x1xi1>, tensor<3x1x5xf32>, tensor<f32>
// COUNT: @select: 105 operations: select 105
// LOWER-LABEL: func @select(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel", "parallel"]
// LOWER: arith.select
func.func @select(%condition: tensor<7x1xi1>, %x: tensor<3x1x5xf32>, %y: tensor<f32>) -> tensor<3x7x5xf32> {
  %z = nn.select %condition, %x, %y : tensor<7x1xi1>, tensor<3x1x5xf32>, tensor<f32>
  return %z : tensor<3x7x5xf32>
}

// COUNT: @truth: 15 operations: select 15
func.func @truth(%condition: tensor<3x5xi1>, %x: tensor<3x5xi1>, %y: tensor<i1>) -> tensor<3x5xi1> {
  %z = nn.select %condition, %x, %y : tensor<3x5xi1>, tensor<3x5xi1>, tensor<i1>
  return %z : tensor<3x5xi1>
}

// A choice of positions is free.
// COUNT: @positions: 0 operations
func.func @positions(%condition: tensor<3xi1>, %x: tensor<3xindex>, %y: tensor<index>) -> tensor<3xindex> {
  %z = nn.select %condition, %x, %y : tensor<3xi1>, tensor<3xindex>, tensor<index>
  return %z : tensor<3xindex>
}

// GRADIENT-LABEL: func @select_gradient(
// GRADIENT-SAME: %[[CONDITION:[a-z0-9]+]]: tensor<3x5xi1>
// GRADIENT: %[[DZ:.*]] = nn.broadcast
// GRADIENT: %[[ZERO:.*]] = nn.constant dense<0.0
// GRADIENT: %[[DX:.*]] = nn.select %[[CONDITION]], %[[DZ]], %[[ZERO]]
// GRADIENT: %[[REST:.*]] = nn.select %[[CONDITION]], %[[ZERO]], %[[DZ]]
// GRADIENT: %[[DY:.*]] = nn.reduce_sum %[[REST]] over [0, 1]
// GRADIENT: return %[[DX]], %[[DY]]
// COUNT: @select_gradient: 73 operations: add 28, select 45
func.func @select_gradient(%condition: tensor<3x5xi1>, %x: tensor<3x5xf32>, %y: tensor<f32>) -> (tensor<3x5xf32>, tensor<f32>) {
  %z = nn.select %condition, %x, %y : tensor<3x5xi1>, tensor<3x5xf32>, tensor<f32>
  %loss = nn.reduce_sum %z over [0, 1] : tensor<3x5xf32>
  %dx, %dy = train.gradient %loss wrt %x, %y : tensor<f32> wrt tensor<3x5xf32>, tensor<f32>
  return %dx, %dy : tensor<3x5xf32>, tensor<f32>
}

// What is not chosen does not matter, also where it is not a number.
// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.select
// FOLD: return
func.func @values() -> (tensor<2x3xf64>, tensor<2x3xf64>) attributes {check_values = 0.0} {
  %condition = nn.constant dense<[[true, false, true], [false, true, false]]> : tensor<2x3xi1>
  %x = nn.constant dense<[[1.0], [2.0]]> : tensor<2x1xf64>
  %y = nn.constant dense<[0x7FF8000000000000, -1.0, 0x7FF0000000000000]> : tensor<3xf64>
  %z = nn.select %condition, %x, %y : tensor<2x3xi1>, tensor<2x1xf64>, tensor<3xf64>
  %expected = nn.constant dense<[[1.0, -1.0, 1.0], [0x7FF8000000000000, 2.0, 0x7FF0000000000000]]> : tensor<2x3xf64>
  return %z, %expected : tensor<2x3xf64>, tensor<2x3xf64>
}

// NUMBERS: @whole_values: values agree
func.func @whole_values() -> (tensor<3xi64>, tensor<3xi1>, tensor<3xi64>, tensor<3xi1>) attributes {check_values = 0.0} {
  %condition = nn.constant dense<[true, false, true]> : tensor<3xi1>
  %x = nn.constant dense<[1, 2, -3]> : tensor<3xi64>
  %y = nn.constant dense<7> : tensor<i64>
  %truth = nn.constant dense<[false, false, true]> : tensor<3xi1>
  %z = nn.select %condition, %x, %y : tensor<3xi1>, tensor<3xi64>, tensor<i64>
  %t = nn.select %condition, %truth, %condition : tensor<3xi1>, tensor<3xi1>, tensor<3xi1>
  %expected_z = nn.constant dense<[1, 7, -3]> : tensor<3xi64>
  %expected_t = nn.constant dense<[false, false, true]> : tensor<3xi1>
  return %z, %t, %expected_z, %expected_t : tensor<3xi64>, tensor<3xi1>, tensor<3xi64>, tensor<3xi1>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%a: tensor<7x5xf64>, %x: tensor<3x1x5xf64>, %y: tensor<7x1xf64>) -> tensor<3x7x5xf64> attributes {check_gradient} {
  %zero = nn.constant dense<0.0> : tensor<f64>
  %condition = nn.compare greater %a, %zero : tensor<7x5xf64>, tensor<f64>
  %z = nn.select %condition, %x, %y : tensor<7x5xi1>, tensor<3x1x5xf64>, tensor<7x1xf64>
  return %z : tensor<3x7x5xf64>
}

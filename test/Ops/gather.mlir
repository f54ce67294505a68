// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// A place that is a value costs its comparison with 0 for each element that it takes.
// SYNTAX-LABEL: func @gather(
// SYNTAX: nn.gather %{{.*}} at %{{.*}} : tensor<2x5x3xf32>, tensor<2x7xi64>
// COUNT: @gather: 42 operations: compare 42
// LOWER-LABEL: func @gather(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel", "parallel"]
// LOWER: arith.cmpi slt, {{.*}} : i64
// LOWER: tensor.extract %{{.*}} : tensor<2x5x3xf32>
func.func @gather(%x: tensor<2x5x3xf32>, %places: tensor<2x7xi64>) -> tensor<2x7x3xf32> {
  %y = nn.gather %x at %places : tensor<2x5x3xf32>, tensor<2x7xi64>
  return %y : tensor<2x7x3xf32>
}

// One that is a position costs nothing.
// COUNT: @positions: 0 operations
func.func @positions(%x: tensor<1x5x3xf32>, %places: tensor<2x7xindex>) -> tensor<2x7x3xf32> {
  %y = nn.gather %x at %places : tensor<1x5x3xf32>, tensor<2x7xindex>
  return %y : tensor<2x7x3xf32>
}

// GRADIENT-LABEL: func @gather_gradient(
// GRADIENT-SAME: %{{.*}}: tensor<2x5x3xf32>, %[[PLACES:[a-z0-9]+]]: tensor<2x7xindex>
// GRADIENT: %[[DY:.*]] = nn.broadcast {{.*}} to [2, 7, 3]
// GRADIENT: %[[ZEROS:.*]] = nn.broadcast {{.*}} to [2, 5, 3]
// GRADIENT: %[[DX:.*]] = nn.scatter add %[[DY]] into %[[ZEROS]] at %[[PLACES]]
// GRADIENT: return %[[DX]]
// COUNT: @gather_gradient: 83 operations: add 83
func.func @gather_gradient(%x: tensor<2x5x3xf32>, %places: tensor<2x7xindex>) -> tensor<2x5x3xf32> {
  %y = nn.gather %x at %places : tensor<2x5x3xf32>, tensor<2x7xindex>
  %loss = nn.reduce_sum %y over [0, 1, 2] : tensor<2x7x3xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<2x5x3xf32>
  return %dx : tensor<2x5x3xf32>
}

// A table that serves all gets what all give, in one row.
// GRADIENT-LABEL: func @table_gradient(
// GRADIENT: %[[PLACES:.*]] = nn.reshape %{{.*}} to [1, 14] : tensor<2x7xi64>
// GRADIENT: %[[DY:.*]] = nn.reshape %{{.*}} to [1, 14, 3]
// GRADIENT: %[[DX:.*]] = nn.scatter add %[[DY]] into %{{.*}} at %[[PLACES]]
// GRADIENT: return %[[DX]]
// COUNT: @table_gradient: 167 operations: add 83, compare 84
func.func @table_gradient(%x: tensor<1x5x3xf32>, %places: tensor<2x7xi64>) -> tensor<1x5x3xf32> {
  %y = nn.gather %x at %places : tensor<1x5x3xf32>, tensor<2x7xi64>
  %loss = nn.reduce_sum %y over [0, 1, 2] : tensor<2x7x3xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<1x5x3xf32>
  return %dx : tensor<1x5x3xf32>
}

// Places below 0 count from the end; those out of range become the nearest in range.
// NUMBERS: @values: values agree
func.func @values() -> (tensor<2x7x2xf64>, tensor<2x7x2xf64>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [[-1.0, -2.0], [-3.0, -4.0], [-5.0, -6.0]]]> : tensor<2x3x2xf64>
  %places = nn.constant dense<[[0, 2, 1, -1, -3, 3, -4], [9223372036854775807, -9223372036854775808, 0, 0, 0, 0, 2]]> : tensor<2x7xi64>
  %y = nn.gather %x at %places : tensor<2x3x2xf64>, tensor<2x7xi64>
  %expected = nn.constant dense<[[[1.0, 2.0], [5.0, 6.0], [3.0, 4.0], [5.0, 6.0], [1.0, 2.0], [5.0, 6.0], [1.0, 2.0]],
                                 [[-5.0, -6.0], [-1.0, -2.0], [-1.0, -2.0], [-1.0, -2.0], [-1.0, -2.0], [-1.0, -2.0], [-5.0, -6.0]]]> : tensor<2x7x2xf64>
  return %y, %expected : tensor<2x7x2xf64>, tensor<2x7x2xf64>
}

// One row of places for two tables, one table for two rows of places; elements of any type.
// NUMBERS: @shared: values agree
func.func @shared() -> (tensor<2x2x1xi64>, tensor<2x2x1xi1>, tensor<2x2x1xi64>, tensor<2x2x1xi1>) attributes {check_values = 0.0} {
  %tables = nn.constant dense<[[[1], [2], [3]], [[4], [5], [6]]]> : tensor<2x3x1xi64>
  %row = nn.constant dense<[[2, 0]]> : tensor<1x2xindex>
  %y = nn.gather %tables at %row : tensor<2x3x1xi64>, tensor<1x2xindex>
  %table = nn.constant dense<[[[true], [false], [true]]]> : tensor<1x3x1xi1>
  %rows = nn.constant dense<[[2, 1], [1, -1]]> : tensor<2x2xi64>
  %z = nn.gather %table at %rows : tensor<1x3x1xi1>, tensor<2x2xi64>
  %expected_y = nn.constant dense<[[[3], [1]], [[6], [4]]]> : tensor<2x2x1xi64>
  %expected_z = nn.constant dense<[[[true], [false]], [[false], [true]]]> : tensor<2x2x1xi1>
  return %y, %z, %expected_y, %expected_z : tensor<2x2x1xi64>, tensor<2x2x1xi1>, tensor<2x2x1xi64>, tensor<2x2x1xi1>
}

// Rows taken more than once get the sum.
// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<2x5x3xf64>, %places: tensor<2x7xindex>) -> tensor<2x7x3xf64> attributes {check_gradient = {positions = 5}} {
  %y = nn.gather %x at %places : tensor<2x5x3xf64>, tensor<2x7xindex>
  return %y : tensor<2x7x3xf64>
}

// NUMBERS: @row_differences: gradient agrees
func.func @row_differences(%x: tensor<2x5x3xf64>, %places: tensor<1x7xi64>) -> tensor<2x7x3xf64> attributes {check_gradient = {positions = 5}} {
  %y = nn.gather %x at %places : tensor<2x5x3xf64>, tensor<1x7xi64>
  return %y : tensor<2x7x3xf64>
}

// NUMBERS: @table_differences: gradient agrees
func.func @table_differences(%x: tensor<1x5x3xf64>, %places: tensor<2x7xi64>) -> tensor<2x7x3xf64> attributes {check_gradient = {positions = 5}} {
  %two = nn.constant dense<2> : tensor<i64>
  %around = nn.sub %places, %two : tensor<2x7xi64>, tensor<i64>
  %y = nn.gather %x at %around : tensor<1x5x3xf64>, tensor<2x7xi64>
  return %y : tensor<2x7x3xf64>
}

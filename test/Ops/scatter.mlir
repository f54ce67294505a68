// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @scatter(
// SYNTAX: nn.scatter none %{{.*}} into %{{.*}} at %{{.*}} : tensor<2x7x3xf32>, tensor<2x5x3xf32>, tensor<2x7xi64>
// COUNT: @scatter: 42 operations: compare 42
// LOWER-LABEL: func @scatter(
// LOWER-COUNT-3: scf.for
// LOWER: arith.cmpi slt, {{.*}} : i64
// LOWER: tensor.insert
func.func @scatter(%x: tensor<2x5x3xf32>, %places: tensor<2x7xi64>, %updates: tensor<2x7x3xf32>) -> tensor<2x5x3xf32> {
  %y = nn.scatter none %updates into %x at %places : tensor<2x7x3xf32>, tensor<2x5x3xf32>, tensor<2x7xi64>
  return %y : tensor<2x5x3xf32>
}

// Targets that depend on data cost one operation for each element of the updates, not less.
// SYNTAX-LABEL: func @combined(
// SYNTAX: nn.scatter add
// SYNTAX: nn.scatter mul
// SYNTAX: nn.scatter max
// SYNTAX: nn.scatter min
// COUNT: @combined: 168 operations: add 42, maximum 42, minimum 42, multiply 42
// LOWER-LABEL: func @combined(
// LOWER: arith.addf
// LOWER: arith.mulf
// LOWER: arith.maximumf
// LOWER: arith.minimumf
func.func @combined(%x: tensor<2x5x3xf32>, %places: tensor<1x7xindex>, %updates: tensor<2x7x3xf32>) -> tensor<2x5x3xf32> {
  %a = nn.scatter add %updates into %x at %places : tensor<2x7x3xf32>, tensor<2x5x3xf32>, tensor<1x7xindex>
  %b = nn.scatter mul %updates into %a at %places : tensor<2x7x3xf32>, tensor<2x5x3xf32>, tensor<1x7xindex>
  %c = nn.scatter max %updates into %b at %places : tensor<2x7x3xf32>, tensor<2x5x3xf32>, tensor<1x7xindex>
  %d = nn.scatter min %updates into %c at %places : tensor<2x7x3xf32>, tensor<2x5x3xf32>, tensor<1x7xindex>
  return %d : tensor<2x5x3xf32>
}

// GRADIENT-LABEL: func @scatter_gradient(
// GRADIENT-SAME: %{{.*}}: tensor<2x5x3xf32>, %[[PLACES:[a-z0-9]+]]: tensor<2x7xindex>
// GRADIENT: %[[DY:.*]] = nn.broadcast {{.*}} to [2, 5, 3]
// GRADIENT: %[[DUPDATES:.*]] = nn.gather %[[DY]] at %[[PLACES]]
// GRADIENT: %[[ZEROS:.*]] = nn.broadcast {{.*}} to [2, 7, 3]
// GRADIENT: %[[DX:.*]] = nn.scatter none %[[ZEROS]] into %[[DY]] at %[[PLACES]]
// GRADIENT: return %[[DX]], %[[DUPDATES]]
// COUNT: @scatter_gradient: 29 operations: add 29
func.func @scatter_gradient(%x: tensor<2x5x3xf32>, %places: tensor<2x7xindex>, %updates: tensor<2x7x3xf32>) -> (tensor<2x5x3xf32>, tensor<2x7x3xf32>) {
  %y = nn.scatter none %updates into %x at %places : tensor<2x7x3xf32>, tensor<2x5x3xf32>, tensor<2x7xindex>
  %loss = nn.reduce_sum %y over [0, 1, 2] : tensor<2x5x3xf32>
  %dx, %dupdates = train.gradient %loss wrt %x, %updates : tensor<f32> wrt tensor<2x5x3xf32>, tensor<2x7x3xf32>
  return %dx, %dupdates : tensor<2x5x3xf32>, tensor<2x7x3xf32>
}

// The last update stays; places below 0 count from the end, those out of range become the nearest in range.
// NUMBERS: @values: values agree
func.func @values() -> (tensor<2x3x2xf64>, tensor<2x3x2xf64>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [[-1.0, -2.0], [-3.0, -4.0], [-5.0, -6.0]]]> : tensor<2x3x2xf64>
  %places = nn.constant dense<[[1, -1, 1], [-9, 9, 0]]> : tensor<2x3xi64>
  %updates = nn.constant dense<[[[10.0, 20.0], [30.0, 40.0], [50.0, 60.0]], [[11.0, 21.0], [31.0, 41.0], [51.0, 61.0]]]> : tensor<2x3x2xf64>
  %y = nn.scatter none %updates into %x at %places : tensor<2x3x2xf64>, tensor<2x3x2xf64>, tensor<2x3xi64>
  %expected = nn.constant dense<[[[1.0, 2.0], [50.0, 60.0], [30.0, 40.0]], [[51.0, 61.0], [-3.0, -4.0], [31.0, 41.0]]]> : tensor<2x3x2xf64>
  return %y, %expected : tensor<2x3x2xf64>, tensor<2x3x2xf64>
}

// NUMBERS: @reductions: values agree
func.func @reductions() -> (tensor<1x3x1xf64>, tensor<1x3x1xf64>, tensor<1x3x1xf64>, tensor<1x3x1xf64>,
                            tensor<1x3x1xf64>, tensor<1x3x1xf64>, tensor<1x3x1xf64>, tensor<1x3x1xf64>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[[[1.0], [2.0], [3.0]]]> : tensor<1x3x1xf64>
  %places = nn.constant dense<[[2, 0, 2, -1]]> : tensor<1x4xi64>
  %updates = nn.constant dense<[[[4.0], [-5.0], [0.5], [-6.0]]]> : tensor<1x4x1xf64>
  %add = nn.scatter add %updates into %x at %places : tensor<1x4x1xf64>, tensor<1x3x1xf64>, tensor<1x4xi64>
  %mul = nn.scatter mul %updates into %x at %places : tensor<1x4x1xf64>, tensor<1x3x1xf64>, tensor<1x4xi64>
  %max = nn.scatter max %updates into %x at %places : tensor<1x4x1xf64>, tensor<1x3x1xf64>, tensor<1x4xi64>
  %min = nn.scatter min %updates into %x at %places : tensor<1x4x1xf64>, tensor<1x3x1xf64>, tensor<1x4xi64>
  %expected_add = nn.constant dense<[[[-4.0], [2.0], [1.5]]]> : tensor<1x3x1xf64>
  %expected_mul = nn.constant dense<[[[-5.0], [2.0], [-36.0]]]> : tensor<1x3x1xf64>
  %expected_max = nn.constant dense<[[[1.0], [2.0], [4.0]]]> : tensor<1x3x1xf64>
  %expected_min = nn.constant dense<[[[-5.0], [2.0], [-6.0]]]> : tensor<1x3x1xf64>
  return %add, %mul, %max, %min, %expected_add, %expected_mul, %expected_max, %expected_min
    : tensor<1x3x1xf64>, tensor<1x3x1xf64>, tensor<1x3x1xf64>, tensor<1x3x1xf64>, tensor<1x3x1xf64>, tensor<1x3x1xf64>, tensor<1x3x1xf64>, tensor<1x3x1xf64>
}

// Whole numbers, truth values and positions; one row of places for all.
// NUMBERS: @types: values agree
func.func @types() -> (tensor<2x3x1xi64>, tensor<2x3x1xi1>, tensor<2x3x1xindex>, tensor<2x3x1xi64>, tensor<2x3x1xi1>, tensor<2x3x1xindex>) attributes {check_values = 0.0} {
  %places = nn.constant dense<[[2, 0, 2]]> : tensor<1x3xindex>
  %x = nn.constant dense<[[[1], [2], [3]], [[4], [5], [6]]]> : tensor<2x3x1xi64>
  %updates = nn.constant dense<[[[10], [20], [30]], [[40], [50], [60]]]> : tensor<2x3x1xi64>
  %y = nn.scatter add %updates into %x at %places : tensor<2x3x1xi64>, tensor<2x3x1xi64>, tensor<1x3xindex>
  %truth = nn.constant dense<true> : tensor<2x3x1xi1>
  %lies = nn.constant dense<false> : tensor<2x3x1xi1>
  %t = nn.scatter none %lies into %truth at %places : tensor<2x3x1xi1>, tensor<2x3x1xi1>, tensor<1x3xindex>
  %p = nn.constant dense<[[[7], [8], [9]], [[7], [8], [9]]]> : tensor<2x3x1xindex>
  %q = nn.constant dense<[[[1], [9], [8]], [[3], [2], [10]]]> : tensor<2x3x1xindex>
  %r = nn.scatter max %q into %p at %places : tensor<2x3x1xindex>, tensor<2x3x1xindex>, tensor<1x3xindex>
  %expected_y = nn.constant dense<[[[21], [2], [43]], [[54], [5], [106]]]> : tensor<2x3x1xi64>
  %expected_t = nn.constant dense<[[[false], [true], [false]], [[false], [true], [false]]]> : tensor<2x3x1xi1>
  %expected_r = nn.constant dense<[[[9], [8], [9]], [[7], [8], [10]]]> : tensor<2x3x1xindex>
  return %y, %t, %r, %expected_y, %expected_t, %expected_r : tensor<2x3x1xi64>, tensor<2x3x1xi1>, tensor<2x3x1xindex>, tensor<2x3x1xi64>, tensor<2x3x1xi1>, tensor<2x3x1xindex>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<2x5x3xf64>, %places: tensor<2x7xi64>, %updates: tensor<2x7x3xf64>) -> tensor<2x5x3xf64> attributes {check_gradient = {positions = 5}} {
  %y = nn.scatter add %updates into %x at %places : tensor<2x7x3xf64>, tensor<2x5x3xf64>, tensor<2x7xi64>
  return %y : tensor<2x5x3xf64>
}

// Each place once.
// NUMBERS: @largest_differences: gradient agrees
func.func @largest_differences(%x: tensor<2x5x3xf64>, %updates: tensor<2x4x3xf64>) -> tensor<2x5x3xf64> attributes {check_gradient} {
  %places = nn.constant dense<[[3, 0, 3, 1]]> : tensor<1x4xindex>
  %y = nn.scatter max %updates into %x at %places : tensor<2x4x3xf64>, tensor<2x5x3xf64>, tensor<1x4xindex>
  return %y : tensor<2x5x3xf64>
}

// NUMBERS: @smallest_differences: gradient agrees
func.func @smallest_differences(%x: tensor<2x5x3xf64>, %updates: tensor<2x4x3xf64>) -> tensor<2x5x3xf64> attributes {check_gradient} {
  %places = nn.constant dense<[[3, 0, 3, 1]]> : tensor<1x4xindex>
  %y = nn.scatter min %updates into %x at %places : tensor<2x4x3xf64>, tensor<2x5x3xf64>, tensor<1x4xindex>
  return %y : tensor<2x5x3xf64>
}

// NUMBERS: @replaced_differences: gradient agrees
func.func @replaced_differences(%x: tensor<2x5x3xf64>, %updates: tensor<2x3x3xf64>) -> tensor<2x5x3xf64> attributes {check_gradient} {
  %places = nn.constant dense<[[3, 0, -1]]> : tensor<1x3xi64>
  %y = nn.scatter none %updates into %x at %places : tensor<2x3x3xf64>, tensor<2x5x3xf64>, tensor<1x3xi64>
  return %y : tensor<2x5x3xf64>
}

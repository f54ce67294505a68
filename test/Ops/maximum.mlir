// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @maximum(
// SYNTAX: nn.maximum %{{.*}}, %{{.*}} : tensor<3x1x5xf32>, tensor<7x5xf32>
// COUNT: @maximum: 105 operations: maximum 105
// LOWER-LABEL: func @maximum(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel", "parallel"]
// LOWER: arith.maximumf
func.func @maximum(%x: tensor<3x1x5xf32>, %y: tensor<7x5xf32>) -> tensor<3x7x5xf32> {
  %z = nn.maximum %x, %y : tensor<3x1x5xf32>, tensor<7x5xf32>
  return %z : tensor<3x7x5xf32>
}

// Whole numbers are values.
// COUNT: @whole: 3 operations: maximum 3
// LOWER-LABEL: func @whole(
// LOWER: arith.maxsi {{.*}} : i64
func.func @whole(%x: tensor<3xi64>, %y: tensor<i64>) -> tensor<3xi64> {
  %z = nn.maximum %x, %y : tensor<3xi64>, tensor<i64>
  return %z : tensor<3xi64>
}

// Arithmetic on positions is free.
// COUNT: @positions: 0 operations
// LOWER-LABEL: func @positions(
// LOWER: arith.maxsi {{.*}} : index
func.func @positions(%x: tensor<3xindex>, %y: tensor<index>) -> tensor<3xindex> {
  %z = nn.maximum %x, %y : tensor<3xindex>, tensor<index>
  return %z : tensor<3xindex>
}

// One operand alone needs two comparisons, two choices and the half of dz.
// GRADIENT-LABEL: func @maximum_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<f32>, %[[Y:[a-z0-9]+]]: tensor<f32>
// GRADIENT: %[[HALVED:.*]] = nn.mul
// GRADIENT: %[[SAME:.*]] = nn.compare equal %[[X]], %[[Y]]
// GRADIENT: %[[TIED:.*]] = nn.select %[[SAME]], %[[HALVED]], %
// GRADIENT: %[[PASSES:.*]] = nn.compare greater %[[X]], %[[Y]]
// GRADIENT: %[[DX:.*]] = nn.select %[[PASSES]], %{{.*}}, %[[TIED]]
// GRADIENT: return %[[DX]]
// COUNT: @maximum_gradient: 6 operations: compare 2, maximum 1, multiply 1, select 2
func.func @maximum_gradient(%x: tensor<f32>, %y: tensor<f32>) -> tensor<f32> {
  %loss = nn.maximum %x, %y : tensor<f32>, tensor<f32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<f32>
  return %dx : tensor<f32>
}

// What is not a number passes.
// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.maximum %
// FOLD: return
func.func @values() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[-3.0, 2.0, 2.5, 0x7FF8000000000000, 1.0, 0xFFF0000000000000, 0.0]> : tensor<7xf64>
  %y = nn.constant dense<[2.0, -3.0, 2.5, 1.0, 0x7FF8000000000000, 4.0, 0x7FF0000000000000]> : tensor<7xf64>
  %z = nn.maximum %x, %y : tensor<7xf64>, tensor<7xf64>
  %expected = nn.constant dense<[2.0, 2.0, 2.5, 0x7FF8000000000000, 0x7FF8000000000000, 4.0, 0x7FF0000000000000]> : tensor<7xf64>
  return %z, %expected : tensor<7xf64>, tensor<7xf64>
}

// -0.0 is below 0.0: the reciprocal tells them apart.
// NUMBERS: @zeros: values agree
func.func @zeros() -> (tensor<2xf64>, tensor<2xf64>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[0.0, -0.0]> : tensor<2xf64>
  %y = nn.constant dense<[-0.0, 0.0]> : tensor<2xf64>
  %z = nn.maximum %x, %y : tensor<2xf64>, tensor<2xf64>
  %sign = nn.reciprocal %z : tensor<2xf64>
  %expected = nn.constant dense<0x7FF0000000000000> : tensor<2xf64>
  return %sign, %expected : tensor<2xf64>, tensor<2xf64>
}

// NUMBERS: @whole_values: values agree
func.func @whole_values() -> (tensor<2x3xi64>, tensor<2x3xi64>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[[-3], [5]]> : tensor<2x1xi64>
  %y = nn.constant dense<[2, -9223372036854775808, 9223372036854775807]> : tensor<3xi64>
  %z = nn.maximum %x, %y : tensor<2x1xi64>, tensor<3xi64>
  %expected = nn.constant dense<[[2, -3, 9223372036854775807], [5, 5, 9223372036854775807]]> : tensor<2x3xi64>
  return %z, %expected : tensor<2x3xi64>, tensor<2x3xi64>
}

// Where both are equal, each gets half, as in PyTorch: the mean of the slopes on either side, which is what differences see.
// NUMBERS: @ties: gradient agrees
func.func @ties(%x: tensor<3x1xf64>, %y: tensor<5xf64>) -> tensor<3x5xf64> attributes {check_gradient = {low = 0.5, high = 0.5}} {
  %z = nn.maximum %x, %y : tensor<3x1xf64>, tensor<5xf64>
  return %z : tensor<3x5xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<3x1x5xf64>, %y: tensor<7x5xf64>) -> tensor<3x7x5xf64> attributes {check_gradient} {
  %z = nn.maximum %x, %y : tensor<3x1x5xf64>, tensor<7x5xf64>
  return %z : tensor<3x7x5xf64>
}

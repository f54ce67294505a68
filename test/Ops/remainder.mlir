// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @remainder(
// SYNTAX: nn.remainder %{{.*}}, %{{.*}} : tensor<3x1x5xf32>, tensor<7x5xf32>
// COUNT: @remainder: 105 operations: divide 105
// LOWER-LABEL: func @remainder(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel", "parallel"]
// LOWER: arith.remf
func.func @remainder(%x: tensor<3x1x5xf32>, %y: tensor<7x5xf32>) -> tensor<3x7x5xf32> {
  %z = nn.remainder %x, %y : tensor<3x1x5xf32>, tensor<7x5xf32>
  return %z : tensor<3x7x5xf32>
}

// Whole numbers are values.
// COUNT: @whole: 3 operations: divide 3
// LOWER-LABEL: func @whole(
// LOWER: arith.remsi {{.*}} : i64
func.func @whole(%x: tensor<3xi64>, %y: tensor<i64>) -> tensor<3xi64> {
  %z = nn.remainder %x, %y : tensor<3xi64>, tensor<i64>
  return %z : tensor<3xi64>
}

// Arithmetic on positions is free.
// COUNT: @positions: 0 operations
func.func @positions(%x: tensor<3xindex>, %y: tensor<index>) -> tensor<3xindex> {
  %z = nn.remainder %x, %y : tensor<3xindex>, tensor<index>
  return %z : tensor<3xindex>
}

// GRADIENT-LABEL: func @remainder_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<f32>, %[[Y:[a-z0-9]+]]: tensor<f32>
// GRADIENT: %[[Z:.*]] = nn.remainder %[[X]], %[[Y]]
// GRADIENT: %[[DX:.*]] = nn.constant dense<1.0
// GRADIENT: %[[REST:.*]] = nn.sub %[[Z]], %[[X]]
// GRADIENT: %[[WHOLE:.*]] = nn.div %[[REST]], %[[Y]]
// GRADIENT: %[[DY:.*]] = nn.mul %[[DX]], %[[WHOLE]]
// GRADIENT: return %[[DX]], %[[DY]]
// COUNT: @remainder_gradient: 4 operations: divide 2, multiply 1, subtract 1
func.func @remainder_gradient(%x: tensor<f32>, %y: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
  %loss = nn.remainder %x, %y : tensor<f32>, tensor<f32>
  %dx, %dy = train.gradient %loss wrt %x, %y : tensor<f32> wrt tensor<f32>, tensor<f32>
  return %dx, %dy : tensor<f32>, tensor<f32>
}

// As fmod of C, exact also where the quotient has more digits than a number.
// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.remainder %
// FOLD: return
func.func @values() -> (tensor<10xf64>, tensor<10xf64>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[7.5, -7.5, 7.5, -7.5, 6.0, 1.0e300, 0.5, 1.0, 0x7FF0000000000000, 1.0]> : tensor<10xf64>
  %y = nn.constant dense<[2.0, 2.0, -2.0, -2.0, 3.0, 7.0, 4.0, 0.0, 2.0, 0x7FF0000000000000]> : tensor<10xf64>
  %z = nn.remainder %x, %y : tensor<10xf64>, tensor<10xf64>
  %expected = nn.constant dense<[1.5, -1.5, 1.5, -1.5, 0.0, 1.0, 0.5, 0x7FF8000000000000, 0x7FF8000000000000, 1.0]> : tensor<10xf64>
  return %z, %expected : tensor<10xf64>, tensor<10xf64>
}

// NUMBERS: @single: values agree
func.func @single() -> (tensor<6xf32>, tensor<6xf32>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[7.5, -7.5, 7.5, -7.5, 6.0, 1.0]> : tensor<6xf32>
  %y = nn.constant dense<[2.0, 2.0, -2.0, -2.0, 3.0, 0.0]> : tensor<6xf32>
  %z = nn.remainder %x, %y : tensor<6xf32>, tensor<6xf32>
  %expected = nn.constant dense<[1.5, -1.5, 1.5, -1.5, 0.0, 0x7FC00000]> : tensor<6xf32>
  return %z, %expected : tensor<6xf32>, tensor<6xf32>
}

// A zero keeps the sign of x: its reciprocal tells.
// NUMBERS: @negative_zero: values agree
func.func @negative_zero() -> (tensor<2xf64>, tensor<2xf64>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[-6.0, -0.0]> : tensor<2xf64>
  %y = nn.constant dense<3.0> : tensor<f64>
  %z = nn.remainder %x, %y : tensor<2xf64>, tensor<f64>
  %sign = nn.reciprocal %z : tensor<2xf64>
  %expected = nn.constant dense<0xFFF0000000000000> : tensor<2xf64>
  return %sign, %expected : tensor<2xf64>, tensor<2xf64>
}

// NUMBERS: @whole_values: values agree
func.func @whole_values() -> (tensor<2x4xi64>, tensor<2x4xi64>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[7, -7, 6, -9223372036854775807]> : tensor<4xi64>
  %y = nn.constant dense<[[3], [-3]]> : tensor<2x1xi64>
  %z = nn.remainder %x, %y : tensor<4xi64>, tensor<2x1xi64>
  %expected = nn.constant dense<[[1, -1, 0, -1], [1, -1, 0, -1]]> : tensor<2x4xi64>
  return %z, %expected : tensor<2x4xi64>, tensor<2x4xi64>
}

// What a machine would stop at.
// NUMBERS: @stopping: values agree
func.func @stopping() -> (tensor<6xi64>, tensor<6xi64>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[7, -7, 7, 7, 0, -9223372036854775808]> : tensor<6xi64>
  %y = nn.constant dense<[2, 2, -1, 0, 0, -1]> : tensor<6xi64>
  %z = nn.remainder %x, %y : tensor<6xi64>, tensor<6xi64>
  %expected = nn.constant dense<[1, -1, 0, 0, 0, 0]> : tensor<6xi64>
  return %z, %expected : tensor<6xi64>, tensor<6xi64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<3x1x5xf64>, %y: tensor<7x5xf64>) -> tensor<3x7x5xf64> attributes {check_gradient = {low = -8.0, high = 8.0}} {
  %z = nn.remainder %x, %y : tensor<3x1x5xf64>, tensor<7x5xf64>
  return %z : tensor<3x7x5xf64>
}

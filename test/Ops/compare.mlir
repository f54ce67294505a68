// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @compare(
// SYNTAX: nn.compare less %{{.*}}, %{{.*}} : tensor<3x1x5xf32>, tensor<7x5xf32>
// COUNT: @compare: 105 operations: compare 105
// LOWER-LABEL: func @compare(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel", "parallel"]
// LOWER: arith.cmpf olt
func.func @compare(%x: tensor<3x1x5xf32>, %y: tensor<7x5xf32>) -> tensor<3x7x5xi1> {
  %z = nn.compare less %x, %y : tensor<3x1x5xf32>, tensor<7x5xf32>
  return %z : tensor<3x7x5xi1>
}

// COUNT: @whole: 15 operations: compare 15
// LOWER-LABEL: func @whole(
// LOWER: arith.cmpi sge, {{.*}} : i64
func.func @whole(%x: tensor<3x5xi64>, %y: tensor<i64>) -> tensor<3x5xi1> {
  %z = nn.compare greater_equal %x, %y : tensor<3x5xi64>, tensor<i64>
  return %z : tensor<3x5xi1>
}

// COUNT: @truth: 15 operations: compare 15
func.func @truth(%x: tensor<3x5xi1>, %y: tensor<5xi1>) -> tensor<3x5xi1> {
  %z = nn.compare equal %x, %y : tensor<3x5xi1>, tensor<5xi1>
  return %z : tensor<3x5xi1>
}

// Arithmetic on positions is free.
// COUNT: @positions: 0 operations
func.func @positions(%x: tensor<3xindex>, %y: tensor<index>) -> tensor<3xi1> {
  %z = nn.compare equal %x, %y : tensor<3xindex>, tensor<index>
  return %z : tensor<3xi1>
}

// Below, the same, above; both zeros are the same, and nothing but not_equal holds of what is not a number.
// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.compare
// FOLD: return
func.func @values() -> (tensor<7xi1>, tensor<7xi1>, tensor<7xi1>, tensor<7xi1>, tensor<7xi1>, tensor<7xi1>,
                        tensor<7xi1>, tensor<7xi1>, tensor<7xi1>, tensor<7xi1>, tensor<7xi1>, tensor<7xi1>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[-1.0, 2.5, 3.0, 0.0, 0x7FF8000000000000, 1.0, 0x7FF0000000000000]> : tensor<7xf64>
  %y = nn.constant dense<[2.0, 2.5, -3.0, -0.0, 0x7FF8000000000000, 0x7FF8000000000000, 1.0]> : tensor<7xf64>
  %eq = nn.compare equal %x, %y : tensor<7xf64>, tensor<7xf64>
  %ne = nn.compare not_equal %x, %y : tensor<7xf64>, tensor<7xf64>
  %lt = nn.compare less %x, %y : tensor<7xf64>, tensor<7xf64>
  %le = nn.compare less_equal %x, %y : tensor<7xf64>, tensor<7xf64>
  %gt = nn.compare greater %x, %y : tensor<7xf64>, tensor<7xf64>
  %ge = nn.compare greater_equal %x, %y : tensor<7xf64>, tensor<7xf64>
  %expected_eq = nn.constant dense<[false, true, false, true, false, false, false]> : tensor<7xi1>
  %expected_ne = nn.constant dense<[true, false, true, false, true, true, true]> : tensor<7xi1>
  %expected_lt = nn.constant dense<[true, false, false, false, false, false, false]> : tensor<7xi1>
  %expected_le = nn.constant dense<[true, true, false, true, false, false, false]> : tensor<7xi1>
  %expected_gt = nn.constant dense<[false, false, true, false, false, false, true]> : tensor<7xi1>
  %expected_ge = nn.constant dense<[false, true, true, true, false, false, true]> : tensor<7xi1>
  return %eq, %ne, %lt, %le, %gt, %ge, %expected_eq, %expected_ne, %expected_lt, %expected_le, %expected_gt, %expected_ge
    : tensor<7xi1>, tensor<7xi1>, tensor<7xi1>, tensor<7xi1>, tensor<7xi1>, tensor<7xi1>, tensor<7xi1>, tensor<7xi1>, tensor<7xi1>, tensor<7xi1>, tensor<7xi1>, tensor<7xi1>
}

// NUMBERS: @whole_values: values agree
func.func @whole_values() -> (tensor<2x3xi1>, tensor<2x3xi1>, tensor<2x3xi1>, tensor<2x3xi1>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[[-1], [5]]> : tensor<2x1xi64>
  %y = nn.constant dense<[-1, -9223372036854775808, 9223372036854775807]> : tensor<3xi64>
  %lt = nn.compare less %x, %y : tensor<2x1xi64>, tensor<3xi64>
  %ge = nn.compare greater_equal %x, %y : tensor<2x1xi64>, tensor<3xi64>
  %expected_lt = nn.constant dense<[[false, false, true], [false, false, true]]> : tensor<2x3xi1>
  %expected_ge = nn.constant dense<[[true, true, false], [true, true, false]]> : tensor<2x3xi1>
  return %lt, %ge, %expected_lt, %expected_ge : tensor<2x3xi1>, tensor<2x3xi1>, tensor<2x3xi1>, tensor<2x3xi1>
}

// NUMBERS: @truth_values: values agree
func.func @truth_values() -> (tensor<2x2xi1>, tensor<2x2xi1>, tensor<2x2xi1>, tensor<2x2xi1>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[[true], [false]]> : tensor<2x1xi1>
  %y = nn.constant dense<[true, false]> : tensor<2xi1>
  %eq = nn.compare equal %x, %y : tensor<2x1xi1>, tensor<2xi1>
  %ne = nn.compare not_equal %x, %y : tensor<2x1xi1>, tensor<2xi1>
  %expected_eq = nn.constant dense<[[true, false], [false, true]]> : tensor<2x2xi1>
  %expected_ne = nn.constant dense<[[false, true], [true, false]]> : tensor<2x2xi1>
  return %eq, %ne, %expected_eq, %expected_ne : tensor<2x2xi1>, tensor<2x2xi1>, tensor<2x2xi1>, tensor<2x2xi1>
}

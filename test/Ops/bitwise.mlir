// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @bitwise(
// SYNTAX: nn.bitwise and %{{.*}}, %{{.*}} : tensor<3x1x5xi64>, tensor<7x5xi64>
// SYNTAX: nn.bitwise or %
// SYNTAX: nn.bitwise xor %
// SYNTAX: nn.bitwise shift_left %
// SYNTAX: nn.bitwise shift_right %
// COUNT: @bitwise: 525 operations: bitwise 525
// LOWER-LABEL: func @bitwise(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel", "parallel"]
// LOWER: arith.andi
// LOWER: arith.ori
// LOWER: arith.xori
// LOWER: arith.shli
// LOWER: arith.shrui
func.func @bitwise(%x: tensor<3x1x5xi64>, %y: tensor<7x5xi64>) -> tensor<3x7x5xi64> {
  %a = nn.bitwise and %x, %y : tensor<3x1x5xi64>, tensor<7x5xi64>
  %b = nn.bitwise or %a, %y : tensor<3x7x5xi64>, tensor<7x5xi64>
  %c = nn.bitwise xor %b, %y : tensor<3x7x5xi64>, tensor<7x5xi64>
  %d = nn.bitwise shift_left %c, %y : tensor<3x7x5xi64>, tensor<7x5xi64>
  %e = nn.bitwise shift_right %d, %y : tensor<3x7x5xi64>, tensor<7x5xi64>
  return %e : tensor<3x7x5xi64>
}

// The logic of truth values, one byte each in memory.
// COUNT: @truth: 15 operations: bitwise 15
// LOWER-LABEL: func @truth(
// LOWER: arith.andi {{.*}} : i1
func.func @truth(%x: tensor<3x5xi1>, %y: tensor<5xi1>) -> tensor<3x5xi1> {
  %z = nn.bitwise and %x, %y : tensor<3x5xi1>, tensor<5xi1>
  return %z : tensor<3x5xi1>
}

// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.bitwise
// FOLD: return
func.func @values() -> (tensor<3xi64>, tensor<3xi64>, tensor<3xi64>, tensor<3xi64>, tensor<3xi64>, tensor<3xi64>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[12, -1, 0]> : tensor<3xi64>
  %y = nn.constant dense<[10, 255, 7]> : tensor<3xi64>
  %and = nn.bitwise and %x, %y : tensor<3xi64>, tensor<3xi64>
  %or = nn.bitwise or %x, %y : tensor<3xi64>, tensor<3xi64>
  %xor = nn.bitwise xor %x, %y : tensor<3xi64>, tensor<3xi64>
  %expected_and = nn.constant dense<[8, 255, 0]> : tensor<3xi64>
  %expected_or = nn.constant dense<[14, -1, 7]> : tensor<3xi64>
  %expected_xor = nn.constant dense<[6, -256, 7]> : tensor<3xi64>
  return %and, %or, %xor, %expected_and, %expected_or, %expected_xor : tensor<3xi64>, tensor<3xi64>, tensor<3xi64>, tensor<3xi64>, tensor<3xi64>, tensor<3xi64>
}

// To the right with zeros, also below 0.
// NUMBERS: @shifts: values agree
func.func @shifts() -> (tensor<4xi32>, tensor<4xi32>, tensor<4xi32>, tensor<4xi32>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[5, -8, 2147483647, 0]> : tensor<4xi32>
  %y = nn.constant dense<[2, 1, 31, 0]> : tensor<4xi32>
  %left = nn.bitwise shift_left %x, %y : tensor<4xi32>, tensor<4xi32>
  %right = nn.bitwise shift_right %x, %y : tensor<4xi32>, tensor<4xi32>
  %expected_left = nn.constant dense<[20, -16, -2147483648, 0]> : tensor<4xi32>
  %expected_right = nn.constant dense<[1, 2147483644, 0, 0]> : tensor<4xi32>
  return %left, %right, %expected_left, %expected_right : tensor<4xi32>, tensor<4xi32>, tensor<4xi32>, tensor<4xi32>
}

// NUMBERS: @truth_values: values agree
func.func @truth_values() -> (tensor<2x2xi1>, tensor<2x2xi1>, tensor<2x2xi1>, tensor<2x2xi1>, tensor<2x2xi1>, tensor<2x2xi1>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[[true], [false]]> : tensor<2x1xi1>
  %y = nn.constant dense<[true, false]> : tensor<2xi1>
  %and = nn.bitwise and %x, %y : tensor<2x1xi1>, tensor<2xi1>
  %or = nn.bitwise or %x, %y : tensor<2x1xi1>, tensor<2xi1>
  %xor = nn.bitwise xor %x, %y : tensor<2x1xi1>, tensor<2xi1>
  %expected_and = nn.constant dense<[[true, false], [false, false]]> : tensor<2x2xi1>
  %expected_or = nn.constant dense<[[true, true], [true, false]]> : tensor<2x2xi1>
  %expected_xor = nn.constant dense<[[false, true], [true, false]]> : tensor<2x2xi1>
  return %and, %or, %xor, %expected_and, %expected_or, %expected_xor : tensor<2x2xi1>, tensor<2x2xi1>, tensor<2x2xi1>, tensor<2x2xi1>, tensor<2x2xi1>, tensor<2x2xi1>
}

// Shifts by as many bits as there are, or more, or by a negative number leave no bit.
// NUMBERS: @far_shifts: values agree
func.func @far_shifts() -> (tensor<4xi64>, tensor<4xi64>, tensor<4xi64>, tensor<4xi64>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[1, -1, -1, -1]> : tensor<4xi64>
  %y = nn.constant dense<[63, 64, -1, 100]> : tensor<4xi64>
  %left = nn.bitwise shift_left %x, %y : tensor<4xi64>, tensor<4xi64>
  %right = nn.bitwise shift_right %x, %y : tensor<4xi64>, tensor<4xi64>
  %expected_left = nn.constant dense<[-9223372036854775808, 0, 0, 0]> : tensor<4xi64>
  %expected_right = nn.constant dense<0> : tensor<4xi64>
  return %left, %right, %expected_left, %expected_right : tensor<4xi64>, tensor<4xi64>, tensor<4xi64>, tensor<4xi64>
}

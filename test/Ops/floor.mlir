// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @floor(
// SYNTAX: nn.floor %{{.*}} : tensor<3x5xf32>
// COUNT: @floor: 15 operations: round 15
// LOWER-LABEL: func @floor(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: math.floor
func.func @floor(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.floor %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// As floor of C.
// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.floor %
// FOLD: return
func.func @values() -> (tensor<16xf64>, tensor<16xf64>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[-1.0e+300, -2.5, -1.5, -0.5, -0.49999999999999994, -0.0, 0.49999999999999994, 0.5, 1.5, 2.5, 3.75, 4503599627370497.0, 9007199254740992.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<16xf64>
  %result = nn.floor %x : tensor<16xf64>
  %expected = nn.constant dense<[-1.0e+300, -3.0, -2.0, -1.0, -1.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 4503599627370497.0, 9007199254740992.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<16xf64>
  return %result, %expected : tensor<16xf64>, tensor<16xf64>
}

// NUMBERS: @single: values agree
func.func @single() -> (tensor<8xf32>, tensor<8xf32>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[-2.5, -1.5, -0.5, -0.0, 0.5, 1.5, 2.5, 3.75]> : tensor<8xf32>
  %result = nn.floor %x : tensor<8xf32>
  %expected = nn.constant dense<[-3.0, -2.0, -1.0, 0.0, 0.0, 1.0, 2.0, 3.0]> : tensor<8xf32>
  return %result, %expected : tensor<8xf32>, tensor<8xf32>
}

// A zero keeps the sign: its reciprocal tells.
// NUMBERS: @negative_zero: values agree
func.func @negative_zero() -> (tensor<1xf64>, tensor<1xf64>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[-0.0]> : tensor<1xf64>
  %y = nn.floor %x : tensor<1xf64>
  %result = nn.reciprocal %y : tensor<1xf64>
  %expected = nn.constant dense<[0xFFF0000000000000]> : tensor<1xf64>
  return %result, %expected : tensor<1xf64>, tensor<1xf64>
}

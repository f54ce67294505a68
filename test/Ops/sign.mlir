// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @sign(
// SYNTAX: nn.sign %{{.*}} : tensor<3x5xf32>
// COUNT: @sign: 60 operations: compare 30, select 30
// LOWER-LABEL: func @sign(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: arith.cmpf olt
// LOWER: arith.select
// LOWER: arith.cmpf ogt
// LOWER: arith.select
func.func @sign(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.sign %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// 0 of either zero, and of what is not a number.
// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.sign %
// FOLD: return
func.func @values() -> (tensor<10xf64>, tensor<10xf64>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[-1.0e+300, -2.5, -1.0e-300, -0.0, 0.0, 1.0e-300, 3.0, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<10xf64>
  %result = nn.sign %x : tensor<10xf64>
  %expected = nn.constant dense<[-1.0, -1.0, -1.0, 0.0, 0.0, 1.0, 1.0, 1.0, -1.0, 0.0]> : tensor<10xf64>
  return %result, %expected : tensor<10xf64>, tensor<10xf64>
}

// NUMBERS: @single: values agree
func.func @single() -> (tensor<4xf32>, tensor<4xf32>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[-2.5, -0.0, 0.0, 3.0]> : tensor<4xf32>
  %result = nn.sign %x : tensor<4xf32>
  %expected = nn.constant dense<[-1.0, 0.0, 0.0, 1.0]> : tensor<4xf32>
  return %result, %expected : tensor<4xf32>, tensor<4xf32>
}

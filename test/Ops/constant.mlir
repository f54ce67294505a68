// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-opt %s --cse | FileCheck %s --check-prefix=SHARE
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @constant(
// SYNTAX: nn.constant dense<[1.0{{.*}}, -2.5{{.*}}]> : tensor<2xf32>
// SYNTAX: nn.constant dense<7> : tensor<index>
// COUNT: @constant: 0 operations
// LOWER-LABEL: func @constant(
// LOWER: arith.constant dense<[1.0{{.*}}, -2.5{{.*}}]> : tensor<2xf32>
// LOWER: arith.constant dense<7> : tensor<index>
// SHARE-LABEL: func @constant(
// SHARE-COUNT-1: dense<[1.0{{.*}}, -2.5{{.*}}]>
// SHARE-NOT: dense<[1.0
func.func @constant() -> (tensor<2xf32>, tensor<2xf32>, tensor<index>) {
  %x = nn.constant dense<[1.0, -2.5]> : tensor<2xf32>
  %again = nn.constant dense<[1.0, -2.5]> : tensor<2xf32>
  %position = nn.constant dense<7> : tensor<index>
  return %x, %again, %position : tensor<2xf32>, tensor<2xf32>, tensor<index>
}

// NUMBERS: @values: values agree
// SHARE-LABEL: func @values(
func.func @values() -> (tensor<2xf64>, tensor<2xf64>) attributes {check_values} {
  %x = nn.constant dense<0.5> : tensor<2xf64>
  %expected = nn.constant dense<[0.5, 0.5]> : tensor<2xf64>
  return %x, %expected : tensor<2xf64>, tensor<2xf64>
}

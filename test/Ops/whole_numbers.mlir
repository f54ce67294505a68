// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// Whole numbers are values: their arithmetic counts.
// COUNT: @values: 12 operations: add 3, divide 3, multiply 3, subtract 3
// LOWER-LABEL: func @values(
// LOWER: arith.addi {{.*}} : i32
// LOWER: arith.divsi {{.*}} : i32
func.func @values(%x: tensor<3xi32>, %y: tensor<3xi32>) -> tensor<3xi32> {
  %sum = nn.add %x, %y : tensor<3xi32>, tensor<3xi32>
  %difference = nn.sub %sum, %x : tensor<3xi32>, tensor<3xi32>
  %product = nn.mul %difference, %sum : tensor<3xi32>, tensor<3xi32>
  %quotient = nn.div %product, %y : tensor<3xi32>, tensor<3xi32>
  return %quotient : tensor<3xi32>
}

// Positions are free.
// COUNT: @positions: 0 operations
func.func @positions(%x: tensor<3xindex>, %y: tensor<3xindex>) -> tensor<3xindex> {
  %sum = nn.add %x, %y : tensor<3xindex>, tensor<3xindex>
  return %sum : tensor<3xindex>
}

// NUMBERS: @division: values agree
func.func @division() -> (tensor<4xi64>, tensor<4xi64>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[7, -7, 7, -7]> : tensor<4xi64>
  %y = nn.constant dense<[2, 2, -2, -2]> : tensor<4xi64>
  %z = nn.div %x, %y : tensor<4xi64>, tensor<4xi64>
  %expected = nn.constant dense<[3, -3, -3, 3]> : tensor<4xi64>
  return %z, %expected : tensor<4xi64>, tensor<4xi64>
}

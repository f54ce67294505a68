// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @sqrt(
// SYNTAX: nn.sqrt %{{.*}} : tensor<3x5xf32>
// COUNT: @sqrt: 15 operations: sqrt 15
// LOWER-LABEL: func @sqrt(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: math.sqrt
func.func @sqrt(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.sqrt %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @sqrt_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<3x5xf32>
// GRADIENT: %[[Y:.*]] = nn.sqrt %[[X]]
// GRADIENT: %[[DY:.*]] = nn.broadcast
// GRADIENT: %[[TWO:.*]] = nn.constant dense<2.0{{.*}}> : tensor<f32>
// GRADIENT: %[[TWICE:.*]] = nn.mul %[[Y]], %[[TWO]]
// GRADIENT: %[[DX:.*]] = nn.div %[[DY]], %[[TWICE]]
// GRADIENT: return %[[DX]]
// COUNT: @sqrt_gradient: 59 operations: add 14, divide 15, multiply 15, sqrt 15
func.func @sqrt_gradient(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.sqrt %x : tensor<3x5xf32>
  %loss = nn.reduce_sum %y over [0, 1] : tensor<3x5xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<6xf64>, tensor<6xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[0.125, 0.5, 1.0, 2.0, 9.0, 0.0]> : tensor<6xf64>
  %y = nn.sqrt %x : tensor<6xf64>
  %expected = nn.constant dense<[0.3535533905932738, 0.7071067811865476, 1.0, 1.4142135623730951, 3.0, 0.0]> : tensor<6xf64>
  return %y, %expected : tensor<6xf64>, tensor<6xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<3x5xf64>) -> tensor<3x5xf64> attributes {check_gradient = {low = 0.5, high = 2.0}} {
  %y = nn.sqrt %x : tensor<3x5xf64>
  return %y : tensor<3x5xf64>
}

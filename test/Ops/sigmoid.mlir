// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @sigmoid(
// SYNTAX: nn.sigmoid %{{.*}} : tensor<3x5xf32>
// COUNT: @sigmoid: 60 operations: add 15, divide 15, exp 15, negate 15
// LOWER-LABEL: func @sigmoid(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: arith.negf
// LOWER: math.exp
// LOWER: arith.addf
// LOWER: arith.divf
func.func @sigmoid(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.sigmoid %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @sigmoid_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<3x5xf32>
// GRADIENT: %[[Y:.*]] = nn.sigmoid %[[X]]
// GRADIENT: %[[DY:.*]] = nn.broadcast
// GRADIENT: %[[DX:.*]] = nn.sigmoid_grad %[[Y]], %[[DY]]
// GRADIENT: return %[[DX]]
// COUNT: @sigmoid_gradient: 119 operations: add 29, divide 15, exp 15, multiply 30, negate 15, subtract 15
func.func @sigmoid_gradient(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.sigmoid %x : tensor<3x5xf32>
  %loss = nn.reduce_sum %y over [0, 1] : tensor<3x5xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// SYNTAX-LABEL: func @sigmoid_grad(
// SYNTAX: nn.sigmoid_grad %{{.*}}, %{{.*}} : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @sigmoid_grad: 45 operations: multiply 30, subtract 15
func.func @sigmoid_grad(%y: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.sigmoid_grad %y, %dy : tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<9xf64>, tensor<9xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[-3.0, -1.0, -0.25, 0.0, 0.5, 2.0, 7.0, -800.0, 800.0]> : tensor<9xf64>
  %y = nn.sigmoid %x : tensor<9xf64>
  %expected = nn.constant dense<[0.04742587317756678, 0.2689414213699951, 0.43782349911420193, 0.5, 0.6224593312018546, 0.8807970779778823, 0.9990889488055994, 0.0, 1.0]> : tensor<9xf64>
  return %y, %expected : tensor<9xf64>, tensor<9xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<3x5xf64>) -> tensor<3x5xf64> attributes {check_gradient} {
  %y = nn.sigmoid %x : tensor<3x5xf64>
  return %y : tensor<3x5xf64>
}

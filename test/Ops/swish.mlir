// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @swish(
// SYNTAX: nn.swish %{{.*}} alpha 1.000000e+00 : tensor<3x5xf32>
// COUNT: @swish: 75 operations: add 15, divide 15, exp 15, multiply 15, negate 15
// LOWER-LABEL: func @swish(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: arith.negf
// LOWER: math.exp
// LOWER: arith.addf
// LOWER: arith.divf
// LOWER: arith.mulf
func.func @swish(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.swish %x alpha 1.000000e+00 : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @swish_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<3x5xf32>
// GRADIENT: %[[Y:.*]] = nn.swish %[[X]]
// GRADIENT: %[[DY:.*]] = nn.broadcast
// GRADIENT: %[[DX:.*]] = nn.swish_grad %[[X]], %[[Y]], %[[DY]] alpha
// GRADIENT: return %[[DX]]
// COUNT: @swish_gradient: 209 operations: add 59, divide 30, exp 30, multiply 45, negate 30, subtract 15
func.func @swish_gradient(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.swish %x alpha 1.000000e+00 : tensor<3x5xf32>
  %loss = nn.reduce_sum %y over [0, 1] : tensor<3x5xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// SYNTAX-LABEL: func @swish_grad(
// SYNTAX: nn.swish_grad %{{.*}}, %{{.*}}, %{{.*}} alpha 1.000000{{.*}} : tensor<3x5xf32>, tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @swish_grad: 120 operations: add 30, divide 15, exp 15, multiply 30, negate 15, subtract 15
func.func @swish_grad(%x: tensor<3x5xf32>, %y: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.swish_grad %x, %y, %dy alpha 1.000000e+00 : tensor<3x5xf32>, tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// SYNTAX-LABEL: func @steep_grad(
// SYNTAX: nn.swish_grad %{{.*}}, %{{.*}}, %{{.*}} alpha 1.500000{{.*}} : tensor<3x5xf32>, tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @steep_grad: 135 operations: add 30, divide 15, exp 15, multiply 60, subtract 15
func.func @steep_grad(%x: tensor<3x5xf32>, %y: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.swish_grad %x, %y, %dy alpha 1.500000e+00 : tensor<3x5xf32>, tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<9xf64>, tensor<9xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[-3.0, -1.0, -0.25, 0.0, 0.5, 2.0, 7.0, -800.0, 800.0]> : tensor<9xf64>
  %y = nn.swish %x alpha 1.000000e+00 : tensor<9xf64>
  %expected = nn.constant dense<[-0.14227761953270035, -0.2689414213699951, -0.10945587477855048, 0.0, 0.3112296656009273, 1.7615941559557646, 6.993622641639196, -0.0, 800.0]> : tensor<9xf64>
  return %y, %expected : tensor<9xf64>, tensor<9xf64>
}

// NUMBERS: @steep: values agree
func.func @steep() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[-3.0, -1.0, -0.25, 0.0, 0.5, 2.0, 7.0]> : tensor<7xf64>
  %y = nn.swish %x alpha 1.5 : tensor<7xf64>
  %expected = nn.constant dense<[-0.03296082789177954, -0.18242552380635635, -0.10183335001148257, 0.0, 0.3395893495876965, 1.9051482536448667, 6.999807250162197]> : tensor<7xf64>
  return %y, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<3x5xf64>) -> tensor<3x5xf64> attributes {check_gradient} {
  %y = nn.swish %x alpha 1.000000e+00 : tensor<3x5xf64>
  return %y : tensor<3x5xf64>
}

// NUMBERS: @steep_differences: gradient agrees
func.func @steep_differences(%x: tensor<3x5xf64>) -> tensor<3x5xf64> attributes {check_gradient} {
  %y = nn.swish %x alpha 1.5 : tensor<3x5xf64>
  return %y : tensor<3x5xf64>
}

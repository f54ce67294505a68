// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @hard_sigmoid(
// SYNTAX: nn.hard_sigmoid %{{.*}} alpha {{[0-9.e+-]+}} beta {{[0-9.e+-]+}} : tensor<3x5xf32>
// COUNT: @hard_sigmoid: 60 operations: add 15, maximum 15, minimum 15, multiply 15
// LOWER-LABEL: func @hard_sigmoid(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: arith.mulf
// LOWER: arith.addf
// LOWER: arith.minimumf
// LOWER: arith.maximumf
func.func @hard_sigmoid(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.hard_sigmoid %x alpha 0.2 beta 0.5 : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// An addend of 0 is none.
// COUNT: @without: 45 operations: maximum 15, minimum 15, multiply 15
func.func @without(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.hard_sigmoid %x alpha 0.2 beta 0.0 : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @hard_sigmoid_gradient(
// GRADIENT-DAG: %[[ONE:.*]] = nn.constant dense<1.0{{.*}}> : tensor<f32>
// GRADIENT-DAG: %[[Y:.*]] = nn.hard_sigmoid %
// GRADIENT: %[[DX:.*]] = nn.hard_sigmoid_grad %[[Y]], %[[ONE]]
// GRADIENT: return %[[DX]]
// COUNT: @hard_sigmoid_gradient: 9 operations: add 1, compare 2, maximum 1, minimum 1, multiply 2, select 2
func.func @hard_sigmoid_gradient(%x: tensor<f32>) -> tensor<f32> {
  %loss = nn.hard_sigmoid %x alpha 0.2 beta 0.5 : tensor<f32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<f32>
  return %dx : tensor<f32>
}

// SYNTAX-LABEL: func @hard_sigmoid_grad(
// SYNTAX: nn.hard_sigmoid_grad %{{.*}}, %{{.*}} alpha {{[0-9.e+-]+}} beta {{[0-9.e+-]+}} : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @hard_sigmoid_grad: 75 operations: compare 30, multiply 15, select 30
// LOWER-LABEL: func @hard_sigmoid_grad(
// LOWER: arith.mulf
// LOWER: arith.cmpf olt
// LOWER: arith.select
// LOWER: arith.cmpf ogt
// LOWER: arith.select
func.func @hard_sigmoid_grad(%y: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.hard_sigmoid_grad %y, %dy alpha 0.2 beta 0.5 : tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.hard_sigmoid %
// FOLD: return
func.func @values() -> (tensor<8xf64>, tensor<8xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1.0e+300, -2.5, -2.25, -0.0, 2.25, 2.5, 1.0e+300, 0x7FF8000000000000]> : tensor<8xf64>
  %result = nn.hard_sigmoid %x alpha 0.2 beta 0.5 : tensor<8xf64>
  %expected = nn.constant dense<[0.0, 0.0, 0.049999999999999975, 0.5, 0.9500000000000001, 1.0, 1.0, 0x7FF8000000000000]> : tensor<8xf64>
  return %result, %expected : tensor<8xf64>, tensor<8xf64>
}

// 0 at the kinks -2.5 and 2.5.
// NUMBERS: @slopes: values agree
func.func @slopes() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %y = nn.constant dense<[0.0, 0.0, 0.049999999999999975, 0.5, 0.9500000000000001, 1.0, 1.0]> : tensor<7xf64>
  %dy = nn.constant dense<[2.0, -1.0, 0.5, 3.0, 2.0, -1.0, 0.5]> : tensor<7xf64>
  %result = nn.hard_sigmoid_grad %y, %dy alpha 0.2 beta 0.5 : tensor<7xf64>, tensor<7xf64>
  %expected = nn.constant dense<[0.0, 0.0, 0.1, 0.6000000000000001, 0.4, 0.0, 0.0]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<5x7xf64>) -> tensor<5x7xf64> attributes {check_gradient = {low = -5.0, high = 5.0}} {
  %y = nn.hard_sigmoid %x alpha 0.2 beta 0.5 : tensor<5x7xf64>
  return %y : tensor<5x7xf64>
}

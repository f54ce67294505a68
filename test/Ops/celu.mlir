// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @celu(
// SYNTAX: nn.celu %{{.*}} alpha {{[0-9.e+-]+}} : tensor<3x5xf32>
// COUNT: @celu: 75 operations: compare 15, exp 15, multiply 30, select 15
// LOWER-LABEL: func @celu(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: arith.mulf
// LOWER: arith.cmpf ogt
// LOWER: math.expm1
// LOWER: arith.mulf
// LOWER: arith.select
func.func @celu(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.celu %x alpha 0.5 : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// Factors of 1 are none.
// COUNT: @without: 45 operations: compare 15, exp 15, select 15
func.func @without(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.celu %x alpha 1.0 : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @celu_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<f32>
// GRADIENT-DAG: %[[ONE:.*]] = nn.constant dense<1.0{{.*}}> : tensor<f32>
// GRADIENT-DAG: %[[Y:.*]] = nn.celu %
// GRADIENT: %[[DX:.*]] = nn.celu_grad %[[X]], %[[Y]], %[[ONE]]
// GRADIENT: return %[[DX]]
// COUNT: @celu_gradient: 10 operations: add 1, compare 2, exp 1, multiply 4, select 2
func.func @celu_gradient(%x: tensor<f32>) -> tensor<f32> {
  %loss = nn.celu %x alpha 0.5 : tensor<f32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<f32>
  return %dx : tensor<f32>
}

// SYNTAX-LABEL: func @celu_grad(
// SYNTAX: nn.celu_grad %{{.*}}, %{{.*}}, %{{.*}} alpha {{[0-9.e+-]+}} : tensor<3x5xf32>, tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @celu_grad: 75 operations: add 15, compare 15, multiply 30, select 15
// LOWER-LABEL: func @celu_grad(
// LOWER: arith.mulf
// LOWER: arith.addf
// LOWER: arith.cmpf ogt
// LOWER: arith.mulf
// LOWER: arith.select
func.func @celu_grad(%x: tensor<3x5xf32>, %y: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.celu_grad %x, %y, %dy alpha 0.5 : tensor<3x5xf32>, tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// exp(1600) overflows, and is not chosen.
// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.celu %
// FOLD: return
func.func @values() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-800.0, -20.0, -1.0, -0.0, 0.5, 30.0, 800.0]> : tensor<7xf64>
  %result = nn.celu %x alpha 0.5 : tensor<7xf64>
  %expected = nn.constant dense<[-0.5, -0.5, -0.43233235838169365, 0.0, 0.5, 30.0, 800.0]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// Small results, too, have all their digits.
// NUMBERS: @small: values agree
func.func @small() -> (tensor<2xf64>, tensor<2xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1.0e-09, -1.0e-300]> : tensor<2xf64>
  %y = nn.celu %x alpha 0.5 : tensor<2xf64>
  %right = nn.constant dense<[-9.999999990000001e-10, -1.0e-300]> : tensor<2xf64>
  %result = nn.div %y, %right : tensor<2xf64>, tensor<2xf64>
  %expected = nn.constant dense<1.0> : tensor<2xf64>
  return %result, %expected : tensor<2xf64>, tensor<2xf64>
}

// NUMBERS: @single: values agree
func.func @single() -> (tensor<6xf32>, tensor<6xf32>) attributes {check_values} {
  %x = nn.constant dense<[-200.0, -20.0, -1.0, -0.0, 0.5, 200.0]> : tensor<6xf32>
  %result = nn.celu %x alpha 0.5 : tensor<6xf32>
  %expected = nn.constant dense<[-0.5, -0.5, -0.43233237, 0.0, 0.5, 200.0]> : tensor<6xf32>
  return %result, %expected : tensor<6xf32>, tensor<6xf32>
}

// At 0 the slope from below, which is that from above.
// NUMBERS: @slopes: values agree
func.func @slopes() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-800.0, -20.0, -1.0, -0.0, 0.5, 30.0, 800.0]> : tensor<7xf64>
  %y = nn.constant dense<[-0.5, -0.5, -0.43233235838169365, 0.0, 0.5, 30.0, 800.0]> : tensor<7xf64>
  %dy = nn.constant dense<[2.0, -1.0, 0.5, 3.0, 2.0, -1.0, 0.5]> : tensor<7xf64>
  %result = nn.celu_grad %x, %y, %dy alpha 0.5 : tensor<7xf64>, tensor<7xf64>, tensor<7xf64>
  %expected = nn.constant dense<[0.0, -4.248354255291589e-18, 0.06766764161830635, 3.0, 2.0, -1.0, 0.5]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<5x7xf64>) -> tensor<5x7xf64> attributes {check_gradient = {low = -3.0, high = 3.0}} {
  %y = nn.celu %x alpha 0.5 : tensor<5x7xf64>
  return %y : tensor<5x7xf64>
}

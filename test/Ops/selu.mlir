// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @selu(
// SYNTAX: nn.selu %{{.*}} alpha {{[0-9.e+-]+}} gamma {{[0-9.e+-]+}} : tensor<3x5xf32>
// COUNT: @selu: 75 operations: compare 15, exp 15, multiply 30, select 15
// LOWER-LABEL: func @selu(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: arith.mulf
// LOWER: arith.cmpf ogt
// LOWER: math.expm1
// LOWER: arith.mulf
// LOWER: arith.select
func.func @selu(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.selu %x alpha 1.6732632423543772 gamma 1.0507009873554805 : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @selu_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<f32>
// GRADIENT-DAG: %[[ONE:.*]] = nn.constant dense<1.0{{.*}}> : tensor<f32>
// GRADIENT-DAG: %[[Y:.*]] = nn.selu %
// GRADIENT: %[[DX:.*]] = nn.selu_grad %[[X]], %[[Y]], %[[ONE]]
// GRADIENT: return %[[DX]]
// COUNT: @selu_gradient: 10 operations: add 1, compare 2, exp 1, multiply 4, select 2
func.func @selu_gradient(%x: tensor<f32>) -> tensor<f32> {
  %loss = nn.selu %x alpha 1.6732632423543772 gamma 1.0507009873554805 : tensor<f32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<f32>
  return %dx : tensor<f32>
}

// SYNTAX-LABEL: func @selu_grad(
// SYNTAX: nn.selu_grad %{{.*}}, %{{.*}}, %{{.*}} alpha {{[0-9.e+-]+}} gamma {{[0-9.e+-]+}} : tensor<3x5xf32>, tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @selu_grad: 75 operations: add 15, compare 15, multiply 30, select 15
// LOWER-LABEL: func @selu_grad(
// LOWER: arith.mulf
// LOWER: arith.cmpf ogt
// LOWER: arith.addf
// LOWER: arith.mulf
// LOWER: arith.select
func.func @selu_grad(%x: tensor<3x5xf32>, %y: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.selu_grad %x, %y, %dy alpha 1.6732632423543772 gamma 1.0507009873554805 : tensor<3x5xf32>, tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// exp(800) overflows, and is not chosen.
// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.selu %
// FOLD: return
func.func @values() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-800.0, -20.0, -1.0, -0.0, 0.5, 30.0, 800.0]> : tensor<7xf64>
  %result = nn.selu %x alpha 1.6732632423543772 gamma 1.0507009873554805 : tensor<7xf64>
  %expected = nn.constant dense<[-1.7580993408473766, -1.7580993372236637, -1.1113307378125625, 0.0, 0.5253504936777402, 31.521029620664414, 840.5607898843843]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// Small results, too, have all their digits.
// NUMBERS: @small: values agree
func.func @small() -> (tensor<2xf64>, tensor<2xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-1.0e-09, -1.0e-300]> : tensor<2xf64>
  %y = nn.selu %x alpha 1.6732632423543772 gamma 1.0507009873554805 : tensor<2xf64>
  %right = nn.constant dense<[-1.7580993399683272e-09, -1.7580993408473766e-300]> : tensor<2xf64>
  %result = nn.div %y, %right : tensor<2xf64>, tensor<2xf64>
  %expected = nn.constant dense<1.0> : tensor<2xf64>
  return %result, %expected : tensor<2xf64>, tensor<2xf64>
}

// NUMBERS: @single: values agree
func.func @single() -> (tensor<6xf32>, tensor<6xf32>) attributes {check_values} {
  %x = nn.constant dense<[-200.0, -20.0, -1.0, -0.0, 0.5, 200.0]> : tensor<6xf32>
  %result = nn.selu %x alpha 1.6732632423543772 gamma 1.0507009873554805 : tensor<6xf32>
  %expected = nn.constant dense<[-1.7580993, -1.7580993, -1.1113307, 0.0, 0.5253505, 210.1402]> : tensor<6xf32>
  return %result, %expected : tensor<6xf32>, tensor<6xf32>
}

// At 0 the slope from below, as in PyTorch.
// NUMBERS: @slopes: values agree
func.func @slopes() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-800.0, -20.0, -1.0, -0.0, 0.5, 30.0, 800.0]> : tensor<7xf64>
  %y = nn.constant dense<[-1.7580993408473766, -1.7580993372236637, -1.1113307378125625, 0.0, 0.5253504936777402, 31.521029620664414, 840.5607898843843]> : tensor<7xf64>
  %dy = nn.constant dense<[2.0, -1.0, 0.5, 3.0, 2.0, -1.0, 0.5]> : tensor<7xf64>
  %result = nn.selu_grad %x, %y, %dy alpha 1.6732632423543772 gamma 1.0507009873554805 : tensor<7xf64>, tensor<7xf64>, tensor<7xf64>
  %expected = nn.constant dense<[0.0, -3.623712824994411e-09, 0.323384301517407, 5.27429802254213, 2.101401974710961, -1.0507009873554805, 0.5253504936777402]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<5x7xf64>) -> tensor<5x7xf64> attributes {check_gradient = {low = -3.0, high = 3.0}} {
  %y = nn.selu %x alpha 1.6732632423543772 gamma 1.0507009873554805 : tensor<5x7xf64>
  return %y : tensor<5x7xf64>
}

// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-opt %s --canonicalize -o %t
// RUN: FileCheck %s --check-prefix=FOLD < %t
// RUN: tally-check-op %t | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @shrink(
// SYNTAX: nn.shrink %{{.*}} threshold {{[0-9.e+-]+}} bias {{[0-9.e+-]+}} : tensor<3x5xf32>
// COUNT: @shrink: 90 operations: add 30, compare 30, select 30
// LOWER-LABEL: func @shrink(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: arith.addf
// LOWER: arith.cmpf ogt
// LOWER: arith.select
// LOWER: arith.addf
// LOWER: arith.cmpf olt
// LOWER: arith.select
func.func @shrink(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.shrink %x threshold 0.5 bias 0.25 : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// An addend of 0 is none.
// COUNT: @without: 60 operations: compare 30, select 30
func.func @without(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.shrink %x threshold 0.5 bias 0.0 : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @shrink_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<f32>
// GRADIENT-DAG: %[[ONE:.*]] = nn.constant dense<1.0{{.*}}> : tensor<f32>
// GRADIENT: %[[DX:.*]] = nn.shrink_grad %[[X]], %[[ONE]]
// GRADIENT: return %[[DX]]
// COUNT: @shrink_gradient: 9 operations: absolute 1, add 2, compare 3, select 3
func.func @shrink_gradient(%x: tensor<f32>) -> tensor<f32> {
  %loss = nn.shrink %x threshold 0.5 bias 0.25 : tensor<f32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<f32>
  return %dx : tensor<f32>
}

// SYNTAX-LABEL: func @shrink_grad(
// SYNTAX: nn.shrink_grad %{{.*}}, %{{.*}} threshold {{[0-9.e+-]+}} bias {{[0-9.e+-]+}} : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @shrink_grad: 45 operations: absolute 15, compare 15, select 15
// LOWER-LABEL: func @shrink_grad(
// LOWER: math.absf
// LOWER: arith.cmpf ogt
// LOWER: arith.select
func.func @shrink_grad(%x: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.shrink_grad %x, %dy threshold 0.5 bias 0.25 : tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
// FOLD-LABEL: func @values(
// FOLD-NOT: nn.shrink %
// FOLD: return
func.func @values() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-3.0, -0.625, -0.5, -0.0, 0.5, 0.625, 7.0]> : tensor<7xf64>
  %result = nn.shrink %x threshold 0.5 bias 0.25 : tensor<7xf64>
  %expected = nn.constant dense<[-2.75, -0.375, 0.0, 0.0, 0.0, 0.375, 6.75]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// 0 at the kinks -0.5 and 0.5.
// NUMBERS: @slopes: values agree
func.func @slopes() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-13} {
  %x = nn.constant dense<[-3.0, -0.625, -0.5, -0.0, 0.5, 0.625, 7.0]> : tensor<7xf64>
  %dy = nn.constant dense<[2.0, -1.0, 0.5, 3.0, 2.0, -1.0, 0.5]> : tensor<7xf64>
  %result = nn.shrink_grad %x, %dy threshold 0.5 bias 0.25 : tensor<7xf64>, tensor<7xf64>
  %expected = nn.constant dense<[2.0, -1.0, 0.0, 0.0, 0.0, -1.0, 0.5]> : tensor<7xf64>
  return %result, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<5x7xf64>) -> tensor<5x7xf64> attributes {check_gradient = {low = -2.0, high = 2.0}} {
  %y = nn.shrink %x threshold 0.5 bias 0.25 : tensor<5x7xf64>
  return %y : tensor<5x7xf64>
}

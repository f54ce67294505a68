// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @log(
// SYNTAX: nn.log %{{.*}} : tensor<3x5xf32>
// COUNT: @log: 15 operations: log 15
// LOWER-LABEL: func @log(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: math.log
func.func @log(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.log %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @log_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<3x5xf32>
// GRADIENT: %[[Y:.*]] = nn.log %[[X]]
// GRADIENT: %[[DY:.*]] = nn.broadcast
// GRADIENT: %[[DX:.*]] = nn.div %[[DY]], %[[X]]
// GRADIENT: return %[[DX]]
// COUNT: @log_gradient: 44 operations: add 14, divide 15, log 15
func.func @log_gradient(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.log %x : tensor<3x5xf32>
  %loss = nn.reduce_sum %y over [0, 1] : tensor<3x5xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<5xf64>, tensor<5xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[0.125, 0.5, 1.0, 2.0, 9.0]> : tensor<5xf64>
  %y = nn.log %x : tensor<5xf64>
  %expected = nn.constant dense<[-2.0794415416798357, -0.6931471805599453, 0.0, 0.6931471805599453, 2.1972245773362196]> : tensor<5xf64>
  return %y, %expected : tensor<5xf64>, tensor<5xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<3x5xf64>) -> tensor<3x5xf64> attributes {check_gradient = {low = 0.5, high = 2.0}} {
  %y = nn.log %x : tensor<3x5xf64>
  return %y : tensor<3x5xf64>
}

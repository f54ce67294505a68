// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @exp(
// SYNTAX: nn.exp %{{.*}} : tensor<3x5xf32>
// COUNT: @exp: 15 operations: exp 15
// LOWER-LABEL: func @exp(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: math.exp
func.func @exp(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.exp %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @exp_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<3x5xf32>
// GRADIENT: %[[Y:.*]] = nn.exp %[[X]]
// GRADIENT: %[[DY:.*]] = nn.broadcast
// GRADIENT: %[[DX:.*]] = nn.mul %[[DY]], %[[Y]]
// GRADIENT: return %[[DX]]
// COUNT: @exp_gradient: 44 operations: add 14, exp 15, multiply 15
func.func @exp_gradient(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.exp %x : tensor<3x5xf32>
  %loss = nn.reduce_sum %y over [0, 1] : tensor<3x5xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[-3.0, -1.0, -0.25, 0.0, 0.5, 2.0, 7.0]> : tensor<7xf64>
  %y = nn.exp %x : tensor<7xf64>
  %expected = nn.constant dense<[0.049787068367863944, 0.36787944117144233, 0.7788007830714049, 1.0, 1.6487212707001282, 7.38905609893065, 1096.6331584284585]> : tensor<7xf64>
  return %y, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<3x5xf64>) -> tensor<3x5xf64> attributes {check_gradient} {
  %y = nn.exp %x : tensor<3x5xf64>
  return %y : tensor<3x5xf64>
}

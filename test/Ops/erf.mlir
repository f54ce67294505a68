// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @erf(
// SYNTAX: nn.erf %{{.*}} : tensor<3x5xf32>
// COUNT: @erf: 15 operations: erf 15
// LOWER-LABEL: func @erf(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel"]
// LOWER: math.erf
func.func @erf(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.erf %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// GRADIENT-LABEL: func @erf_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<3x5xf32>
// GRADIENT: %[[Y:.*]] = nn.erf %[[X]]
// GRADIENT: %[[DY:.*]] = nn.broadcast
// GRADIENT: %[[DX:.*]] = nn.erf_grad %[[X]], %[[DY]]
// GRADIENT: return %[[DX]]
// COUNT: @erf_gradient: 89 operations: add 14, erf 15, exp 15, multiply 30, subtract 15
func.func @erf_gradient(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.erf %x : tensor<3x5xf32>
  %loss = nn.reduce_sum %y over [0, 1] : tensor<3x5xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// SYNTAX-LABEL: func @erf_grad(
// SYNTAX: nn.erf_grad %{{.*}}, %{{.*}} : tensor<3x5xf32>, tensor<3x5xf32>
// COUNT: @erf_grad: 60 operations: exp 15, multiply 30, subtract 15
func.func @erf_grad(%x: tensor<3x5xf32>, %dy: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %dx = nn.erf_grad %x, %dy : tensor<3x5xf32>, tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<7xf64>, tensor<7xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[-3.0, -1.0, -0.25, 0.0, 0.5, 2.0, 7.0]> : tensor<7xf64>
  %y = nn.erf %x : tensor<7xf64>
  %expected = nn.constant dense<[-0.9999779095030014, -0.8427007929497149, -0.27632639016823696, 0.0, 0.5204998778130465, 0.9953222650189527, 1.0]> : tensor<7xf64>
  return %y, %expected : tensor<7xf64>, tensor<7xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<3x5xf64>) -> tensor<3x5xf64> attributes {check_gradient} {
  %y = nn.erf %x : tensor<3x5xf64>
  return %y : tensor<3x5xf64>
}

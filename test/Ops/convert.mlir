// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-opt %s --canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @convert(
// SYNTAX: nn.convert %{{.*}} to f64 : tensor<3x5xf32>
// COUNT: @convert: 15 operations: convert 15
// LOWER-LABEL: func @convert(
// LOWER: arith.extf {{.*}} : f32 to f64
func.func @convert(%x: tensor<3x5xf32>) -> tensor<3x5xf64> {
  %y = nn.convert %x to f64 : tensor<3x5xf32>
  return %y : tensor<3x5xf64>
}

// The bytes of an image are unsigned.
// COUNT: @bytes: 15 operations: convert 15
// LOWER-LABEL: func @bytes(
// LOWER: arith.uitofp {{.*}} : i8 to f32
func.func @bytes(%x: tensor<3x5xi8>) -> tensor<3x5xf32> {
  %y = nn.convert %x to f32 : tensor<3x5xi8>
  return %y : tensor<3x5xf32>
}

// A position that becomes a value is converted once.
// COUNT: @positions: 3 operations: convert 3
// LOWER-LABEL: func @positions(
// LOWER: arith.sitofp {{.*}} : i64 to f32
func.func @positions(%x: tensor<3xindex>) -> tensor<3xf32> {
  %y = nn.convert %x to f32 : tensor<3xindex>
  return %y : tensor<3xf32>
}

// GRADIENT-LABEL: func @convert_gradient(
// GRADIENT: %[[DY:.*]] = nn.broadcast {{.*}} : tensor<1x1xf64>
// GRADIENT: %[[DX:.*]] = nn.convert %[[DY]] to f32
// GRADIENT: return %[[DX]]
// COUNT: @convert_gradient: 44 operations: add 14, convert 30
func.func @convert_gradient(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.convert %x to f64 : tensor<3x5xf32>
  %loss = nn.reduce_sum %y over [0, 1] : tensor<3x5xf64>
  %dx = train.gradient %loss wrt %x : tensor<f64> wrt tensor<3x5xf32>
  return %dx : tensor<3x5xf32>
}

// COUNT: @same_type: 0 operations
// FOLD-LABEL: func @same_type(
// FOLD-SAME: %[[X:[a-z0-9]+]]: tensor<3xf32>
// FOLD-NEXT: return %[[X]]
func.func @same_type(%x: tensor<3xf32>) -> tensor<3xf32> {
  %y = nn.convert %x to f32 : tensor<3xf32>
  return %y : tensor<3xf32>
}

// NUMBERS: @from_bytes: values agree
// FOLD-LABEL: func @from_bytes(
// FOLD: %[[Y:.*]] = nn.constant dense<[0.000000e+00, 1.270000e+02, 1.280000e+02, 2.550000e+02]>
// FOLD: return %[[Y]], %[[Y]]
func.func @from_bytes() -> (tensor<4xf64>, tensor<4xf64>) attributes {check_values} {
  %x = nn.constant dense<[0, 127, -128, -1]> : tensor<4xi8>
  %y = nn.convert %x to f64 : tensor<4xi8>
  %expected = nn.constant dense<[0.0, 127.0, 128.0, 255.0]> : tensor<4xf64>
  return %y, %expected : tensor<4xf64>, tensor<4xf64>
}

// NUMBERS: @to_f32: values agree
func.func @to_f32() -> (tensor<3xf32>, tensor<3xf32>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[0.1, -3.0, 16777217.0]> : tensor<3xf64>
  %y = nn.convert %x to f32 : tensor<3xf64>
  %expected = nn.constant dense<[0.1, -3.0, 16777216.0]> : tensor<3xf32>
  return %y, %expected : tensor<3xf32>, tensor<3xf32>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<3x5xf64>) -> tensor<3x5xf64> attributes {check_gradient} {
  %y = nn.convert %x to f64 : tensor<3x5xf64>
  return %y : tensor<3x5xf64>
}

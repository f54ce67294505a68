// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-opt %s --canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// Each row of the table of conversions; nothing is converted that is not counted.
// COUNT: @f64_to_f16: 3 operations: convert 3
// LOWER-LABEL: func @f64_to_f16(
// LOWER: arith.truncf
func.func @f64_to_f16(%x: tensor<3xf64>) -> tensor<3xf16> {
  %y = nn.convert %x to f16 : tensor<3xf64>
  return %y : tensor<3xf16>
}

// COUNT: @bf16_to_f32: 3 operations: convert 3
// LOWER-LABEL: func @bf16_to_f32(
// LOWER: arith.extf
func.func @bf16_to_f32(%x: tensor<3xbf16>) -> tensor<3xf32> {
  %y = nn.convert %x to f32 : tensor<3xbf16>
  return %y : tensor<3xf32>
}

// COUNT: @f32_to_i32: 3 operations: convert 3
// LOWER-LABEL: func @f32_to_i32(
// LOWER: arith.fptosi
func.func @f32_to_i32(%x: tensor<3xf32>) -> tensor<3xi32> {
  %y = nn.convert %x to i32 : tensor<3xf32>
  return %y : tensor<3xi32>
}

// COUNT: @f32_to_i64: 3 operations: convert 3
// LOWER-LABEL: func @f32_to_i64(
// LOWER: arith.fptosi
func.func @f32_to_i64(%x: tensor<3xf32>) -> tensor<3xi64> {
  %y = nn.convert %x to i64 : tensor<3xf32>
  return %y : tensor<3xi64>
}

// COUNT: @f64_to_i16: 3 operations: convert 3
// LOWER-LABEL: func @f64_to_i16(
// LOWER: arith.fptosi
func.func @f64_to_i16(%x: tensor<3xf64>) -> tensor<3xi16> {
  %y = nn.convert %x to i16 : tensor<3xf64>
  return %y : tensor<3xi16>
}

// COUNT: @f32_to_i8: 3 operations: convert 3
// LOWER-LABEL: func @f32_to_i8(
// LOWER: arith.fptoui
func.func @f32_to_i8(%x: tensor<3xf32>) -> tensor<3xi8> {
  %y = nn.convert %x to i8 : tensor<3xf32>
  return %y : tensor<3xi8>
}

// COUNT: @f32_to_i1: 3 operations: compare 3
// LOWER-LABEL: func @f32_to_i1(
// LOWER: arith.cmpf une
func.func @f32_to_i1(%x: tensor<3xf32>) -> tensor<3xi1> {
  %y = nn.convert %x to i1 : tensor<3xf32>
  return %y : tensor<3xi1>
}

// COUNT: @i16_to_f32: 3 operations: convert 3
// LOWER-LABEL: func @i16_to_f32(
// LOWER: arith.sitofp
func.func @i16_to_f32(%x: tensor<3xi16>) -> tensor<3xf32> {
  %y = nn.convert %x to f32 : tensor<3xi16>
  return %y : tensor<3xf32>
}

// COUNT: @i64_to_f32: 3 operations: convert 3
// LOWER-LABEL: func @i64_to_f32(
// LOWER: arith.sitofp
func.func @i64_to_f32(%x: tensor<3xi64>) -> tensor<3xf32> {
  %y = nn.convert %x to f32 : tensor<3xi64>
  return %y : tensor<3xf32>
}

// COUNT: @i64_to_i32: 3 operations: convert 3
// LOWER-LABEL: func @i64_to_i32(
// LOWER: arith.trunci
func.func @i64_to_i32(%x: tensor<3xi64>) -> tensor<3xi32> {
  %y = nn.convert %x to i32 : tensor<3xi64>
  return %y : tensor<3xi32>
}

// COUNT: @i32_to_i64: 3 operations: convert 3
// LOWER-LABEL: func @i32_to_i64(
// LOWER: arith.extsi
func.func @i32_to_i64(%x: tensor<3xi32>) -> tensor<3xi64> {
  %y = nn.convert %x to i64 : tensor<3xi32>
  return %y : tensor<3xi64>
}

// COUNT: @i64_to_i8: 3 operations: convert 3
// LOWER-LABEL: func @i64_to_i8(
// LOWER: arith.trunci
func.func @i64_to_i8(%x: tensor<3xi64>) -> tensor<3xi8> {
  %y = nn.convert %x to i8 : tensor<3xi64>
  return %y : tensor<3xi8>
}

// COUNT: @i32_to_i1: 3 operations: compare 3
// LOWER-LABEL: func @i32_to_i1(
// LOWER: arith.cmpi ne
func.func @i32_to_i1(%x: tensor<3xi32>) -> tensor<3xi1> {
  %y = nn.convert %x to i1 : tensor<3xi32>
  return %y : tensor<3xi1>
}

// COUNT: @i8_to_f16: 3 operations: convert 3
// LOWER-LABEL: func @i8_to_f16(
// LOWER: arith.uitofp
func.func @i8_to_f16(%x: tensor<3xi8>) -> tensor<3xf16> {
  %y = nn.convert %x to f16 : tensor<3xi8>
  return %y : tensor<3xf16>
}

// COUNT: @i8_to_i32: 3 operations: convert 3
// LOWER-LABEL: func @i8_to_i32(
// LOWER: arith.extui
func.func @i8_to_i32(%x: tensor<3xi8>) -> tensor<3xi32> {
  %y = nn.convert %x to i32 : tensor<3xi8>
  return %y : tensor<3xi32>
}

// COUNT: @i8_to_i1: 3 operations: compare 3
// LOWER-LABEL: func @i8_to_i1(
// LOWER: arith.cmpi ne
func.func @i8_to_i1(%x: tensor<3xi8>) -> tensor<3xi1> {
  %y = nn.convert %x to i1 : tensor<3xi8>
  return %y : tensor<3xi1>
}

// COUNT: @i1_to_f32: 3 operations: convert 3
// LOWER-LABEL: func @i1_to_f32(
// LOWER: arith.uitofp
func.func @i1_to_f32(%x: tensor<3xi1>) -> tensor<3xf32> {
  %y = nn.convert %x to f32 : tensor<3xi1>
  return %y : tensor<3xf32>
}

// COUNT: @i1_to_i64: 3 operations: convert 3
// LOWER-LABEL: func @i1_to_i64(
// LOWER: arith.extui
func.func @i1_to_i64(%x: tensor<3xi1>) -> tensor<3xi64> {
  %y = nn.convert %x to i64 : tensor<3xi1>
  return %y : tensor<3xi64>
}

// COUNT: @i1_to_i8: 3 operations: convert 3
// LOWER-LABEL: func @i1_to_i8(
// LOWER: arith.extui
func.func @i1_to_i8(%x: tensor<3xi1>) -> tensor<3xi8> {
  %y = nn.convert %x to i8 : tensor<3xi1>
  return %y : tensor<3xi8>
}

// Integers are signed, bytes are not, fractions are cut off.
// FOLD-LABEL: func @integers(
// FOLD-DAG: nn.constant dense<[-2, 0, 2, 3]> : tensor<4xi32>
// FOLD-DAG: nn.constant dense<[-2.000000e+00, 0.000000e+00, 2.000000e+00, 3.000000e+00]> : tensor<4xf64>
// FOLD-DAG: nn.constant dense<1> : tensor<4xi64>
// NUMBERS: @integers: values agree
func.func @integers() -> (tensor<4xi32>, tensor<4xf64>, tensor<4xi64>, tensor<4xi32>, tensor<4xf64>, tensor<4xi64>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[-2.75, -0.5, 2.5, 3.0]> : tensor<4xf32>
  %i = nn.convert %x to i32 : tensor<4xf32>
  %f = nn.convert %i to f64 : tensor<4xi32>
  %t = nn.convert %x to i1 : tensor<4xf32>
  %n = nn.convert %t to i64 : tensor<4xi1>
  %expected_i = nn.constant dense<[-2, 0, 2, 3]> : tensor<4xi32>
  %expected_f = nn.constant dense<[-2.0, 0.0, 2.0, 3.0]> : tensor<4xf64>
  %expected_n = nn.constant dense<1> : tensor<4xi64>
  return %i, %f, %n, %expected_i, %expected_f, %expected_n : tensor<4xi32>, tensor<4xf64>, tensor<4xi64>, tensor<4xi32>, tensor<4xf64>, tensor<4xi64>
}

// To nearest even, in 11 and in 8 bits.
// NUMBERS: @halves: values agree
func.func @halves() -> (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) attributes {check_values = 0.0} {
  %x = nn.constant dense<[2049.0, 2051.0, -0.5]> : tensor<3xf32>
  %h = nn.convert %x to f16 : tensor<3xf32>
  %half = nn.convert %h to f32 : tensor<3xf16>
  %b = nn.convert %x to bf16 : tensor<3xf32>
  %brain = nn.convert %b to f32 : tensor<3xbf16>
  %expected_half = nn.constant dense<[2048.0, 2052.0, -0.5]> : tensor<3xf32>
  %expected_brain = nn.constant dense<[2048.0, 2048.0, -0.5]> : tensor<3xf32>
  return %half, %brain, %expected_half, %expected_brain : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>
}

// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --verify-counts --differentiate --convert-nn-to-linalg=gather-windows -o /dev/null
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS
// RUN: tally-check-op %s --optimize | FileCheck %s --check-prefix=NUMBERS

// A sum of products has the type of its factors and that of the sum: products of bf16 are summed in f32, each one multiplication and no
// conversion.
// SYNTAX-LABEL: func @matmul(
// SYNTAX: nn.matmul %{{.*}}, %{{.*}} transposed accumulator f32 : tensor<3x5xbf16>, tensor<7x5xbf16>
// COUNT: @matmul: 189 operations: add 84, multiply 105
// LOWER-LABEL: func @matmul(
// LOWER: %[[PRODUCT:.*]] = nn.widening_mul %{{.*}}, %{{.*}} : bf16 -> f32
// LOWER: arith.addf %{{.*}}, %[[PRODUCT]] : f32
func.func @matmul(%x: tensor<3x5xbf16>, %y: tensor<7x5xbf16>) -> tensor<3x7xf32> {
  %z = nn.matmul %x, %y transposed accumulator f32 : tensor<3x5xbf16>, tensor<7x5xbf16>
  return %z : tensor<3x7xf32>
}

// SYNTAX-LABEL: func @conv(
// SYNTAX: nn.conv %{{.*}}, %{{.*}} strides [2, 2] pads [1, 1, 1, 1] accumulator f64 : tensor<1x1x5x5xf32>, tensor<1x1x3x3xf32>
// COUNT: @conv: 153 operations: add 72, multiply 81
func.func @conv(%x: tensor<1x1x5x5xf32>, %weight: tensor<1x1x3x3xf32>) -> tensor<1x1x3x3xf64> {
  %y = nn.conv %x, %weight strides [2, 2] pads [1, 1, 1, 1] accumulator f64 : tensor<1x1x5x5xf32>, tensor<1x1x3x3xf32>
  return %y : tensor<1x1x3x3xf64>
}

// The training form: f32 weights, rounded for the products. dy is rounded as the factors are; the gradients go past the roundings.
// GRADIENT-LABEL: func @conv_gradient(
// GRADIENT: %[[DY:.*]] = nn.convert %{{.*}} to bf16 : tensor<1x2x3x3xf32>
// GRADIENT: %[[DX:.*]] = nn.conv_grad_input %[[DY]], %{{.*}} size [5, 5] strides [2, 2] pads [1, 1, 1, 1] accumulator f32 : tensor<1x2x3x3xbf16>, tensor<2x1x3x3xbf16>
// GRADIENT: %[[DW:.*]] = nn.conv_grad_weight %{{.*}}, %[[DY]] kernel [3, 3] strides [2, 2] pads [1, 1, 1, 1] accumulator f32 : tensor<1x1x5x5xbf16>, tensor<1x2x3x3xbf16>
// GRADIENT-NOT: nn.convert
// GRADIENT: return %[[DX]], %[[DW]]
// 162 multiplications in each product and 36 weightings; conversions 25 + 18 of factors, 18 of dy.
// COUNT: @conv_gradient: 1025 operations: add 442, convert 61, multiply 522
func.func @conv_gradient(%x: tensor<1x1x5x5xf32>, %weight: tensor<2x1x3x3xf32>, %c: tensor<1x2x3x3xf32>) -> (tensor<1x1x5x5xf32>, tensor<2x1x3x3xf32>) {
  %narrow = nn.convert %x to bf16 : tensor<1x1x5x5xf32>
  %narrow_weight = nn.convert %weight to bf16 : tensor<2x1x3x3xf32>
  %y = nn.conv %narrow, %narrow_weight strides [2, 2] pads [1, 1, 1, 1] accumulator f32 : tensor<1x1x5x5xbf16>, tensor<2x1x3x3xbf16>
  %weighted = nn.mul %y, %c : tensor<1x2x3x3xf32>, tensor<1x2x3x3xf32>
  %loss = nn.reduce_sum %weighted over [0, 1, 2, 3] : tensor<1x2x3x3xf32>
  %dx, %dw = train.gradient %loss wrt %x, %weight : tensor<f32> wrt tensor<1x1x5x5xf32>, tensor<2x1x3x3xf32>
  return %dx, %dw : tensor<1x1x5x5xf32>, tensor<2x1x3x3xf32>
}

// 300 products of 1 and 1 + 2^-7: a sum in bf16 would stop at 256.
// NUMBERS: @long_sum: values agree
func.func @long_sum() -> (tensor<1x1xf32>, tensor<1x1xf32>) attributes {check_values = 0.0} {
  %a = nn.constant dense<1.0> : tensor<1x300xbf16>
  %b = nn.constant dense<1.0078125> : tensor<300x1xbf16>
  %y = nn.matmul %a, %b accumulator f32 : tensor<1x300xbf16>, tensor<300x1xbf16>
  %expected = nn.constant dense<302.34375> : tensor<1x1xf32>
  return %y, %expected : tensor<1x1xf32>, tensor<1x1xf32>
}

// The example of conv's card in bf16 factors, of which all products are exact.
// NUMBERS: @gradients_agree: values agree
func.func @gradients_agree() -> (tensor<2x4x5x3xf32>, tensor<3x4x3x2xf32>, tensor<2x4x5x3xf32>, tensor<3x4x3x2xf32>) attributes {check_values = 0.0} {
  %ones = nn.constant dense<1.0> : tensor<1x4x5x3xf32>
  %x = nn.constant dense<[[[[0.5]]], [[[-1.5]]]]> : tensor<2x1x1x1xf32>
  %image = nn.mul %x, %ones : tensor<2x1x1x1xf32>, tensor<1x4x5x3xf32>
  %weight = nn.constant dense<0.25> : tensor<3x4x3x2xf32>
  %dy = nn.constant dense<1.5> : tensor<2x3x3x3xf32>
  %narrow_image = nn.convert %image to bf16 : tensor<2x4x5x3xf32>
  %narrow_weight = nn.convert %weight to bf16 : tensor<3x4x3x2xf32>
  %narrow_dy = nn.convert %dy to bf16 : tensor<2x3x3x3xf32>
  %dx = nn.conv_grad_input %narrow_dy, %narrow_weight size [5, 3] strides [2, 1] pads [1, 0, 1, 1] accumulator f32 : tensor<2x3x3x3xbf16>, tensor<3x4x3x2xbf16>
  %dw = nn.conv_grad_weight %narrow_image, %narrow_dy kernel [3, 2] strides [2, 1] pads [1, 0, 1, 1] accumulator f32 : tensor<2x4x5x3xbf16>, tensor<2x3x3x3xbf16>
  %dx_expected = nn.conv_grad_input %dy, %weight size [5, 3] strides [2, 1] pads [1, 0, 1, 1] : tensor<2x3x3x3xf32>, tensor<3x4x3x2xf32>
  %dw_expected = nn.conv_grad_weight %image, %dy kernel [3, 2] strides [2, 1] pads [1, 0, 1, 1] : tensor<2x4x5x3xf32>, tensor<2x3x3x3xf32>
  return %dx, %dw, %dx_expected, %dw_expected : tensor<2x4x5x3xf32>, tensor<3x4x3x2xf32>, tensor<2x4x5x3xf32>, tensor<3x4x3x2xf32>
}

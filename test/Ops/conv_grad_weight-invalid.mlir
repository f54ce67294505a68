// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @kernel_c1(%x: tensor<2x4x7x5xf32>, %dy: tensor<2x6x5x4xf32>) {
  // expected-error@+1 {{requires kernel, strides and dilations of 2 entries}}
  %dw = nn.conv_grad_weight %x, %dy kernel [3] : tensor<2x4x7x5xf32>, tensor<2x6x5x4xf32>
  return
}

// -----

func.func @group_c2(%x: tensor<2x4x7x5xf32>, %dy: tensor<2x6x5x4xf32>) {
  // expected-error@+1 {{requires group to divide 4 input and 6 output channels, got 0}}
  %dw = nn.conv_grad_weight %x, %dy kernel [3, 2] group 0 : tensor<2x4x7x5xf32>, tensor<2x6x5x4xf32>
  return
}

// -----

func.func @result_c3(%x: tensor<2x4x7x5xf32>, %dy: tensor<2x6x5x4xf32>) {
  // expected-error@+1 {{expects dy of shape [2, 6, 6, 4] (got [2, 6, 5, 4])}}
  %dw = nn.conv_grad_weight %x, %dy kernel [2, 2] : tensor<2x4x7x5xf32>, tensor<2x6x5x4xf32>
  return
}

// -----

func.func @none_c4(%x: tensor<1x1x5x5xbf16>, %dy: tensor<1x1x3x3xbf16>) {
  // expected-error@+1 {{requires an accumulator (f32 or f64) for products of 'bf16'}}
  %dw = nn.conv_grad_weight %x, %dy kernel [3, 3] : tensor<1x1x5x5xbf16>, tensor<1x1x3x3xbf16>
  return
}

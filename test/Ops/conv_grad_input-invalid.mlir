// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @size_c1(%dy: tensor<2x6x5x4xf32>, %weight: tensor<6x2x3x2xf32>) {
  // expected-error@+1 {{requires positive sizes}}
  %dx = nn.conv_grad_input %dy, %weight size [0, 5] group 2 : tensor<2x6x5x4xf32>, tensor<6x2x3x2xf32>
  return
}

// -----

func.func @length_c1(%dy: tensor<2x6x5x4xf32>, %weight: tensor<6x2x3x2xf32>) {
  // expected-error@+1 {{requires kernel, strides and dilations of 2 entries}}
  %dx = nn.conv_grad_input %dy, %weight size [7, 5] strides [1] : tensor<2x6x5x4xf32>, tensor<6x2x3x2xf32>
  return
}

// -----

func.func @group_c2(%dy: tensor<2x6x5x4xf32>, %weight: tensor<6x2x3x2xf32>) {
  // expected-error@+1 {{requires group to divide 8 input and 6 output channels, got 4}}
  %dx = nn.conv_grad_input %dy, %weight size [7, 5] group 4 : tensor<2x6x5x4xf32>, tensor<6x2x3x2xf32>
  return
}

// -----

func.func @result_c3(%dy: tensor<2x6x5x4xf32>, %weight: tensor<6x2x3x2xf32>) {
  // expected-error@+1 {{expects dy of shape [2, 6, 6, 4] (got [2, 6, 5, 4])}}
  %dx = nn.conv_grad_input %dy, %weight size [8, 5] group 2 : tensor<2x6x5x4xf32>, tensor<6x2x3x2xf32>
  return
}

// -----

func.func @two_types_c4(%dy: tensor<1x1x3x3xf32>, %weight: tensor<1x1x3x3xf64>) {
  // expected-error@+1 {{expects factors of one element type, got 'f32' and 'f64'}}
  %dx = nn.conv_grad_input %dy, %weight size [5, 5] : tensor<1x1x3x3xf32>, tensor<1x1x3x3xf64>
  return
}

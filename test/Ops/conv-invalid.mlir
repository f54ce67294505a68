// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @rank(%x: tensor<4x7x5xf32>, %weight: tensor<6x2x3x2xf32>) {
  // expected-error@+1 {{requires x to be a 4-d float tensor of static shape, got 'tensor<4x7x5xf32>'}}
  %y = nn.conv %x, %weight : tensor<4x7x5xf32>, tensor<6x2x3x2xf32>
  return
}

// -----

func.func @strides_c1(%x: tensor<2x4x7x5xf32>, %weight: tensor<6x2x3x2xf32>) {
  // expected-error@+1 {{requires positive sizes, kernel, strides and dilations}}
  %y = nn.conv %x, %weight strides [0, 1] group 2 : tensor<2x4x7x5xf32>, tensor<6x2x3x2xf32>
  return
}

// -----

func.func @length_c1(%x: tensor<2x4x7x5xf32>, %weight: tensor<6x2x3x2xf32>) {
  // expected-error@+1 {{requires kernel, strides and dilations of 2 entries and pads of 4, got 2, 2, 2 and 2}}
  %y = nn.conv %x, %weight pads [1, 1] group 2 : tensor<2x4x7x5xf32>, tensor<6x2x3x2xf32>
  return
}

// -----

func.func @pads_c1(%x: tensor<2x4x7x5xf32>, %weight: tensor<6x2x3x2xf32>) {
  // expected-error@+1 {{pads of at least 0}}
  %y = nn.conv %x, %weight pads [-1, 0, 0, 0] group 2 : tensor<2x4x7x5xf32>, tensor<6x2x3x2xf32>
  return
}

// -----

func.func @window_c1(%x: tensor<2x4x7x5xf32>, %weight: tensor<6x2x3x2xf32>) {
  // expected-error@+1 {{expects a window that fits into the padded input (got 9x2 in 7x5)}}
  %y = nn.conv %x, %weight dilations [4, 1] group 2 : tensor<2x4x7x5xf32>, tensor<6x2x3x2xf32>
  return
}

// -----

func.func @group_c2(%x: tensor<2x4x7x5xf32>, %weight: tensor<6x2x3x2xf32>) {
  // expected-error@+1 {{requires group to divide 4 input and 6 output channels, got 3}}
  %y = nn.conv %x, %weight group 3 : tensor<2x4x7x5xf32>, tensor<6x2x3x2xf32>
  return
}

// -----

func.func @channels_c2(%x: tensor<2x4x7x5xf32>, %weight: tensor<6x2x3x2xf32>) {
  // expected-error@+1 {{expects a weight for 4 channels (got 2)}}
  %y = nn.conv %x, %weight : tensor<2x4x7x5xf32>, tensor<6x2x3x2xf32>
  return
}

// -----

func.func @narrower_c3(%x: tensor<1x1x5x5xf64>, %weight: tensor<1x1x3x3xf64>) {
  // expected-error@+1 {{requires an accumulator at least as wide as 'f64', got 'f32'}}
  %y = nn.conv %x, %weight accumulator f32 : tensor<1x1x5x5xf64>, tensor<1x1x3x3xf64>
  return
}

// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @rank(%x: tensor<4x7xf32>) {
  // expected-error@+1 {{requires x to be a 4-d float tensor}}
  %y, %position = nn.max_pool_training %x kernel [2, 2] : tensor<4x7xf32>
  return
}

// -----

func.func @kernel_c1(%x: tensor<2x4x7x5xf32>) {
  // expected-error@+1 {{requires kernel, strides and dilations of 2 entries}}
  %y, %position = nn.max_pool_training %x kernel [2] : tensor<2x4x7x5xf32>
  return
}

// -----

func.func @pads_c1(%x: tensor<2x4x7x5xf32>) {
  // expected-error@+1 {{requires pads less than the window's extent 2, got [2, 0, 0, 0]}}
  %y, %position = nn.max_pool_training %x kernel [2, 2] pads [2, 0, 0, 0] : tensor<2x4x7x5xf32>
  return
}

// -----

func.func @window_c1(%x: tensor<2x4x7x5xf32>) {
  // expected-error@+1 {{expects a window that fits into the padded input (got 8x2 in 7x5)}}
  %y, %position = nn.max_pool_training %x kernel [8, 2] : tensor<2x4x7x5xf32>
  return
}

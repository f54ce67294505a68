// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @window_c1(%dy: tensor<1x2x3x4xf32>) {
  // expected-error@+1 {{expects a window that fits}}
  %dx = nn.average_pool_grad %dy size [2, 7] kernel [3, 3] : tensor<1x2x3x4xf32>
  return
}

// -----

func.func @result_c2(%dy: tensor<1x2x3x4xf32>) {
  // expected-error@+1 {{expects dy of shape [1, 2, 3, 5] (got [1, 2, 3, 4])}}
  %dx = nn.average_pool_grad %dy size [5, 7] kernel [3, 3] : tensor<1x2x3x4xf32>
  return
}

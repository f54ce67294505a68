// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @kernel_c1(%x: tensor<2x1x3x3xf32>) {
  // expected-error@+1 {{expects a window that fits into the padded input (got 4x2 in 3x3)}}
  %c = nn.patch_covariance %x kernel [4, 2] : tensor<2x1x3x3xf32>
  return
}

// -----

func.func @patches_c2(%x: tensor<1x1x2x2xf32>) {
  // expected-error@+1 {{requires at least 2 patches for a sample covariance, got 1}}
  %c = nn.patch_covariance %x kernel [2, 2] centred : tensor<1x1x2x2xf32>
  return
}

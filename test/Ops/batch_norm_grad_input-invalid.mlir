// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @channels_c1(%x: tensor<2x4x7x5xf32>, %m: tensor<4xf32>, %d: tensor<3xf32>) {
  // expected-error@+2 {{expects a value for each channel}}
  // expected-error@+1 {{failed to infer returned types}}
  %dx = nn.batch_norm_grad_input %x, %x mean %m rstd %m gain %m dscale %d dbias %m : (tensor<2x4x7x5xf32>, tensor<2x4x7x5xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<3xf32>, tensor<4xf32>) -> tensor<2x4x7x5xf32>
  return
}

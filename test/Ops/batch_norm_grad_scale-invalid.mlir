// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @type_c1(%x: tensor<2x4x7x5xf32>, %dy: tensor<2x4x7x3xf32>, %mean: tensor<4xf32>) {
  // expected-error@+2 {{expects a tensor of the type of x}}
  // expected-error@+1 {{failed to infer returned types}}
  %d = nn.batch_norm_grad_scale %x, %dy mean %mean rstd %mean : (tensor<2x4x7x5xf32>, tensor<2x4x7x3xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @rank_c1(%x: tensor<4xf32>, %mean: tensor<4xf32>) {
  // expected-error@+2 {{at least 2 dimensions}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = nn.batch_norm %x mean %mean variance %mean : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @channels_c1(%x: tensor<2x4x7x5xf32>, %mean: tensor<4xf32>, %scale: tensor<3xf32>) {
  // expected-error@+2 {{expects a value for each channel, 'tensor<4xf32>' (got 'tensor<3xf32>')}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = nn.batch_norm %x scale %scale mean %mean variance %mean : (tensor<2x4x7x5xf32>, tensor<3xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<2x4x7x5xf32>
  return
}

// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @first_c1(%x: tensor<2x5xf32>, %like: tensor<7xf32>) {
  // expected-error@+1 {{requires a first dimension of 1 and a batch, got 'tensor<2x5xf32>' and 'tensor<7xf32>'}}
  %y = nn.expand_batch %x like %like : tensor<2x5xf32>, tensor<7xf32>
  return
}

// -----

func.func @scalar_c1(%x: tensor<1x5xf32>, %like: tensor<f32>) {
  // expected-error@+1 {{requires a first dimension of 1 and a batch, got 'tensor<1x5xf32>' and 'tensor<f32>'}}
  %y = nn.expand_batch %x like %like : tensor<1x5xf32>, tensor<f32>
  return
}

// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @rank_c1(%x: tensor<3x5xf32>) {
  // expected-error@+2 {{requires a shape of rank at least 2}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = nn.broadcast %x to [5] : tensor<3x5xf32>
  return
}

// -----

func.func @sizes_c2(%x: tensor<3x5xf32>) {
  // expected-error@+2 {{expects shapes that broadcast}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = nn.broadcast %x to [3, 7] : tensor<3x5xf32>
  return
}

// -----

func.func @open_leading_c2(%x: tensor<3x5xf32>) {
  // expected-error@+2 {{expects shapes that broadcast}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = nn.broadcast %x to [-1, 3, 5] : tensor<3x5xf32>
  return
}

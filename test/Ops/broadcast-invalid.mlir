// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @rank_c1(%x: tensor<3x5xf32>) {
  // expected-error@+1 {{requires a shape of rank at least 2}}
  %y = nn.broadcast %x to [5] : tensor<3x5xf32>
  return
}

// -----

func.func @sizes_c2(%x: tensor<3x5xf32>) {
  // expected-error@+1 {{expects shapes that broadcast}}
  %y = nn.broadcast %x to [3, 7] : tensor<3x5xf32>
  return
}

// -----

func.func @open_leading_c2(%x: tensor<3x5xf32>) {
  // expected-error@+1 {{expects shapes that broadcast}}
  %y = nn.broadcast %x to [-1, 3, 5] : tensor<3x5xf32>
  return
}

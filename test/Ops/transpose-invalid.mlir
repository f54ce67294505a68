// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @repeated_c1(%x: tensor<3x5xf32>) {
  // expected-error@+1 {{requires a permutation of 2 dimensions}}
  %y = nn.transpose %x by [0, 0] : tensor<3x5xf32>
  return
}

// -----

func.func @rank_c1(%x: tensor<3x5xf32>) {
  // expected-error@+1 {{requires a permutation of 2 dimensions}}
  %y = nn.transpose %x by [0, 2, 1] : tensor<3x5xf32>
  return
}

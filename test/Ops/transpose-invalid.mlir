// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @repeated_c1(%x: tensor<3x5xf32>) {
  // expected-error@+2 {{requires a permutation of 2 dimensions}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = nn.transpose %x by [0, 0] : tensor<3x5xf32>
  return
}

// -----

func.func @rank_c1(%x: tensor<3x5xf32>) {
  // expected-error@+2 {{requires a permutation of 2 dimensions}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = nn.transpose %x by [0, 2, 1] : tensor<3x5xf32>
  return
}

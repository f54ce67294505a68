// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @square_c1(%a: tensor<3x5xf32>) {
  // expected-error@+1 {{requires a square matrix, got 'tensor<3x5xf32>'}}
  %v, %w = nn.symmetric_eigen %a sweeps 4 : tensor<3x5xf32>
  return
}

// -----

func.func @sweeps_c2(%a: tensor<3x3xf32>) {
  // expected-error@+1 {{requires at least 1 sweep, got 0}}
  %v, %w = nn.symmetric_eigen %a sweeps 0 : tensor<3x3xf32>
  return
}

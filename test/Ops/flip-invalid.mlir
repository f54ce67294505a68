// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @rank_c1(%x: tensor<3x5xf32>) {
  // expected-error@+1 {{requires x to be a 4-d float tensor}}
  %y = nn.flip %x : tensor<3x5xf32>
  return
}

// -----

func.func @flags_c1(%x: tensor<3x2x5x4xf32>, %f: tensor<2xindex>) {
  // expected-error@+1 {{expects a position for each image}}
  %y = nn.flip %x where %f : tensor<3x2x5x4xf32>, tensor<2xindex>
  return
}

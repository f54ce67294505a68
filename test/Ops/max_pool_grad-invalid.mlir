// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @size_c1(%dy: tensor<1x2x3x4xf32>, %position: tensor<1x2x3x4xindex>) {
  // expected-error@+1 {{requires size to have 2 positive entries, got [5, 0]}}
  %dx = nn.max_pool_grad %dy at %position size [5, 0] : tensor<1x2x3x4xf32>, tensor<1x2x3x4xindex>
  return
}

// -----

func.func @shape_c2(%dy: tensor<1x2x3x4xf32>, %position: tensor<1x2x4x3xindex>) {
  // expected-error@+1 {{expects position of the shape of dy}}
  %dx = nn.max_pool_grad %dy at %position size [5, 7] : tensor<1x2x3x4xf32>, tensor<1x2x4x3xindex>
  return
}

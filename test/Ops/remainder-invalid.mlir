// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @shapes(%x: tensor<3x5xf32>, %y: tensor<3xf32>) {
  // expected-error@+1 {{expects shapes that broadcast, got 'tensor<3x5xf32>' and 'tensor<3xf32>'}}
  %z = nn.remainder %x, %y : tensor<3x5xf32>, tensor<3xf32>
  return
}

// -----

func.func @element_types(%x: tensor<3xf32>, %y: tensor<3xf64>) {
  // expected-error@+1 {{requires the same element type for all operands and results}}
  %z = nn.remainder %x, %y : tensor<3xf32>, tensor<3xf64>
  return
}

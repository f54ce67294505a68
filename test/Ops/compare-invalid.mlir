// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @element_types_c1(%x: tensor<3xf32>, %y: tensor<3xi64>) {
  // expected-error@+1 {{expects operands of one element type, got 'f32' and 'i64'}}
  %z = nn.compare less %x, %y : tensor<3xf32>, tensor<3xi64>
  return
}

// -----

func.func @shapes(%x: tensor<3x5xf32>, %y: tensor<3xf32>) {
  // expected-error@+1 {{expects shapes that broadcast, got 'tensor<3x5xf32>' and 'tensor<3xf32>'}}
  %z = nn.compare less %x, %y : tensor<3x5xf32>, tensor<3xf32>
  return
}

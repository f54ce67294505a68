// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @shapes(%x: tensor<3x5xi64>, %y: tensor<3xi64>) {
  // expected-error@+1 {{expects shapes that broadcast, got 'tensor<3x5xi64>' and 'tensor<3xi64>'}}
  %z = nn.bitwise and %x, %y : tensor<3x5xi64>, tensor<3xi64>
  return
}

// -----

func.func @element_types(%x: tensor<3xi64>, %y: tensor<3xi32>) {
  // expected-error@+1 {{requires the same element type for all operands and results}}
  %z = nn.bitwise and %x, %y : tensor<3xi64>, tensor<3xi32>
  return
}

// -----

func.func @floats(%x: tensor<3xf32>) {
  // expected-error@+1 {{operand #0 must be statically shaped tensor of 1-bit signless integer or 32-bit signless integer or 64-bit signless integer values, but got 'tensor<3xf32>'}}
  %z = nn.bitwise xor %x, %x : tensor<3xf32>, tensor<3xf32>
  return
}

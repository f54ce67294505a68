// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @values_only(%x: tensor<3xindex>) {
  // expected-error@+1 {{operand #0 must be statically shaped tensor of 32-bit float or 64-bit float values}}
  %y = nn.hard_swish %x : tensor<3xindex>
  return
}

// -----

func.func @gradient_of_another_shape(%x: tensor<3xf32>, %dy: tensor<4xf32>) {
  // expected-error@+1 {{expects shapes that broadcast}}
  %dx = nn.hard_swish_grad %x, %dy : tensor<3xf32>, tensor<4xf32>
  return
}

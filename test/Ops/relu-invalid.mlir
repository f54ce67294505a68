// RUN: tally-opt %s --split-input-file --verify-diagnostics

// The same holds for every unary op.
func.func @element_type(%x: tensor<3xi32>) {
  // expected-error@+1 {{operand #0 must be statically shaped tensor}}
  %y = nn.relu %x : tensor<3xi32>
  return
}

// -----

func.func @dynamic_shape(%x: tensor<?xf32>) {
  // expected-error@+1 {{operand #0 must be statically shaped tensor}}
  %y = nn.relu %x : tensor<?xf32>
  return
}

// -----

func.func @gradient_types(%y: tensor<3xf32>, %dy: tensor<5xf32>) {
  // expected-error@+1 {{expects shapes that broadcast}}
  %dx = nn.relu_grad %y, %dy : tensor<3xf32>, tensor<5xf32>
  return
}

// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @element_types_c1(%condition: tensor<3xi1>, %x: tensor<3xf32>, %y: tensor<3xi64>) {
  // expected-error@+1 {{expects operands of one element type, got 'f32' and 'i64'}}
  %z = nn.select %condition, %x, %y : tensor<3xi1>, tensor<3xf32>, tensor<3xi64>
  return
}

// -----

func.func @condition(%condition: tensor<3xf32>, %x: tensor<3xf32>) {
  // expected-error@+1 {{operand #0 must be statically shaped tensor of 1-bit signless integer values, but got 'tensor<3xf32>'}}
  %z = nn.select %condition, %x, %x : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>
  return
}

// -----

func.func @shapes(%condition: tensor<5xi1>, %x: tensor<3xf32>) {
  // expected-error@+1 {{expects shapes that broadcast}}
  %z = nn.select %condition, %x, %x : tensor<5xi1>, tensor<3xf32>, tensor<3xf32>
  return
}

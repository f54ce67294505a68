// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @position_c1(%t: tensor<index>) -> tensor<4xindex> {
  // expected-error @+1 {{requires a map with 1 result, no symbols and 2 dimensions (coordinates and operands), got affine_map<(d0) -> (d0)>}}
  %y = train.position affine_map<(i) -> (i)>(%t) : (tensor<index>) -> tensor<4xindex>
  return %y : tensor<4xindex>
}

// -----

func.func @position_c2(%t: tensor<3xindex>) -> tensor<4xindex> {
  // expected-error @+1 {{requires operand 0 of rank 0 or of type 'tensor<4xindex>', got 'tensor<3xindex>'}}
  %y = train.position affine_map<(i, t) -> (i + t)>(%t) : (tensor<3xindex>) -> tensor<4xindex>
  return %y : tensor<4xindex>
}

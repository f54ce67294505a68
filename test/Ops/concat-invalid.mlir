// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @axis_c1(%a: tensor<3x5xf32>) {
  // expected-error@+1 {{requires axis in [0, 2), got 2}}
  %y = nn.concat %a axis 2 : tensor<3x5xf32>
  return
}

// -----

func.func @shapes_c2(%a: tensor<3x5xf32>, %b: tensor<2x5xf32>) {
  // expected-error@+1 {{expects inputs that agree but for dimension 1}}
  %y = nn.concat %a, %b axis 1 : tensor<3x5xf32>, tensor<2x5xf32>
  return
}

// -----

func.func @element_types_c2(%a: tensor<3x5xf32>, %b: tensor<3x5xf64>) {
  // expected-error@+1 {{expects inputs that agree but for dimension 1}}
  %y = nn.concat %a, %b axis 1 : tensor<3x5xf32>, tensor<3x5xf64>
  return
}

// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @offsets_c1(%x: tensor<3x2x5x4xf32>, %a: tensor<3xindex>, %b: tensor<2xindex>) {
  // expected-error@+1 {{expects a position for each image}}
  %y = nn.crop %x at %a, %b pad 1 zero : tensor<3x2x5x4xf32>, tensor<3xindex>, tensor<2xindex>
  return
}

// -----

func.func @pad_c2(%x: tensor<3x2x5x4xf32>, %a: tensor<3xindex>) {
  // expected-error@+1 {{requires pad of at least 0 and, where x is reflected, below 4, got 4}}
  %y = nn.crop %x at %a, %a pad 4 reflect : tensor<3x2x5x4xf32>, tensor<3xindex>, tensor<3xindex>
  return
}

// -----

func.func @negative_c2(%x: tensor<3x2x5x4xf32>, %a: tensor<3xindex>) {
  // expected-error@+1 {{requires pad of at least 0}}
  %y = nn.crop %x at %a, %a pad -1 zero : tensor<3x2x5x4xf32>, tensor<3xindex>, tensor<3xindex>
  return
}

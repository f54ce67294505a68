// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @positions_c1(%x: tensor<3x2x5x4xf32>, %a: tensor<3xindex>, %b: tensor<2xindex>) {
  // expected-error@+1 {{expects a position for each image}}
  %y = nn.cutout %x at %a, %b size 2 : tensor<3x2x5x4xf32>, tensor<3xindex>, tensor<2xindex>
  return
}

// -----

func.func @size_c2(%x: tensor<3x2x5x4xf32>, %a: tensor<3xindex>) {
  // expected-error@+1 {{requires size in [1, 4], got 5}}
  %y = nn.cutout %x at %a, %a size 5 : tensor<3x2x5x4xf32>, tensor<3xindex>, tensor<3xindex>
  return
}

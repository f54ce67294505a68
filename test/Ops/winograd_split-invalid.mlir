// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @rank_c1(%x: tensor<3x4x5xf32>) {
  // expected-error@+1 {{requires x to be a 4-d float tensor}}
  %y:16 = nn.winograd_split %x input_2 tiles [2, 3] stride 2 : tensor<3x4x5xf32>
  return
}

// -----

func.func @stride_c2(%x: tensor<3x2x4x5xf32>) {
  // expected-error@+1 {{requires positive numbers of tiles and a stride of at least 2, got [2, 3] and 1}}
  %y:16 = nn.winograd_split %x input_2 tiles [2, 3] stride 1 : tensor<3x2x4x5xf32>
  return
}

// -----

func.func @pads_c2(%x: tensor<3x2x4x5xf32>) {
  // expected-error@+1 {{requires two pads of at least 0, got [1, -1]}}
  %y:16 = nn.winograd_split %x input_2 tiles [2, 3] stride 2 pads [1, -1] : tensor<3x2x4x5xf32>
  return
}

// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @rank_c1(%z: tensor<5xf32>, %l: tensor<3xindex>) {
  // expected-error@+1 {{requires logits to be a 2-d float tensor}}
  %y = nn.cross_entropy %z, %l mean : tensor<5xf32>, tensor<3xindex>
  return
}

// -----

func.func @labels_c1(%z: tensor<3x5xf32>, %l: tensor<5xindex>) {
  // expected-error@+1 {{expects labels of type 'tensor<3xindex>' (got 'tensor<5xindex>')}}
  %y = nn.cross_entropy %z, %l mean : tensor<3x5xf32>, tensor<5xindex>
  return
}

// -----

func.func @smoothing_c2(%z: tensor<3x5xf32>, %l: tensor<3xindex>) {
  // expected-error@+1 {{requires label_smoothing in [0, 1), got 1}}
  %y = nn.cross_entropy %z, %l mean smoothing 1.0 : tensor<3x5xf32>, tensor<3xindex>
  return
}

// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @ratio_c1(%x: tensor<3x5xf32>) {
  // expected-error@+1 {{requires ratio in [0, 1), got -}}
  %y = nn.dropout_training %x, %x ratio -0.5 : tensor<3x5xf32>, tensor<3x5xf32>
  return
}

// -----

func.func @type_c2(%x: tensor<3x5xf32>, %u: tensor<5xf32>) {
  // expected-error@+1 {{expects u of the type of x}}
  %y = nn.dropout_training %x, %u ratio 0.5 : tensor<3x5xf32>, tensor<5xf32>
  return
}

// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @planes_c1(%p: tensor<1x3x2x2xf32>) {
  // expected-error@+1 {{expects 16 planes for output_2 (got 4)}}
  %x = nn.winograd_join %p, %p, %p, %p output_2 size [3, 4] : tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>
  return
}

// -----

func.func @size_c2(%p: tensor<1x3x2x2xf32>) {
  // expected-error@+1 {{requires a size that 2x2 tiles of 2x2 cover, got [3, 5]}}
  %x = nn.winograd_join %p, %p, %p, %p, %p, %p, %p, %p, %p, %p, %p, %p, %p, %p, %p, %p output_2 size [3, 5] : tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>
  return
}

// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @rank_c1(%x: tensor<5xf32>, %y: tensor<5x7xf32>) {
  // expected-error@+1 {{requires operands of at least rank 2}}
  %z = nn.matmul %x, %y : tensor<5xf32>, tensor<5x7xf32>
  return
}

// -----

func.func @length_c2(%x: tensor<3x5xf32>, %y: tensor<5x7xf32>) {
  // expected-error@+1 {{expects matrices of which the product exists, got 'tensor<3x5xf32>' and 'tensor<5x7xf32>' (transposed)}}
  %z = nn.matmul %x, %y transposed : tensor<3x5xf32>, tensor<5x7xf32>
  return
}

// -----

func.func @leading_c2(%x: tensor<2x3x5xf32>, %y: tensor<3x5x7xf32>) {
  // expected-error@+1 {{expects matrices of which the product exists}}
  %z = nn.matmul %x, %y : tensor<2x3x5xf32>, tensor<3x5x7xf32>
  return
}

// -----

func.func @two_types_c3(%x: tensor<3x5xbf16>, %y: tensor<5x7xf32>) {
  // expected-error@+1 {{expects factors of one element type, got 'bf16' and 'f32'}}
  %z = nn.matmul %x, %y accumulator f32 : tensor<3x5xbf16>, tensor<5x7xf32>
  return
}

// -----

func.func @none_c3(%x: tensor<3x5xf16>, %y: tensor<5x7xf16>) {
  // expected-error@+1 {{requires an accumulator (f32 or f64) for products of 'f16'}}
  %z = nn.matmul %x, %y : tensor<3x5xf16>, tensor<5x7xf16>
  return
}

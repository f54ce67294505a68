// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @two_open_c1(%x: tensor<3x5xf32>) {
  // expected-error@+1 {{requires entries of shape of at least 0 and at most one -1}}
  %y = nn.reshape %x to [-1, -1] : tensor<3x5xf32>
  return
}

// -----

func.func @overflow_c1(%x: tensor<3x5xf32>) {
  // expected-error@+1 {{requires entries of shape of at least 0 and at most one -1}}
  %y = nn.reshape %x to [4611686018427387904, 4611686018427387904] : tensor<3x5xf32>
  return
}

// -----

func.func @elements_c2(%x: tensor<3x5xf32>) {
  // expected-error@+1 {{expects 15 elements, got shape}}
  %y = nn.reshape %x to [4, -1] : tensor<3x5xf32>
  return
}

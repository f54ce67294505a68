// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @order_c1(%x: tensor<3x5xf32>) {
  // expected-error@+1 {{requires sorted, distinct axes below 2}}
  %y = nn.reduce_min %x over [1, 0] : tensor<3x5xf32>
  return
}

// -----

func.func @repeated_c1(%x: tensor<3x5xf32>) {
  // expected-error@+1 {{requires sorted, distinct axes below 2}}
  %y = nn.reduce_min %x over [0, 0] : tensor<3x5xf32>
  return
}

// -----

func.func @range_c1(%x: tensor<3x5xf32>) {
  // expected-error@+1 {{requires sorted, distinct axes below 2}}
  %y = nn.reduce_min %x over [2] : tensor<3x5xf32>
  return
}

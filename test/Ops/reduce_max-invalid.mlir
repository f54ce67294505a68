// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @order_c1(%x: tensor<3x5xf32>) {
  // expected-error@+1 {{requires sorted, distinct axes below 2}}
  %y = nn.reduce_max %x over [1, 0] : tensor<3x5xf32>
  return
}

// -----

func.func @repeated_c1(%x: tensor<3x5xf32>) {
  // expected-error@+1 {{requires sorted, distinct axes below 2}}
  %y = nn.reduce_max %x over [0, 0] : tensor<3x5xf32>
  return
}

// -----

func.func @range_c1(%x: tensor<3x5xf32>) {
  // expected-error@+1 {{requires sorted, distinct axes below 2}}
  %y = nn.reduce_max %x over [2] : tensor<3x5xf32>
  return
}

// -----

func.func @gradient_axes_c1(%x: tensor<3x5xf32>, %y: tensor<3xf32>, %dy: tensor<3xf32>) {
  // expected-error@+1 {{expects y of type 'tensor<5xf32>', got 'tensor<3xf32>'}}
  %dx = nn.reduce_max_grad %x, %y, %dy over [0] : tensor<3x5xf32>, tensor<3xf32>
  return
}

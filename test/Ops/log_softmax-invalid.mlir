// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @axis_c1(%x: tensor<3x5xf32>) {
  // expected-error@+1 {{requires axis in [0, 2), got 2}}
  %y = nn.log_softmax %x axis 2 : tensor<3x5xf32>
  return
}

// -----

func.func @gradient_axis_c1(%y: tensor<3x5xf32>, %dy: tensor<3x5xf32>) {
  // expected-error@+1 {{requires axis in [0, 2), got -1}}
  %dx = nn.log_softmax_grad %y, %dy axis -1 : tensor<3x5xf32>, tensor<3x5xf32>
  return
}

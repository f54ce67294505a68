// RUN: tally-opt %s --differentiate --split-input-file --verify-diagnostics

func.func @no_gradient(%p: tensor<f32>, %x: tensor<f32>) -> tensor<f32> {
  // expected-error @+1 {{has no gradient, but the loss depends on a trained value through it}}
  %loss = nn.relu_grad %p, %x : tensor<f32>, tensor<f32>
  // expected-note @+1 {{gradients are asked for here}}
  %dp = train.gradient %loss wrt %p : tensor<f32> wrt tensor<f32>
  return %dp : tensor<f32>
}

// -----

func.func @loss_is_no_scalar(%p: tensor<3xf32>) -> tensor<3xf32> {
  // expected-error @+1 {{requires a loss of rank 0, got 'tensor<3xf32>'}}
  %dp = train.gradient %p wrt %p : tensor<3xf32> wrt tensor<3xf32>
  return %dp : tensor<3xf32>
}

// RUN: tally-opt %s --count-cost=format=none --split-input-file --verify-diagnostics

func.func @no_cost(%x: tensor<3xf32>) -> tensor<3xf32> {
  // expected-error @+1 {{has no cost: it has neither CostOpInterface nor the trait ZeroCost}}
  %y = arith.addf %x, %x : tensor<3xf32>
  // expected-error @+1 {{has no cost}}
  %z = arith.mulf %y, %x : tensor<3xf32>
  return %z : tensor<3xf32>
}

// -----

func.func @request_left(%loss: tensor<f32>, %x: tensor<3xf32>) -> tensor<3xf32> {
  // expected-error @+1 {{'train.gradient' op has no cost}}
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<3xf32>
  return %dx : tensor<3xf32>
}

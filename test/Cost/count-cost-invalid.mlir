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

// -----

// Nothing is forward in silence: an op of a step says what it is charged to, or its step does.
train.program @main steps 1 {
  train.segment first 0 steps 1 @step
  train.step @step batch 2 {
    %x = nn.constant dense<1.0> : tensor<3xf32>
    // expected-error @+1 {{'nn.relu' op cannot be charged: neither its location nor that of its step has a phase}}
    %y = nn.relu %x : tensor<3xf32>
  }
}

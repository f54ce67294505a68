// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @take_c1(%x: tensor<3x2xf32>, %at: tensor<4xindex>) -> tensor<4xf32> {
  // expected-error @+1 {{requires a result of type 'tensor<4x2xf32>', got 'tensor<4xf32>'}}
  %y = train.take %x at %at : tensor<3x2xf32> at tensor<4xindex> -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @take_c1_scalar(%x: tensor<f32>, %at: tensor<index>) -> tensor<f32> {
  // expected-error @+1 {{requires x of at least 1 dimension, got 'tensor<f32>'}}
  %y = train.take %x at %at : tensor<f32> at tensor<index> -> tensor<f32>
  return %y : tensor<f32>
}

// RUN: echo "{loss: cross_entropy, optimizer: {name: sgd, lr: 0.1}, steps: 1, batch_size: 4}" > %t.yaml
// RUN: tally-opt %s --split-input-file --verify-diagnostics --attach-recipe=recipe=%t.yaml

// A running statistic that is moved on its way could not be written back.
func.func @main(%x: tensor<2x3x32x32xf32>) -> tensor<2x10xf32> {
  %mean = nn.weight "norm.mean", "norm.mean" = dense<0.0> : tensor<3x1xf32>
  %moved = nn.reshape %mean to [3] : tensor<3x1xf32>
  %variance = nn.weight "norm.variance", "norm.variance" = dense<1.0> : tensor<3xf32>
  // expected-error @+1 {{requires running statistics that are initializers of the model, got nn.reshape: let the initializers feed the node themselves}}
  %y = nn.batch_norm %x mean %moved variance %variance : (tensor<2x3x32x32xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<2x3x32x32xf32>
  %flat = nn.reshape %y to [-1, 3072] : tensor<2x3x32x32xf32>
  %w = nn.weight "head", "linear.weight" = dense<1.0> : tensor<3072x10xf32>
  %logits = nn.matmul %flat, %w : tensor<2x3072xf32>, tensor<3072x10xf32>
  return %logits : tensor<2x10xf32>
}

// -----

// One that is a constant would never change.
func.func @main(%x: tensor<2x3x32x32xf32>) -> tensor<2x10xf32> {
  %mean = nn.weight "norm.mean", "norm.mean" = dense<0.0> : tensor<3xf32>
  %variance = nn.constant dense<1.0> : tensor<3xf32>
  // expected-error @+1 {{requires running statistics that are initializers of the model, got nn.constant}}
  %y = nn.batch_norm %x mean %mean variance %variance : (tensor<2x3x32x32xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<2x3x32x32xf32>
  %flat = nn.reshape %y to [-1, 3072] : tensor<2x3x32x32xf32>
  %w = nn.weight "head", "linear.weight" = dense<1.0> : tensor<3072x10xf32>
  %logits = nn.matmul %flat, %w : tensor<2x3072xf32>, tensor<3072x10xf32>
  return %logits : tensor<2x10xf32>
}

// RUN: split-file %s %t
// RUN: tally-opt %t/model.mlir --attach-recipe=recipe=%t/recipe.yaml --mlir-print-local-scope | FileCheck %t/model.mlir

//--- recipe.yaml
loss: cross_entropy
optimizer: {name: sgd, lr: 0.1}
steps: 1
batch_size: 4
groups:
  - {match: "*.fixed", trainable: false}
batch_norm: {keep: 0.75, eps: 0.5}

//--- model.mlir
// The recipe's epsilon is that of batch normalization in both forms, no other's. A scale that stays 1 and a bias that stays 0 go;
// a scale that stays 0 does not.
// CHECK-LABEL: train.step
// CHECK: nn.batch_norm_training %{{[0-9]+}} bias %{{.*}} epsilon 5.000000e-01
// CHECK: nn.constant dense<7.500000e-01>
// CHECK: nn.group_norm %{{[^ ]+}} scale %{{[^ ]+}} groups 1 epsilon 2.500000e-01
// CHECK: nn.group_norm %{{[^ ]+}} scale %{{[^ ]+}} bias %{{[^ ]+}} groups 3 epsilon 2.500000e-01
// CHECK-LABEL: train.evaluate
// CHECK: nn.batch_norm %{{[0-9]+}} bias %{{.*}} epsilon 5.000000e-01
func.func @main(%x: tensor<2x3x32x32xf32>) -> tensor<2x10xf32> {
  %scale = nn.weight "scale.fixed", "norm.scale" = dense<1.0> : tensor<3xf32>
  %bias = nn.weight "bias", "norm.bias" = dense<0.0> : tensor<3xf32>
  %mean = nn.weight "mean", "norm.mean" = dense<0.0> : tensor<3xf32>
  %variance = nn.weight "variance", "norm.variance" = dense<1.0> : tensor<3xf32>
  %a = nn.batch_norm %x scale %scale bias %bias mean %mean variance %variance epsilon 2.500000e-01 : (tensor<2x3x32x32xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<2x3x32x32xf32>
  %free = nn.weight "free", "norm.scale" = dense<1.0> : tensor<3xf32>
  %zeros = nn.weight "zeros.fixed", "norm.bias" = dense<0.0> : tensor<3xf32>
  %b:4 = nn.group_norm %a scale %free bias %zeros groups 1 epsilon 2.500000e-01 : (tensor<2x3x32x32xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<2x3x32x32xf32>, tensor<2x1xf32>, tensor<2x1xf32>, tensor<2x3xf32>)
  %none = nn.weight "none.fixed", "norm.scale" = dense<0.0> : tensor<3xf32>
  %c:4 = nn.group_norm %b#0 scale %none bias %bias groups 3 epsilon 2.500000e-01 : (tensor<2x3x32x32xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<2x3x32x32xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>)
  %flat = nn.reshape %c#0 to [-1, 3072] : tensor<2x3x32x32xf32>
  %w = nn.weight "head", "linear.weight" = dense<1.0> : tensor<3072x10xf32>
  %logits = nn.matmul %flat, %w : tensor<2x3072xf32>, tensor<3072x10xf32>
  return %logits : tensor<2x10xf32>
}

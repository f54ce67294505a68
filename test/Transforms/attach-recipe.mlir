// RUN: split-file %s %t
// RUN: tally-opt %t/model.mlir --attach-recipe=recipe=%t/recipe.yaml --mlir-print-local-scope | FileCheck %t/model.mlir

//--- recipe.yaml
loss: {name: cross_entropy, label_smoothing: 0.2}
optimizer: {name: sgd, lr: 0.5, momentum: 0.9, nesterov: true, weight_decay: 0.001}
schedule: {name: piecewise_linear, points: [[0, 1], [1.0, 0]]}
epochs: 2
batch_size: 20000
groups:
  - {match: "*.bias", freeze_at: 1 epochs, init: zeros, weight_decay: 0}
data: {name: cifar10}
target: {accuracy: 0.5}

//--- model.mlir
// The variables. A tensor without initial values starts at zero or is written by initialize.
// CHECK-LABEL: train.program @training steps 6
// CHECK-SAME: batch_size = 20000
// CHECK-SAME: record_bytes = 3073
// CHECK-SAME: correct = "eval.correct"
// CHECK-SAME: samples = 10000
// CHECK-SAME: seeds = [0, 0]
// CHECK-SAME: steps_per_epoch = 3
// CHECK-SAME: target = {accuracy = 5.000000e-01 : f64, of = "mean", view = "plain"}
// CHECK: train.state @step : tensor<index> role counter
// CHECK: train.state @permutation : tensor<50000xindex> role counter
// CHECK: train.parameter @head.weight : tensor<1x10xf32> kind "linear.weight" trained true = dense<1.000000e+00>
// CHECK: train.state @head.weight.momentum : tensor<1x10xf32> role optimizer
// CHECK: train.parameter @head.bias : tensor<10xf32> kind "bias" trained true{{$}}
// CHECK: train.state @head.bias.momentum : tensor<10xf32> role optimizer

// CHECK: train.table @table.lr = dense<[5.000000e-01, 0.416666657, 0.333333343, 2.500000e-01, 0.166666672, 0.0833333358]>
// CHECK: train.initialize @initialize
// CHECK: train.write @permutation,

// CHECK: train.every @shuffle before first 0 period 3 trips 2
// CHECK: train.shuffle

// The first step trains both tensors.
// CHECK: train.step @step.0 batch 20000 image 32
// CHECK: [[STEP:%.*]] = train.read @step
// CHECK: [[PLACES:%.*]] = train.position affine_map<(d0, d1) -> ((d1 mod 3) * 20000 + d0)>([[STEP]])
// CHECK: [[RECORDS:%.*]] = train.take %{{.*}} at [[PLACES]]
// CHECK: train.load_images %{{.*}} at [[RECORDS]] offset 1
// CHECK: [[LABELS:%.*]] = train.load_labels %{{.*}} at [[RECORDS]] offset 0
// CHECK: [[W:%.*]] = train.read @head.weight
// CHECK: [[B:%.*]] = train.read @head.bias
// CHECK: nn.mul %{{.*}}, [[W]] : tensor<20000x1xf32>, tensor<1x10xf32>
// CHECK: [[LOGITS:%.*]] = nn.add %{{.*}}, [[B]]
// CHECK: [[LOSS:%.*]] = nn.cross_entropy [[LOGITS]], [[LABELS]]
// CHECK: [[GRADIENTS:%.*]]:2 = train.gradient [[LOSS]] wrt [[W]], [[B]]
// CHECK: [[G0:%.*]] = train.update @head.weight, [[GRADIENTS]]#0
// l2 decay, momentum, Nesterov, learning rate: 8 operations per element.
// CHECK: [[DECAY:%.*]] = nn.constant dense<1.000000e-03>
// CHECK: [[DECAYED:%.*]] = nn.mul [[W]], [[DECAY]]
// CHECK: [[G:%.*]] = nn.add [[G0]], [[DECAYED]]
// CHECK: [[M:%.*]] = nn.constant dense<0.899999976>
// CHECK: [[V:%.*]] = train.read @head.weight.momentum
// CHECK: [[MV:%.*]] = nn.mul [[V]], [[M]]
// CHECK: [[NEWV:%.*]] = nn.add [[MV]], [[G]]
// CHECK: train.write @head.weight.momentum, [[NEWV]]
// CHECK: [[AHEAD:%.*]] = nn.mul [[NEWV]], [[M]]
// CHECK: [[DIRECTION:%.*]] = nn.add [[G]], [[AHEAD]]
// CHECK: [[LR:%.*]] = train.take %{{.*}} at [[STEP]]
// CHECK: [[CHANGE:%.*]] = nn.mul [[DIRECTION]], [[LR]]
// CHECK: [[NEWW:%.*]] = nn.sub [[W]], [[CHANGE]]
// CHECK: train.write @head.weight, [[NEWW]]
// CHECK: train.update @head.bias, [[GRADIENTS]]#1
// CHECK: train.write @log.loss, [[LOSS]]
// CHECK: train.write @step

// The last batch of an epoch is partial.
// CHECK: train.step @step.1 batch 10000
// CHECK: affine_map<(d0, d1) -> ((d1 mod 3) * 20000 + d0)>

// From the second epoch on the bias is frozen: no gradient, no momentum, no decay.
// CHECK: train.step @step.2 batch 20000
// CHECK: train.gradient {{.*}} : tensor<f32> wrt tensor<1x10xf32>
// CHECK-NOT: train.update @head.bias
// CHECK-NOT: train.read @head.bias.momentum
// CHECK: train.step @step.3 batch 10000
// CHECK: train.segment first 0 steps 2 @step.0
// CHECK: train.segment first 2 steps 1 @step.1
// CHECK: train.segment first 3 steps 2 @step.2
// CHECK: train.segment first 5 steps 1 @step.3

// CHECK: train.evaluate @evaluate batch 1000 batches 10 evaluations 2
// CHECK: [[EVALLOGITS:%.*]] = nn.add
// CHECK: nn.count_correct [[EVALLOGITS]], %{{.*}}
func.func @main(%x: tensor<2x3x32x32xf32>) -> tensor<2x10xf32> {
  %w = nn.weight "head.weight", "linear.weight" = dense<1.0> : tensor<1x10xf32>
  %b = nn.weight "head.bias", "bias" = dense<1.0> : tensor<10xf32>
  %sum = nn.reduce_sum %x over [1, 2, 3] : tensor<2x3x32x32xf32>
  %column = nn.reshape %sum to [-1, 1] : tensor<2xf32>
  %product = nn.mul %column, %w : tensor<2x1xf32>, tensor<1x10xf32>
  %y = nn.add %product, %b : tensor<2x10xf32>, tensor<10xf32>
  return %y : tensor<2x10xf32>
}

// RUN: split-file %s %t
// RUN: tally-opt %t/model.mlir --attach-recipe=recipe=%t/lookahead.yaml --mlir-print-local-scope | FileCheck %t/lookahead.yaml
// RUN: tally-opt %t/model.mlir --attach-recipe=recipe=%t/ema.yaml --mlir-print-local-scope | FileCheck %t/ema.yaml

//--- lookahead.yaml
loss: cross_entropy
optimizer: {name: sgd, lr: 0.5}
steps: 10
batch_size: 25000
groups:
  - {match: "*.bias", freeze_at: 6 steps, init: zeros}
averaging: {name: lookahead, every: 5 steps, keep: {scale: 1, power: 2}}
# The average starts at the weights, is used by evaluations and exported.
# CHECK: export_variables = {head.bias = "head.bias.average", head.weight = "head.weight.average"}
# CHECK: train.parameter @head.weight : tensor<1x10xf32> kind "linear.weight" trained true = dense<1.000000e+00>
# CHECK: train.state @head.weight.average : tensor<1x10xf32> role average = dense<1.000000e+00>
# CHECK: train.parameter @head.bias
# CHECK: train.state @head.bias.average : tensor<10xf32> role average
# a = (5/10)^2, (10/10)^2
# CHECK-DAG: train.table @table.kept = dense<[2.500000e-01, 1.000000e+00]>
# CHECK-DAG: train.table @table.fresh = dense<[7.500000e-01, 0.000000e+00]>
# The bias, frozen at step 6, is synchronised once more: after step 10.
# CHECK: train.every @averaging.2 after first 4 period 5 trips 2
# CHECK: [[DONE:%.*]] = train.read @step
# CHECK: [[AT:%.*]] = train.position affine_map<(d0) -> (d0 floordiv 5 - 1)>([[DONE]])
# CHECK: [[A:%.*]] = train.take %{{.*}} at [[AT]]
# CHECK: [[REST:%.*]] = train.take %{{.*}} at [[AT]]
# CHECK: [[SLOW:%.*]] = train.read @head.weight.average
# CHECK: [[OLD:%.*]] = nn.mul [[SLOW]], [[A]]
# CHECK: [[FAST:%.*]] = train.read @head.weight
# CHECK: [[NEW:%.*]] = nn.mul [[FAST]], [[REST]]
# CHECK: [[SUM:%.*]] = nn.add [[OLD]], [[NEW]]
# CHECK: train.write @head.weight.average, [[SUM]]
# CHECK: train.write @head.weight, [[SUM]]
# CHECK: train.write @head.bias.average
# CHECK: train.evaluate @evaluate
# CHECK: train.read @head.weight.average
# CHECK: train.read @head.bias.average

//--- ema.yaml
loss: cross_entropy
optimizer: {name: sgd, lr: 0.5}
steps: 11
batch_size: 25000
averaging: {name: ema, decay: 0.75, every: 2 steps, from: -5 steps}
# Until step 6 the average is the weights themselves; then it is kept at finished steps 8 and 10.
# CHECK: train.table @table.kept = dense<7.500000e-01> : tensor<2xf32>
# CHECK: train.every @averaging.copy after first 0 period 1 trips 6
# CHECK: [[FAST:%.*]] = train.read @head.weight
# CHECK: train.write @head.weight.average, [[FAST]]
# CHECK: train.every @averaging.2 after first 7 period 2 trips 2
# CHECK: train.position affine_map<(d0) -> (d0 floordiv 2 - 4)>
# CHECK: train.write @head.weight.average
# CHECK-NOT: train.write @head.weight,
# CHECK: train.evaluate @evaluate

//--- model.mlir
func.func @main(%x: tensor<2x3x32x32xf32>) -> tensor<2x10xf32> {
  %w = nn.weight "head.weight", "linear.weight" = dense<1.0> : tensor<1x10xf32>
  %b = nn.weight "head.bias", "bias" = dense<1.0> : tensor<10xf32>
  %sum = nn.reduce_sum %x over [1, 2, 3] : tensor<2x3x32x32xf32>
  %column = nn.reshape %sum to [-1, 1] : tensor<2xf32>
  %product = nn.mul %column, %w : tensor<2x1xf32>, tensor<1x10xf32>
  %y = nn.add %product, %b : tensor<2x10xf32>, tensor<10xf32>
  return %y : tensor<2x10xf32>
}

// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate --check-level=training | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg --check-level=tensor | FileCheck %s --check-prefix=LOWER

// SYNTAX-LABEL: train.program @main steps 5 attributes {info = {record_bytes = 4 : i64}} {
// SYNTAX: train.parameter @w : tensor<3xf32> kind "bias" trained true = dense<1.000000e+00> : tensor<3xf32>
// SYNTAX: train.parameter @frozen : tensor<3xf32> kind "other" trained false{{$}}
// SYNTAX: train.state @step : tensor<index> role counter = dense<0> : tensor<index>
// SYNTAX: train.state @w.average : tensor<3xf32> role average{{$}}
// SYNTAX: train.state @log.loss : tensor<f32> role metric
// SYNTAX: train.table @rates = dense<[5.000000e-01, 2.500000e-01]> : tensor<2xf32>
// SYNTAX: train.segment first 0 steps 2 @first{{$}}
// SYNTAX: train.segment first 2 steps 3 @micro times 2, @apply
// SYNTAX: train.initialize @initialize {
// SYNTAX: train.write @frozen, %{{.*}} : tensor<3xf32>
// SYNTAX: train.step @first batch 2 image 8 {
// SYNTAX: train.read @w : tensor<3xf32>
// SYNTAX: train.dataset : tensor<7x4xi8>
// SYNTAX: train.gradient %{{.*}} wrt %{{.*}} : tensor<f32> wrt tensor<3xf32>
// SYNTAX: train.update @w, %{{.*}} : tensor<3xf32>
// SYNTAX: train.step @micro batch 2 {
// SYNTAX: train.step @apply batch 0 {
// SYNTAX: train.update @w, @v, %{{.*}}, %{{.*}} through "tally_rt_reduce" : tensor<3xf32>, tensor<2xf32>
// SYNTAX: train.every @average after first 1 period 2 trips 2 {
// SYNTAX: train.evaluate @evaluate batch 2 batches 3 evaluations 1 {

// The request is replaced by the gradient, which still reaches the parameter through its update.
// GRADIENT: train.step @first
// GRADIENT-NOT: train.gradient
// GRADIENT: nn.broadcast
// GRADIENT: nn.mul
// GRADIENT: %[[G:.*]] = nn.mul
// GRADIENT-NEXT: train.update @w, %[[G]]

// Reads, writes, updates and the data set stay at the tensor level.
// LOWER: train.step @first
// LOWER: train.read @w
// LOWER: train.dataset
// LOWER: train.update @w
// LOWER: train.write @w
// LOWER: train.step @apply
// LOWER: train.update @w, @v

// COUNT: @first: 20 operations
// COUNT: @micro: 3 operations
// COUNT: @apply: 10 operations
// COUNT: @average: 3 operations: add 3
train.program @main steps 5 attributes {info = {record_bytes = 4 : i64}} {
  train.parameter @w : tensor<3xf32> kind "bias" trained true = dense<1.0> : tensor<3xf32>
  train.parameter @v : tensor<2xf32> kind "bias" trained true
  train.parameter @frozen : tensor<3xf32> kind "other" trained false
  train.state @w.sum : tensor<3xf32> role optimizer
  train.state @step : tensor<index> role counter = dense<0> : tensor<index>
  train.state @w.average : tensor<3xf32> role average
  train.state @log.loss : tensor<f32> role metric
  train.table @rates = dense<[0.5, 0.25]> : tensor<2xf32>
  train.segment first 0 steps 2 @first
  train.segment first 2 steps 3 @micro times 2, @apply
  train.initialize @initialize {
    %ones = nn.constant dense<1.0> : tensor<3xf32>
    train.write @frozen, %ones : tensor<3xf32>
  }
  train.step @first batch 2 image 8 {
    %w = train.read @w : tensor<3xf32>
    %frozen = train.read @frozen : tensor<3xf32>
    %records = train.dataset : tensor<7x4xi8>
    %bytes = nn.slice %records from [0, 1] sizes [1, 3] steps [1, 1] : tensor<7x4xi8>
    %x = nn.reshape %bytes to [3] : tensor<1x3xi8>
    %values = nn.convert %x to f32 : tensor<3xi8>
    %scaled = nn.mul %w, %values : tensor<3xf32>, tensor<3xf32>
    %moved = nn.mul %scaled, %frozen : tensor<3xf32>, tensor<3xf32>
    %loss = nn.reduce_sum %moved over [0] : tensor<3xf32>
    %g = train.gradient %loss wrt %w : tensor<f32> wrt tensor<3xf32>
    %u = train.update @w, %g : tensor<3xf32>
    %new = nn.sub %w, %u : tensor<3xf32>, tensor<3xf32>
    train.write @w, %new : tensor<3xf32>
    train.write @log.loss, %loss : tensor<f32>
  } loc(fused<"forward">["step"])
  // Micro-batches add up their gradients; what follows them sees all gradients before the first parameter changes.
  train.step @micro batch 2 {
    %w = train.read @w : tensor<3xf32>
    %sum = train.read @w.sum : tensor<3xf32>
    %new = nn.add %sum, %w : tensor<3xf32>, tensor<3xf32>
    train.write @w.sum, %new : tensor<3xf32>
  } loc(fused<"forward">["step"])
  train.step @apply batch 0 {
    %w = train.read @w : tensor<3xf32>
    %v = train.read @v : tensor<2xf32>
    %dw = train.read @w.sum : tensor<3xf32>
    %negative = nn.neg %dw : tensor<3xf32>
    %dv = nn.relu %v : tensor<2xf32>
    %g:2 = train.update @w, @v, %negative, %dv through "tally_rt_reduce" : tensor<3xf32>, tensor<2xf32>
    %new_w = nn.add %w, %g#0 : tensor<3xf32>, tensor<3xf32>
    %new_v = nn.sub %v, %g#1 : tensor<2xf32>, tensor<2xf32>
    train.write @w, %new_w : tensor<3xf32>
    train.write @v, %new_v : tensor<2xf32>
  } loc(fused<"forward">["step"])
  train.every @average after first 1 period 2 trips 2 {
    %w = train.read @w : tensor<3xf32>
    %slow = train.read @w.average : tensor<3xf32>
    %sum = nn.add %slow, %w : tensor<3xf32>, tensor<3xf32>
    train.write @w.average, %sum : tensor<3xf32>
  }
  train.evaluate @evaluate batch 2 batches 3 evaluations 1 {
    %loss = train.read @log.loss : tensor<f32>
    train.write @log.loss, %loss : tensor<f32>
  }
}

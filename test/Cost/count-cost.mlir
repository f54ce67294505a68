// RUN: tally-opt %s --count-cost -o /dev/null | FileCheck %s
// RUN: tally-opt %s --simplify-graph --convert-nn-to-linalg --count-scalar-ops -o /dev/null | FileCheck %s
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s
// RUN: tally-opt %s --count-cost=format=layers -o /dev/null | FileCheck %s --check-prefix=LAYERS

// CHECK: @relu: 15 operations: maximum 15
func.func @relu(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.relu %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// A sum of K terms is K - 1; a broadcast operand does not change the price of the result's elements.
// CHECK: @sum: 29 operations: add 29
func.func @sum(%x: tensor<3x5xf32>, %b: tensor<5xf32>) -> tensor<f32> {
  %y = nn.add %x, %b : tensor<3x5xf32>, tensor<5xf32>
  %s = nn.reduce_sum %y over [0, 1] : tensor<3x5xf32>
  return %s : tensor<f32>
}

// CHECK: @partial_sum: 12 operations: add 12
func.func @partial_sum(%x: tensor<3x5xf32>) -> tensor<3xf32> {
  %s = nn.reduce_sum %x over [1] : tensor<3x5xf32>
  return %s : tensor<3xf32>
}

// What only the log reads is monitoring.
// CHECK: @step: 11 operations: add 8, maximum 3
// CHECK-NEXT: forward: 3 operations: maximum 3
// CHECK-NEXT: backward: 3 operations: add 3
// CHECK-NEXT: optimizer: 3 operations: add 3
// CHECK-NEXT: monitoring: 2 operations: add 2
// CHECK: @batch: 3 operations: add 3
// CHECK-NEXT: evaluation: 3 operations: add 3
// LAYERS: @step: 11 operations
// LAYERS-NEXT: forward: 3 operations: maximum 3
// LAYERS-NEXT: act (relu): 3 operations: maximum 3
train.program @main steps 7 {
  train.parameter @w : tensor<3xf32> kind "bias" trained true
  train.state @log.loss : tensor<f32> role metric
  train.segment first 0 steps 7 @step
  train.step @step batch 2 {
    %w = train.read @w : tensor<3xf32>
    %y = nn.relu %w : tensor<3xf32> loc("act")
    %g = nn.add %y, %w : tensor<3xf32>, tensor<3xf32> loc(fused<"backward">["act"])
    %new = nn.add %g, %w : tensor<3xf32>, tensor<3xf32> loc(fused<"optimizer">["w"])
    train.write @w, %new : tensor<3xf32>
    %loss = nn.reduce_sum %y over [0] : tensor<3xf32>
    train.write @log.loss, %loss : tensor<f32>
  } loc(fused<"forward">["step"])
  train.evaluate @batch batch 2 batches 5 evaluations 1 {
    %w = train.read @w : tensor<3xf32>
    %y = nn.add %w, %w : tensor<3xf32>, tensor<3xf32>
    train.write @w, %y : tensor<3xf32>
  }
}

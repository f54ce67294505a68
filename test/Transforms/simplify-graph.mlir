// RUN: tally-opt %s --simplify-graph --split-input-file | FileCheck %s

// CHECK-LABEL: func @plus_zero
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<3x5xf32>
// CHECK-NEXT: return %[[X]]
func.func @plus_zero(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %zero = nn.constant dense<0.0> : tensor<5xf32>
  %y = nn.add %x, %zero : tensor<3x5xf32>, tensor<5xf32>
  return %y : tensor<3x5xf32>
}

// Ones that are repeated for each sample, as those that dropout keeps in inference.
// CHECK-LABEL: func @times_repeated_ones
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<3x5xf32>
// CHECK-NEXT: return %[[X]]
func.func @times_repeated_ones(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %one = nn.constant dense<1.0> : tensor<1x1xf32>
  %ones = nn.expand_batch %one like %x : tensor<1x1xf32>, tensor<3x5xf32>
  %kept = nn.dropout %ones ratio 0.5 : tensor<3x1xf32>
  %y = nn.mul %x, %kept : tensor<3x5xf32>, tensor<3x1xf32>
  return %y : tensor<3x5xf32>
}

// A bias of zeros that is too large to be folded itself.
// CHECK-LABEL: func @plus_repeated_zeros
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<3x576x2xf32>
// CHECK-NEXT: return %[[X]]
func.func @plus_repeated_zeros(%x: tensor<3x576x2xf32>) -> tensor<3x576x2xf32> {
  %zero = nn.constant dense<0.0> : tensor<1xf32>
  %zeros = nn.broadcast %zero to [576] : tensor<1xf32>
  %bias = nn.reshape %zeros to [576, 1] : tensor<576xf32>
  %y = nn.add %x, %bias : tensor<3x576x2xf32>, tensor<576x1xf32>
  return %y : tensor<3x576x2xf32>
}

// The broadcast is what the op is for.
// CHECK-LABEL: func @broadcast_is_kept
// CHECK: nn.add
func.func @broadcast_is_kept(%x: tensor<5xf32>) -> tensor<3x5xf32> {
  %zero = nn.constant dense<0.0> : tensor<3x1xf32>
  %y = nn.add %x, %zero : tensor<5xf32>, tensor<3x1xf32>
  return %y : tensor<3x5xf32>
}

// CHECK-LABEL: func @constants
// CHECK-NEXT: %[[C:.*]] = nn.constant dense<{{\[\[}}1.100000e+01, 1.200000e+01], [2.100000e+01, 2.200000e+01]]> : tensor<2x2xf32>
// CHECK-NEXT: return %[[C]]
func.func @constants() -> tensor<2x2xf32> {
  %a = nn.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %b = nn.constant dense<[[10.0], [20.0]]> : tensor<2x1xf32>
  %c = nn.add %a, %b : tensor<2xf32>, tensor<2x1xf32>
  return %c : tensor<2x2xf32>
}

// CHECK-LABEL: func @equal_ops
// CHECK-COUNT-1: nn.relu
// CHECK-NOT: nn.relu
// CHECK: nn.add
func.func @equal_ops(%x: tensor<3xf32>) -> tensor<3xf32> {
  %a = nn.relu %x : tensor<3xf32>
  %b = nn.relu %x : tensor<3xf32>
  %c = nn.add %a, %b : tensor<3xf32>, tensor<3xf32>
  return %c : tensor<3xf32>
}

// -----

// What reaches no write is dead; constants stay inside their body.
// CHECK-LABEL: train.step @step
// CHECK-NEXT: %[[W:.*]] = train.read @w
// CHECK-NEXT: %[[Y:.*]] = nn.relu %[[W]]
// CHECK-NEXT: train.write @w, %[[Y]]
// CHECK-NEXT: }
train.program @main steps 1 {
  train.parameter @w : tensor<3xf32> kind "bias" trained true
  train.segment first 0 steps 1 @step
  train.step @step batch 2 {
    %zero = nn.constant dense<0.0> : tensor<f32>
    %w = train.read @w : tensor<3xf32>
    %same = nn.add %w, %zero : tensor<3xf32>, tensor<f32>
    %y = nn.relu %same : tensor<3xf32>
    %dead = nn.add %y, %w : tensor<3xf32>, tensor<3xf32>
    train.write @w, %y : tensor<3xf32>
  } loc(fused<"forward">["step"])
}

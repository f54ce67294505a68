// RUN: tally-opt %s --order-step | FileCheck %s

train.program @p steps 1 {
  train.state @w : tensor<4xf32> role optimizer
  train.state @x : tensor<64xf32> role optimizer

  // The update of @w waits for the other reader of its old content.
  // CHECK-LABEL: train.step @after_last_read
  // CHECK: nn.relu
  // CHECK: nn.add
  train.step @after_last_read batch 1 {
    %w = train.read @w : tensor<4xf32>
    %new = nn.add %w, %w : tensor<4xf32>, tensor<4xf32>
    %other = nn.relu %w : tensor<4xf32>
    %sum = nn.reduce_sum %other over [0] : tensor<4xf32>
    %x = train.read @x : tensor<64xf32>
    %y = nn.add %x, %sum : tensor<64xf32>, tensor<f32>
    train.write @w, %new : tensor<4xf32>
    train.write @x, %y : tensor<64xf32>
  }

  // A sum that uses up a large tensor comes before the next large tensor is made.
  // CHECK-LABEL: train.step @frees_first
  // CHECK: %[[A:.*]] = nn.relu
  // CHECK: nn.reduce_sum %[[A]]
  // CHECK: %[[B:.*]] = nn.relu
  // CHECK: nn.reduce_sum %[[B]]
  train.step @frees_first batch 1 {
    %x = train.read @x : tensor<64xf32>
    %w = train.read @w : tensor<4xf32>
    %a = nn.relu %x : tensor<64xf32>
    %b = nn.relu %x : tensor<64xf32>
    %s = nn.reduce_sum %a over [0] : tensor<64xf32>
    %t = nn.reduce_sum %b over [0] : tensor<64xf32>
    %u = nn.add %s, %t : tensor<f32>, tensor<f32>
    %new = nn.add %w, %u : tensor<4xf32>, tensor<f32>
    train.write @w, %new : tensor<4xf32>
  }

  // Where all gradients are asked for together, all are made before the first parameter changes; then each is used up at once.
  // CHECK-LABEL: train.step @all_at_hand
  // CHECK: %[[A:.*]] = nn.relu
  // CHECK: %[[B:.*]] = nn.neg
  // CHECK: %[[G:.*]]:2 = train.update @w, @x, %[[A]], %[[B]]
  // CHECK: nn.sub %{{.*}}, %[[G]]#0
  // CHECK: nn.sub %{{.*}}, %[[G]]#1
  train.step @all_at_hand batch 1 {
    %w = train.read @w : tensor<4xf32>
    %x = train.read @x : tensor<64xf32>
    %a = nn.relu %w : tensor<4xf32>
    %b = nn.neg %x : tensor<64xf32>
    %g:2 = train.update @w, @x, %a, %b : tensor<4xf32>, tensor<64xf32>
    %new_w = nn.sub %w, %g#0 : tensor<4xf32>, tensor<4xf32>
    train.write @w, %new_w : tensor<4xf32>
    %new_x = nn.sub %x, %g#1 : tensor<64xf32>, tensor<64xf32>
    train.write @x, %new_x : tensor<64xf32>
  }

  // Otherwise a parameter changes right after its gradient is made.
  // CHECK-LABEL: train.step @one_by_one
  // CHECK: nn.relu
  // CHECK: nn.sub
  // CHECK: nn.neg
  // CHECK: nn.sub
  train.step @one_by_one batch 1 {
    %w = train.read @w : tensor<4xf32>
    %x = train.read @x : tensor<64xf32>
    %a = nn.relu %w : tensor<4xf32>
    %b = nn.neg %x : tensor<64xf32>
    %ga = train.update @w, %a : tensor<4xf32>
    %gb = train.update @x, %b : tensor<64xf32>
    %new_w = nn.sub %w, %ga : tensor<4xf32>, tensor<4xf32>
    train.write @w, %new_w : tensor<4xf32>
    %new_x = nn.sub %x, %gb : tensor<64xf32>, tensor<64xf32>
    train.write @x, %new_x : tensor<64xf32>
  }
}

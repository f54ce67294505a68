// RUN: tally-opt %s --differentiate --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s

// The gradient of each op stands at the op's layer, in phase backward.
// CHECK-LABEL: func @chain
// CHECK-SAME: (%[[P:[a-z0-9]+]]: tensor<f32>
// CHECK: %[[Y:.*]] = nn.relu %[[P]] {{.*}} loc("inner")
// CHECK: %[[LOSS:.*]] = nn.relu %[[Y]] {{.*}} loc("outer")
// CHECK: %[[ONE:.*]] = nn.constant dense<1.0{{.*}}> : tensor<f32> loc(fused<"backward">["outer"])
// CHECK: %[[DY:.*]] = nn.relu_grad %[[LOSS]], %[[ONE]] {{.*}} loc(fused<"backward">["outer"])
// CHECK: %[[DP:.*]] = nn.relu_grad %[[Y]], %[[DY]] {{.*}} loc(fused<"backward">["inner"])
// CHECK: return %[[DP]]
func.func @chain(%p: tensor<f32>) -> tensor<f32> {
  %y = nn.relu %p : tensor<f32> loc("inner")
  %loss = nn.relu %y : tensor<f32> loc("outer")
  %dp = train.gradient %loss wrt %p : tensor<f32> wrt tensor<f32>
  return %dp : tensor<f32>
}

// Gradients that meet are added, in the order in which they arrive.
// CHECK-LABEL: func @accumulate
// CHECK-SAME: (%[[P:[a-z0-9]+]]: tensor<f32>
// CHECK: %[[Y:.*]] = nn.relu %[[P]]
// CHECK: %[[ONE:.*]] = nn.constant dense<1.0{{.*}}>
// CHECK: %[[A:.*]] = nn.relu_grad %[[Y]], %[[ONE]]
// CHECK: %[[SUM:.*]] = nn.add %[[ONE]], %[[A]]
// CHECK: return %[[SUM]]
func.func @accumulate(%p: tensor<f32>) -> tensor<f32> {
  %y = nn.relu %p : tensor<f32>
  %loss = nn.add %p, %y : tensor<f32>, tensor<f32>
  %dp = train.gradient %loss wrt %p : tensor<f32> wrt tensor<f32>
  return %dp : tensor<f32>
}

// Nothing is made for a value that no wanted parameter reaches.
// CHECK-LABEL: func @frozen
// CHECK-SAME: (%[[P:[a-z0-9]+]]: tensor<f32>{{.*}}, %[[FROZEN:[a-z0-9]+]]: tensor<f32>
// CHECK: %[[Y:.*]] = nn.relu %[[P]]
// CHECK: %[[ONE:.*]] = nn.constant
// CHECK: nn.relu_grad %[[Y]], %[[ONE]]
// CHECK-NOT: nn.relu_grad
// CHECK: return
func.func @frozen(%p: tensor<f32>, %frozen: tensor<f32>) -> tensor<f32> {
  %a = nn.relu %p : tensor<f32>
  %b = nn.relu %frozen : tensor<f32>
  %loss = nn.add %a, %b : tensor<f32>, tensor<f32>
  %dp = train.gradient %loss wrt %p : tensor<f32> wrt tensor<f32>
  return %dp : tensor<f32>
}

// CHECK-LABEL: func @unused_parameter
// CHECK: %[[ZERO:.*]] = nn.constant dense<0.0{{.*}}> : tensor<3xf32>
// CHECK: return %[[ZERO]]
func.func @unused_parameter(%p: tensor<3xf32>, %loss: tensor<f32>) -> tensor<3xf32> {
  %dp = train.gradient %loss wrt %p : tensor<f32> wrt tensor<3xf32>
  return %dp : tensor<3xf32>
}

// The gradient of the loss is part of the loss.
// CHECK-LABEL: func @loss_phase
// CHECK: nn.relu_grad {{.*}} loc(fused<"loss">["objective"])
func.func @loss_phase(%p: tensor<f32>) -> tensor<f32> {
  %loss = nn.relu %p : tensor<f32> loc(fused<"loss">["objective"])
  %dp = train.gradient %loss wrt %p : tensor<f32> wrt tensor<f32>
  return %dp : tensor<f32>
}

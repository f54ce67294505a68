// RUN: tally-opt %s --convert-nn-to-linalg --gather-pool-gradients | FileCheck %s

// Each tap compares the kept position with its own; the border that the pooling reads is cut off again.
// CHECK-LABEL: func @padded
// CHECK-NOT: scf.for
// CHECK: %[[POOL:.*]]:2 = linalg.generic
// CHECK: %[[SUM:.*]] = linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "reduction", "reduction", "reduction", "reduction"]} ins(%{{.*}}, %[[POOL]]#1, %{{.*}} outs(%{{.*}} : tensor<1x2x7x9xf32>)
// CHECK: %[[HIT:.*]] = arith.cmpi eq
// CHECK: %[[TERM:.*]] = arith.select %[[HIT]]
// CHECK: arith.addf %{{.*}}, %[[TERM]]
// CHECK: tensor.extract_slice %[[SUM]][0, 0, 1, 1] [1, 2, 5, 7] [1, 1, 1, 1]
func.func @padded(%x: tensor<1x2x5x7xf32>, %dy: tensor<1x2x3x4xf32>) -> (tensor<1x2x3x4xf32>, tensor<1x2x5x7xf32>) {
  %y, %position = nn.max_pool_training %x kernel [3, 3] strides [2, 2] pads [1, 1, 1, 1] : tensor<1x2x5x7xf32>
  %dx = nn.max_pool_grad %dy at %position size [5, 7] : tensor<1x2x3x4xf32>, tensor<1x2x3x4xindex>
  return %y, %dx : tensor<1x2x3x4xf32>, tensor<1x2x5x7xf32>
}

// Positions from elsewhere may be anything: the loop stays.
// CHECK-LABEL: func @unknown_positions
// CHECK: scf.for
func.func @unknown_positions(%position: tensor<1x2x3x4xindex>, %dy: tensor<1x2x3x4xf32>) -> tensor<1x2x5x7xf32> {
  %dx = nn.max_pool_grad %dy at %position size [5, 7] : tensor<1x2x3x4xf32>, tensor<1x2x3x4xindex>
  return %dx : tensor<1x2x5x7xf32>
}

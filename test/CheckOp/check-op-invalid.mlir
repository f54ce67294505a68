// RUN: not tally-check-op %s 2>&1 | FileCheck %s

// CHECK: error: check_gradient requires tensors, of f64 where they are floats, got 'tensor<5xf32>'
func.func @f32(%x: tensor<5xf32>) -> tensor<5xf32> attributes {check_gradient} {
  %y = nn.relu %x : tensor<5xf32>
  return %y : tensor<5xf32>
}

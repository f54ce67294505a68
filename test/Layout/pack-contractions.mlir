// RUN: tally-opt %s --split-input-file --convert-nn-to-linalg --pack-contractions="block=8" --canonicalize | FileCheck %s

// The weight is read along n, which lies in panels of two vectors afterwards; m and k of the other operand stay as they are.
// CHECK-DAG: #[[WEIGHT:.*]] = affine_map<(d0, d1, d2) -> (d0 * 8 + d2, d1)>
// CHECK-DAG: #[[PANEL:.*]] = affine_map<(d0, d1, d2, d3) -> (d1, d2, d3)>
// CHECK-DAG: #[[RESULT:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1 * 8 + d3)>
// CHECK-LABEL: func @transposed
// CHECK: %[[PACKED:.*]] = linalg.generic {{.*}} ins(%{{.*}} : tensor<24x40xf32>) outs(%{{.*}} : tensor<3x40x8xf32>)
// CHECK: linalg.generic {indexing_maps = [#{{.*}}, #[[PANEL]], #[[RESULT]]]{{.*}} ins(%{{.*}}, %[[PACKED]] : tensor<32x40xf32>, tensor<3x40x8xf32>) outs(%{{.*}} : tensor<32x24xf32>)
func.func @transposed(%x: tensor<32x40xf32>, %w: tensor<24x40xf32>) -> tensor<32x24xf32> {
  %z = nn.matmul %x, %w transposed : tensor<32x40xf32>, tensor<24x40xf32>
  return %z : tensor<32x24xf32>
}

// -----

// A stack of products: the batch is a dimension of the panels.
// CHECK-LABEL: func @stack
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<2x3x16x5xf32>) outs(%{{.*}} : tensor<2x3x2x5x8xf32>)
func.func @stack(%q: tensor<2x3x16x5xf32>, %k: tensor<2x3x16x5xf32>) -> tensor<2x3x16x16xf32> {
  %s = nn.matmul %q, %k transposed : tensor<2x3x16x5xf32>, tensor<2x3x16x5xf32>
  return %s : tensor<2x3x16x16xf32>
}

// -----

// Two products that read a weight in the same order share one copy.
// CHECK-LABEL: func @shared
// CHECK-COUNT-1: outs(%{{.*}} : tensor<3x40x8xf32>)
// CHECK-NOT: outs(%{{.*}} : tensor<3x40x8xf32>)
func.func @shared(%x: tensor<32x40xf32>, %y: tensor<32x40xf32>, %w: tensor<24x40xf32>) -> (tensor<32x24xf32>, tensor<32x24xf32>) {
  %a = nn.matmul %x, %w transposed : tensor<32x40xf32>, tensor<24x40xf32>
  %b = nn.matmul %y, %w transposed : tensor<32x40xf32>, tensor<24x40xf32>
  return %a, %b : tensor<32x24xf32>, tensor<32x24xf32>
}

// -----

// Few columns: the sum is taken in lanes, of operands that both end with it.
// CHECK-LABEL: func @narrow
// CHECK-COUNT-1: linalg.generic
// CHECK-NOT: linalg.generic
func.func @narrow(%x: tensor<32x40xf32>, %w: tensor<3x40xf32>) -> tensor<32x3xf32> {
  %z = nn.matmul %x, %w transposed : tensor<32x40xf32>, tensor<3x40xf32>
  return %z : tensor<32x3xf32>
}

// -----

// Each element of the weight is read three times only: a copy would not pay.
// CHECK-LABEL: func @seldom
// CHECK-COUNT-1: linalg.generic
// CHECK-NOT: linalg.generic
func.func @seldom(%x: tensor<3x40xf32>, %w: tensor<24x40xf32>) -> tensor<3x24xf32> {
  %z = nn.matmul %x, %w transposed : tensor<3x40xf32>, tensor<24x40xf32>
  return %z : tensor<3x24xf32>
}

// -----

// All tensors end with a batch loop, as the tiles of a fast convolution do: each is packed.
// CHECK-LABEL: func @batch_last
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<16x16x4xf32>) outs(%{{.*}} : tensor<2x4x16x8xf32>)
// CHECK: } -> tensor<2x16x4x8xf32>
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<2x16x4x8xf32>) outs(%{{.*}} : tensor<16x16x4xf32>)
func.func @batch_last(%u: tensor<16x16x4xf32>, %v: tensor<16x16x4xf32>, %zeros: tensor<16x16x4xf32>) -> tensor<16x16x4xf32> {
  %z = linalg.generic {indexing_maps = [affine_map<(m, n, a, k) -> (m, k, a)>, affine_map<(m, n, a, k) -> (k, n, a)>, affine_map<(m, n, a, k) -> (m, n, a)>],
                       iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%u, %v : tensor<16x16x4xf32>, tensor<16x16x4xf32>) outs(%zeros : tensor<16x16x4xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %o, %p : f32
    linalg.yield %s : f32
  } -> tensor<16x16x4xf32>
  return %z : tensor<16x16x4xf32>
}

// -----

// No contraction: one factor is the old value, or both factors are one operand.
// CHECK-LABEL: func @others
// CHECK-COUNT-2: linalg.generic
// CHECK-NOT: linalg.generic
func.func @others(%x: tensor<32x24xf32>, %zeros: tensor<32xf32>) -> (tensor<32xf32>, tensor<32xf32>) {
  %a = linalg.generic {indexing_maps = [affine_map<(m, k) -> (m, k)>, affine_map<(m, k) -> (m)>], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<32x24xf32>) outs(%zeros : tensor<32xf32>) {
  ^bb0(%e: f32, %o: f32):
    %p = arith.mulf %e, %e : f32
    %s = arith.addf %o, %p : f32
    linalg.yield %s : f32
  } -> tensor<32xf32>
  %b = linalg.generic {indexing_maps = [affine_map<(m, k) -> (m, k)>, affine_map<(m, k) -> (m)>], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<32x24xf32>) outs(%zeros : tensor<32xf32>) {
  ^bb0(%e: f32, %o: f32):
    %p = arith.mulf %e, %o : f32
    %s = arith.addf %o, %p : f32
    linalg.yield %s : f32
  } -> tensor<32xf32>
  return %a, %b : tensor<32xf32>, tensor<32xf32>
}

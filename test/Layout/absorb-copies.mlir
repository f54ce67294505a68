// RUN: tally-opt %s --absorb-copies | FileCheck %s

#id = affine_map<(k, c) -> (k, c)>
#packed = affine_map<(ko, c, ki) -> (ko, c, ki)>
#unpack = affine_map<(ko, c, ki) -> (ko * 4 + ki, c)>
#left = affine_map<(k, c) -> (k, c * 2)>
#right = affine_map<(k, c) -> (k, c * 2 + 1)>

// CHECK-DAG: #[[LEFT:.*]] = affine_map<(d0, d1, d2) -> (d0 * 4 + d2, d1 * 2)>
// CHECK-DAG: #[[RIGHT:.*]] = affine_map<(d0, d1, d2) -> (d0 * 4 + d2, d1 * 2 + 1)>
// CHECK-DAG: #[[PACKED:.*]] = affine_map<(d0, d1, d2) -> (d0, d1, d2)>

// CHECK-LABEL: func @results(
// CHECK-SAME: %[[W:[^:]*]]: tensor<8x6xf32>
// CHECK: %[[U:.*]]:2 = linalg.generic {indexing_maps = [#[[LEFT]], #[[RIGHT]], #[[PACKED]], #[[PACKED]]], {{.*}}} ins(%[[W]], %[[W]] :
// CHECK-NOT: linalg.generic
// CHECK: return %[[U]]#0, %[[U]]#1
func.func @results(%w: tensor<8x6xf32>) -> (tensor<2x3x4xf32>, tensor<2x3x4xf32>) {
  %e = tensor.empty() : tensor<8x3xf32>
  %p = tensor.empty() : tensor<2x3x4xf32>
  %u:2 = linalg.generic {indexing_maps = [#left, #right, #id, #id], iterator_types = ["parallel", "parallel"]} ins(%w, %w : tensor<8x6xf32>, tensor<8x6xf32>) outs(%e, %e : tensor<8x3xf32>, tensor<8x3xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32, %q: f32):
    %s = arith.addf %a, %b : f32
    %d = arith.subf %a, %b : f32
    linalg.yield %s, %d : f32, f32
  } -> (tensor<8x3xf32>, tensor<8x3xf32>)
  %0 = linalg.generic {indexing_maps = [#unpack, #packed], iterator_types = ["parallel", "parallel", "parallel"]} ins(%u#0 : tensor<8x3xf32>) outs(%p : tensor<2x3x4xf32>) {
  ^bb0(%a: f32, %o: f32):
    linalg.yield %a : f32
  } -> tensor<2x3x4xf32>
  %1 = linalg.generic {indexing_maps = [#unpack, #packed], iterator_types = ["parallel", "parallel", "parallel"]} ins(%u#1 : tensor<8x3xf32>) outs(%p : tensor<2x3x4xf32>) {
  ^bb0(%a: f32, %o: f32):
    linalg.yield %a : f32
  } -> tensor<2x3x4xf32>
  return %0, %1 : tensor<2x3x4xf32>, tensor<2x3x4xf32>
}

// CHECK-LABEL: func @inputs(
// CHECK-SAME: %[[A:[^:]*]]: tensor<2x3x4xf32>, %[[B:[^:]*]]: tensor<2x3x4xf32>, %[[INTO:[^:]*]]: tensor<8x6xf32>
// CHECK: %[[S:.*]] = linalg.generic {indexing_maps = [#[[PACKED]], #[[PACKED]], #[[PACKED]]], {{.*}}} ins(%[[A]], %[[B]] :
// CHECK: arith.addf
// CHECK: linalg.generic {indexing_maps = [#[[PACKED]], #[[LEFT]]], {{.*}}} ins(%[[S]] : {{.*}}) outs(%[[INTO]] :
// CHECK-NOT: linalg.generic
func.func @inputs(%a: tensor<2x3x4xf32>, %b: tensor<2x3x4xf32>, %into: tensor<8x6xf32>) -> tensor<8x6xf32> {
  %e = tensor.empty() : tensor<8x3xf32>
  %0 = linalg.generic {indexing_maps = [#packed, #unpack], iterator_types = ["parallel", "parallel", "parallel"]} ins(%a : tensor<2x3x4xf32>) outs(%e : tensor<8x3xf32>) {
  ^bb0(%x: f32, %o: f32):
    linalg.yield %x : f32
  } -> tensor<8x3xf32>
  %1 = linalg.generic {indexing_maps = [#packed, #unpack], iterator_types = ["parallel", "parallel", "parallel"]} ins(%b : tensor<2x3x4xf32>) outs(%e : tensor<8x3xf32>) {
  ^bb0(%x: f32, %o: f32):
    linalg.yield %x : f32
  } -> tensor<8x3xf32>
  %2 = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]} ins(%0, %1 : tensor<8x3xf32>, tensor<8x3xf32>) outs(%e : tensor<8x3xf32>) {
  ^bb0(%x: f32, %y: f32, %o: f32):
    %s = arith.addf %x, %y : f32
    linalg.yield %s : f32
  } -> tensor<8x3xf32>
  %3 = linalg.generic {indexing_maps = [#id, #left], iterator_types = ["parallel", "parallel"]} ins(%2 : tensor<8x3xf32>) outs(%into : tensor<8x6xf32>) {
  ^bb0(%x: f32, %o: f32):
    linalg.yield %x : f32
  } -> tensor<8x6xf32>
  return %3 : tensor<8x6xf32>
}

// A result that is read otherwise, too.
// CHECK-LABEL: func @others(
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<8x3xf32>) outs(%{{.*}} : tensor<8x3xf32>)
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<2x3x4xf32>)
func.func @others(%w: tensor<8x3xf32>) -> (tensor<2x3x4xf32>, tensor<8x3xf32>) {
  %e = tensor.empty() : tensor<8x3xf32>
  %p = tensor.empty() : tensor<2x3x4xf32>
  %u = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%w : tensor<8x3xf32>) outs(%e : tensor<8x3xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %a, %a : f32
    linalg.yield %s : f32
  } -> tensor<8x3xf32>
  %0 = linalg.generic {indexing_maps = [#unpack, #packed], iterator_types = ["parallel", "parallel", "parallel"]} ins(%u : tensor<8x3xf32>) outs(%p : tensor<2x3x4xf32>) {
  ^bb0(%a: f32, %o: f32):
    linalg.yield %a : f32
  } -> tensor<2x3x4xf32>
  return %0, %u : tensor<2x3x4xf32>, tensor<8x3xf32>
}

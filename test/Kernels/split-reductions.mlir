// RUN: tally-opt %s --set-target="target=#tally.target<threads=4,grain=1>" --split-reductions --split-input-file | FileCheck %s

#channel = affine_map<(n, c, h) -> (c)>
#all = affine_map<(n, c, h) -> (n, c, h)>

// Three parts, since four do not divide nine; the elements that are computed beside are written in their place.
// CHECK-LABEL: func @sum
// CHECK-DAG: tensor.expand_shape %{{.*}} {{\[\[}}0, 1], [2], [3]] {{.*}} : tensor<9x3x5xf32> into tensor<3x3x3x5xf32>
// CHECK-DAG: linalg.fill {{.*}} -> tensor<3x3xf32>
// CHECK: %[[P:.*]]:2 = linalg.generic {{.*}}iterator_types = ["parallel", "reduction", "parallel", "reduction"]} {{.*}} outs(%{{.*}}, %{{.*}} : tensor<3x3x3x5xf32>, tensor<3x3xf32>)
// CHECK: tensor.collapse_shape %[[P]]#0
// CHECK: linalg.generic {{.*}} ins(%[[P]]#1 : tensor<3x3xf32>) outs(%{{.*}} : tensor<3xf32>)
// CHECK: arith.addf
func.func @sum(%x: tensor<9x3x5xf32>) -> (tensor<9x3x5xf32>, tensor<3xf32>) {
  %zero = arith.constant 0.0 : f32
  %many = tensor.empty() : tensor<9x3x5xf32>
  %few = tensor.empty() : tensor<3xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%few : tensor<3xf32>) -> tensor<3xf32>
  %y, %s = linalg.generic {indexing_maps = [#all, #all, #channel], iterator_types = ["reduction", "parallel", "reduction"]}
      ins(%x : tensor<9x3x5xf32>) outs(%many, %zeros : tensor<9x3x5xf32>, tensor<3xf32>) {
  ^bb0(%in: f32, %o: f32, %old: f32):
    %e = math.exp %in : f32
    %a = arith.addf %old, %e : f32
    linalg.yield %e, %a : f32, f32
  } -> (tensor<9x3x5xf32>, tensor<3xf32>)
  return %y, %s : tensor<9x3x5xf32>, tensor<3xf32>
}

// -----

#channel = affine_map<(n, c) -> (c)>
#all = affine_map<(n, c) -> (n, c)>

// A sum that goes on from another value, and a prime number of images: whole.
// CHECK-LABEL: func @whole
// CHECK-COUNT-2: linalg.generic
// CHECK-NOT: linalg.generic
func.func @whole(%x: tensor<8x3xf32>, %z: tensor<7x3xf32>, %start: tensor<3xf32>) -> (tensor<3xf32>, tensor<3xf32>) {
  %s = linalg.generic {indexing_maps = [#all, #channel], iterator_types = ["reduction", "parallel"]}
      ins(%x : tensor<8x3xf32>) outs(%start : tensor<3xf32>) {
  ^bb0(%in: f32, %old: f32):
    %a = arith.addf %old, %in : f32
    linalg.yield %a : f32
  } -> tensor<3xf32>
  %zero = arith.constant 0.0 : f32
  %few = tensor.empty() : tensor<3xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%few : tensor<3xf32>) -> tensor<3xf32>
  %t = linalg.generic {indexing_maps = [#all, #channel], iterator_types = ["reduction", "parallel"]}
      ins(%z : tensor<7x3xf32>) outs(%zeros : tensor<3xf32>) {
  ^bb0(%in: f32, %old: f32):
    %a = arith.addf %old, %in : f32
    linalg.yield %a : f32
  } -> tensor<3xf32>
  return %s, %t : tensor<3xf32>, tensor<3xf32>
}

// -----

#channel = affine_map<(n, c) -> (c)>
#all = affine_map<(n, c) -> (n, c)>

// A sum that starts from one stays whole: each part would start from it too. A scalar operand is no tensor to cut.
// CHECK-LABEL: func @from_one
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %{{.*}} : tensor<8x3xf32>, f32)
// CHECK-NOT: linalg.generic
func.func @from_one(%x: tensor<8x3xf32>, %f: f32) -> tensor<3xf32> {
  %one = arith.constant 1.0 : f32
  %few = tensor.empty() : tensor<3xf32>
  %ones = linalg.fill ins(%one : f32) outs(%few : tensor<3xf32>) -> tensor<3xf32>
  %s = linalg.generic {indexing_maps = [#all, affine_map<(n, c) -> ()>, #channel], iterator_types = ["reduction", "parallel"]}
      ins(%x, %f : tensor<8x3xf32>, f32) outs(%ones : tensor<3xf32>) {
  ^bb0(%in: f32, %scale: f32, %old: f32):
    %p = arith.mulf %in, %scale : f32
    %a = arith.addf %old, %p : f32
    linalg.yield %a : f32
  } -> tensor<3xf32>
  return %s : tensor<3xf32>
}

// RUN: tally-opt %s --store-padded | FileCheck %s

// The image is computed inside of its border, whose two sides are written before; both convolutions' copies are one, and the sum reads the middle, with an
// operand that tells how far its loops go.
// CHECK-DAG: #[[INSIDE:.*]] = affine_map<(d0, d1) -> (d0, d1 + 1)>
// CHECK-DAG: #[[PLAIN:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG: #[[SIDES:.*]] = affine_map<(d0, d1, d2) -> (d0, d2 + d1 * 6)>
// CHECK-DAG: #[[WINDOW:.*]] = affine_map<(d0, d1, d2) -> (d0, d1 + d2)>
// CHECK-DAG: #[[SECOND:.*]] = affine_map<(d0, d1) -> (d1)>
#plain = affine_map<(n, w) -> (n, w)>
#rows = affine_map<(n, w) -> (n)>
#window = affine_map<(n, w, s) -> (n, w + s)>
#taps = affine_map<(n, w, s) -> (s)>
#out = affine_map<(n, w, s) -> (n, w)>

// CHECK-LABEL: func @image(
// CHECK-NOT: tensor.insert_slice
// CHECK: %[[ZEROS:.*]] = linalg.generic {indexing_maps = [#{{.*}}, #[[SIDES]]], {{.*}} outs(%{{.*}} : tensor<2x7xf32>)
// CHECK: %[[IMAGE:.*]] = linalg.generic {indexing_maps = [#[[PLAIN]], #[[INSIDE]]], {{.*}} ins(%{{.*}} : tensor<2x5xf32>) outs(%[[ZEROS]] : tensor<2x7xf32>)
// CHECK: linalg.generic {indexing_maps = [#[[WINDOW]], {{.*}} ins(%[[IMAGE]], %{{.*}} : tensor<2x7xf32>
// CHECK: linalg.generic {indexing_maps = [#[[WINDOW]], {{.*}} ins(%[[IMAGE]], %{{.*}} : tensor<2x7xf32>
// CHECK: linalg.generic {indexing_maps = [#[[INSIDE]], #[[SECOND]], {{.*}} ins(%[[IMAGE]], %{{.*}} : tensor<2x7xf32>, tensor<5xi8>)
func.func @image(%x: tensor<2x5xf32>, %w: tensor<3xf32>) -> (tensor<2x5xf32>, tensor<2x5xf32>, tensor<2xf32>) {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<2x5xf32>
  %y = linalg.generic {indexing_maps = [#plain, #plain], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<2x5xf32>) outs(%empty : tensor<2x5xf32>) {
  ^bb0(%a: f32, %old: f32):
    %b = arith.maximumf %a, %zero : f32
    linalg.yield %b : f32
  } -> tensor<2x5xf32>
  %wide = tensor.empty() : tensor<2x7xf32>
  %zeros0 = linalg.fill ins(%zero : f32) outs(%wide : tensor<2x7xf32>) -> tensor<2x7xf32>
  %padded0 = tensor.insert_slice %y into %zeros0[0, 1] [2, 5] [1, 1] : tensor<2x5xf32> into tensor<2x7xf32>
  %start = linalg.fill ins(%zero : f32) outs(%empty : tensor<2x5xf32>) -> tensor<2x5xf32>
  %c0 = linalg.generic {indexing_maps = [#window, #taps, #out], iterator_types = ["parallel", "parallel", "reduction"]} ins(%padded0, %w : tensor<2x7xf32>, tensor<3xf32>) outs(%start : tensor<2x5xf32>) {
  ^bb0(%a: f32, %b: f32, %old: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %old, %p : f32
    linalg.yield %s : f32
  } -> tensor<2x5xf32>
  %zeros1 = linalg.fill ins(%zero : f32) outs(%wide : tensor<2x7xf32>) -> tensor<2x7xf32>
  %padded1 = tensor.insert_slice %y into %zeros1[0, 1] [2, 5] [1, 1] : tensor<2x5xf32> into tensor<2x7xf32>
  %c1 = linalg.generic {indexing_maps = [#window, #taps, #out], iterator_types = ["parallel", "parallel", "reduction"]} ins(%padded1, %w : tensor<2x7xf32>, tensor<3xf32>) outs(%start : tensor<2x5xf32>) {
  ^bb0(%a: f32, %b: f32, %old: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %old, %p : f32
    linalg.yield %s : f32
  } -> tensor<2x5xf32>
  %none = tensor.empty() : tensor<2xf32>
  %row = linalg.fill ins(%zero : f32) outs(%none : tensor<2xf32>) -> tensor<2xf32>
  %sum = linalg.generic {indexing_maps = [#plain, #rows], iterator_types = ["parallel", "reduction"]} ins(%y : tensor<2x5xf32>) outs(%row : tensor<2xf32>) {
  ^bb0(%a: f32, %old: f32):
    %s = arith.addf %old, %a : f32
    linalg.yield %s : f32
  } -> tensor<2xf32>
  return %c0, %c1, %sum : tensor<2x5xf32>, tensor<2x5xf32>, tensor<2xf32>
}

// What leaves the function, has two different borders or one behind alone, or is an argument, keeps its copies.
// CHECK-LABEL: func @returned(
// CHECK: tensor.insert_slice
func.func @returned(%x: tensor<2x5xf32>) -> (tensor<2x5xf32>, tensor<2x7xf32>) {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<2x5xf32>
  %y = linalg.generic {indexing_maps = [#plain, #plain], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<2x5xf32>) outs(%empty : tensor<2x5xf32>) {
  ^bb0(%a: f32, %old: f32):
    %b = arith.negf %a : f32
    linalg.yield %b : f32
  } -> tensor<2x5xf32>
  %wide = tensor.empty() : tensor<2x7xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%wide : tensor<2x7xf32>) -> tensor<2x7xf32>
  %padded = tensor.insert_slice %y into %zeros[0, 1] [2, 5] [1, 1] : tensor<2x5xf32> into tensor<2x7xf32>
  return %y, %padded : tensor<2x5xf32>, tensor<2x7xf32>
}

// CHECK-LABEL: func @two_borders(
// CHECK-COUNT-2: tensor.insert_slice
func.func @two_borders(%x: tensor<2x5xf32>) -> (tensor<2x7xf32>, tensor<2x7xf32>) {
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %empty = tensor.empty() : tensor<2x5xf32>
  %y = linalg.generic {indexing_maps = [#plain, #plain], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<2x5xf32>) outs(%empty : tensor<2x5xf32>) {
  ^bb0(%a: f32, %old: f32):
    %b = arith.negf %a : f32
    linalg.yield %b : f32
  } -> tensor<2x5xf32>
  %wide = tensor.empty() : tensor<2x7xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%wide : tensor<2x7xf32>) -> tensor<2x7xf32>
  %padded0 = tensor.insert_slice %y into %zeros[0, 1] [2, 5] [1, 1] : tensor<2x5xf32> into tensor<2x7xf32>
  %ones = linalg.fill ins(%one : f32) outs(%wide : tensor<2x7xf32>) -> tensor<2x7xf32>
  %padded1 = tensor.insert_slice %y into %ones[0, 1] [2, 5] [1, 1] : tensor<2x5xf32> into tensor<2x7xf32>
  return %padded0, %padded1 : tensor<2x7xf32>, tensor<2x7xf32>
}

// CHECK-LABEL: func @argument(
// CHECK: tensor.insert_slice
func.func @argument(%x: tensor<2x5xf32>) -> tensor<2x7xf32> {
  %zero = arith.constant 0.0 : f32
  %wide = tensor.empty() : tensor<2x7xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%wide : tensor<2x7xf32>) -> tensor<2x7xf32>
  %padded = tensor.insert_slice %x into %zeros[0, 1] [2, 5] [1, 1] : tensor<2x5xf32> into tensor<2x7xf32>
  return %padded : tensor<2x7xf32>
}

// CHECK-LABEL: func @behind_only(
// CHECK: tensor.insert_slice
func.func @behind_only(%x: tensor<2x5xf32>) -> tensor<2x7xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<2x5xf32>
  %y = linalg.generic {indexing_maps = [#plain, #plain], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<2x5xf32>) outs(%empty : tensor<2x5xf32>) {
  ^bb0(%a: f32, %old: f32):
    %b = arith.negf %a : f32
    linalg.yield %b : f32
  } -> tensor<2x5xf32>
  %wide = tensor.empty() : tensor<2x7xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%wide : tensor<2x7xf32>) -> tensor<2x7xf32>
  %padded = tensor.insert_slice %y into %zeros[0, 0] [2, 5] [1, 1] : tensor<2x5xf32> into tensor<2x7xf32>
  return %padded : tensor<2x7xf32>
}

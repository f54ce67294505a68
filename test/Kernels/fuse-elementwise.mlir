// RUN: tally-opt %s --fuse-elementwise --split-input-file | FileCheck %s

#channel = affine_map<(n, c, h) -> (c)>
#all = affine_map<(n, c, h) -> (n, c, h)>

// What is read again later stays a result; both are computed in one pass.
// CHECK-LABEL: func @chain
// CHECK: %[[R:.*]]:2 = linalg.generic {{.*}} ins(%{{.*}}, %{{.*}} : tensor<2x3x5xf32>, tensor<3xf32>) outs(%{{.*}}, %{{.*}} : tensor<2x3x5xf32>, tensor<2x3x5xf32>)
// CHECK: %[[SUM:.*]] = arith.addf
// CHECK: %[[EXP:.*]] = math.exp %[[SUM]]
// CHECK: linalg.yield %[[SUM]], %[[EXP]]
// CHECK-NOT: linalg.generic
// CHECK: return %[[R]]#0, %[[R]]#1
func.func @chain(%x: tensor<2x3x5xf32>, %b: tensor<3xf32>) -> (tensor<2x3x5xf32>, tensor<2x3x5xf32>) {
  %empty = tensor.empty() : tensor<2x3x5xf32>
  %y = linalg.generic {indexing_maps = [#all, #channel, #all], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%x, %b : tensor<2x3x5xf32>, tensor<3xf32>) outs(%empty : tensor<2x3x5xf32>) {
  ^bb0(%in: f32, %shift: f32, %o: f32):
    %s = arith.addf %in, %shift : f32
    linalg.yield %s : f32
  } -> tensor<2x3x5xf32>
  %z = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%y : tensor<2x3x5xf32>) outs(%empty : tensor<2x3x5xf32>) {
  ^bb0(%in: f32, %o: f32):
    %e = math.exp %in : f32
    linalg.yield %e : f32
  } -> tensor<2x3x5xf32>
  return %y, %z : tensor<2x3x5xf32>, tensor<2x3x5xf32>
}

// -----

#channel = affine_map<(n, c, h) -> (c)>
#all = affine_map<(n, c, h) -> (n, c, h)>

// A value that only the second op read is not stored; a sum joins the op that computes its terms, and another sum of the same tensor.
// CHECK-LABEL: func @sums
// CHECK: %[[R:.*]]:2 = linalg.generic {{.*}}iterator_types = ["reduction", "parallel", "reduction"]} ins(%{{.*}} : tensor<2x3x5xf32>) outs(%{{.*}}, %{{.*}} : tensor<3xf32>, tensor<3xf32>)
// CHECK: math.exp
// CHECK: arith.addf
// CHECK: arith.addf
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @sums(%x: tensor<2x3x5xf32>) -> (tensor<3xf32>, tensor<3xf32>) {
  %empty = tensor.empty() : tensor<2x3x5xf32>
  %zero = arith.constant 0.0 : f32
  %few = tensor.empty() : tensor<3xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%few : tensor<3xf32>) -> tensor<3xf32>
  %y = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%x : tensor<2x3x5xf32>) outs(%empty : tensor<2x3x5xf32>) {
  ^bb0(%in: f32, %o: f32):
    %e = math.exp %in : f32
    linalg.yield %e : f32
  } -> tensor<2x3x5xf32>
  %s = linalg.generic {indexing_maps = [#all, #channel], iterator_types = ["reduction", "parallel", "reduction"]}
      ins(%y : tensor<2x3x5xf32>) outs(%zeros : tensor<3xf32>) {
  ^bb0(%in: f32, %o: f32):
    %a = arith.addf %o, %in : f32
    linalg.yield %a : f32
  } -> tensor<3xf32>
  %t = linalg.generic {indexing_maps = [#all, #channel], iterator_types = ["reduction", "parallel", "reduction"]}
      ins(%x : tensor<2x3x5xf32>) outs(%zeros : tensor<3xf32>) {
  ^bb0(%in: f32, %o: f32):
    %a = arith.addf %o, %in : f32
    linalg.yield %a : f32
  } -> tensor<3xf32>
  return %s, %t : tensor<3xf32>, tensor<3xf32>
}

// -----

#channel = affine_map<(n, c, h) -> (c)>
#all = affine_map<(n, c, h) -> (n, c, h)>

// The second op needs the finished sum: two passes.
// CHECK-LABEL: func @needs_the_sum
// CHECK-COUNT-2: linalg.generic
func.func @needs_the_sum(%x: tensor<2x3x5xf32>) -> tensor<2x3x5xf32> {
  %empty = tensor.empty() : tensor<2x3x5xf32>
  %zero = arith.constant 0.0 : f32
  %few = tensor.empty() : tensor<3xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%few : tensor<3xf32>) -> tensor<3xf32>
  %s = linalg.generic {indexing_maps = [#all, #channel], iterator_types = ["reduction", "parallel", "reduction"]}
      ins(%x : tensor<2x3x5xf32>) outs(%zeros : tensor<3xf32>) {
  ^bb0(%in: f32, %o: f32):
    %a = arith.addf %o, %in : f32
    linalg.yield %a : f32
  } -> tensor<3xf32>
  %y = linalg.generic {indexing_maps = [#all, #channel, #all], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%x, %s : tensor<2x3x5xf32>, tensor<3xf32>) outs(%empty : tensor<2x3x5xf32>) {
  ^bb0(%in: f32, %sum: f32, %o: f32):
    %d = arith.subf %in, %sum : f32
    linalg.yield %d : f32
  } -> tensor<2x3x5xf32>
  return %y : tensor<2x3x5xf32>
}

// -----

#all = affine_map<(i, j) -> (i, j)>
#turned = affine_map<(i, j) -> (j, i)>

// Other loops, and an element that is computed elsewhere: left alone.
// CHECK-LABEL: func @transposed
// CHECK-COUNT-2: linalg.generic
func.func @transposed(%x: tensor<5x5xf32>) -> tensor<5x5xf32> {
  %empty = tensor.empty() : tensor<5x5xf32>
  %y = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<5x5xf32>) outs(%empty : tensor<5x5xf32>) {
  ^bb0(%in: f32, %o: f32):
    %e = math.exp %in : f32
    linalg.yield %e : f32
  } -> tensor<5x5xf32>
  %z = linalg.generic {indexing_maps = [#turned, #all], iterator_types = ["parallel", "parallel"]}
      ins(%y : tensor<5x5xf32>) outs(%empty : tensor<5x5xf32>) {
  ^bb0(%in: f32, %o: f32):
    %e = math.exp %in : f32
    linalg.yield %e : f32
  } -> tensor<5x5xf32>
  return %z : tensor<5x5xf32>
}

// -----

#blocked = affine_map<(n, co, h, ci) -> (n, co, h, ci)>
#channel = affine_map<(n, co, h, ci) -> (co * 4 + ci)>

// Channels of a blocked image are read where they lie; that does not keep the passes apart.
// CHECK-LABEL: func @blocked
// CHECK: linalg.generic
// CHECK: arith.addf
// CHECK: math.exp
// CHECK-NOT: linalg.generic
func.func @blocked(%x: tensor<2x2x5x4xf32>, %b: tensor<8xf32>) -> tensor<2x2x5x4xf32> {
  %empty = tensor.empty() : tensor<2x2x5x4xf32>
  %y = linalg.generic {indexing_maps = [#blocked, #channel, #blocked], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%x, %b : tensor<2x2x5x4xf32>, tensor<8xf32>) outs(%empty : tensor<2x2x5x4xf32>) {
  ^bb0(%in: f32, %shift: f32, %o: f32):
    %s = arith.addf %in, %shift : f32
    linalg.yield %s : f32
  } -> tensor<2x2x5x4xf32>
  %z = linalg.generic {indexing_maps = [#blocked, #blocked], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%y : tensor<2x2x5x4xf32>) outs(%empty : tensor<2x2x5x4xf32>) {
  ^bb0(%in: f32, %o: f32):
    %e = math.exp %in : f32
    linalg.yield %e : f32
  } -> tensor<2x2x5x4xf32>
  return %z : tensor<2x2x5x4xf32>
}

// -----

#row = affine_map<(i) -> (i)>

// A gradient goes straight into its optimizer, but nothing is joined across the place where several gradients are at hand.
// CHECK-LABEL: train.step @alone
// CHECK: linalg.generic
// CHECK-NOT: train.update
// CHECK-NOT: linalg.generic
// CHECK: train.step @together
// CHECK: linalg.generic
// CHECK: train.update @w, @v
// CHECK: linalg.generic
train.program @p steps 1 {
  train.parameter @w : tensor<4xf32> kind "bias" trained true
  train.parameter @v : tensor<4xf32> kind "bias" trained true
  train.step @alone batch 1 {
    %w = train.read @w : tensor<4xf32>
    %empty = tensor.empty() : tensor<4xf32>
    %g = linalg.generic {indexing_maps = [#row, #row], iterator_types = ["parallel"]} ins(%w : tensor<4xf32>) outs(%empty : tensor<4xf32>) {
    ^bb0(%in: f32, %o: f32):
      %e = math.exp %in : f32
      linalg.yield %e : f32
    } -> tensor<4xf32>
    %u = train.update @w, %g : tensor<4xf32>
    %n = linalg.generic {indexing_maps = [#row, #row, #row], iterator_types = ["parallel"]} ins(%w, %u : tensor<4xf32>, tensor<4xf32>) outs(%empty : tensor<4xf32>) {
    ^bb0(%in: f32, %d: f32, %o: f32):
      %e = arith.subf %in, %d : f32
      linalg.yield %e : f32
    } -> tensor<4xf32>
    train.write @w, %n : tensor<4xf32>
  }
  train.step @together batch 1 {
    %w = train.read @w : tensor<4xf32>
    %empty = tensor.empty() : tensor<4xf32>
    %g = linalg.generic {indexing_maps = [#row, #row], iterator_types = ["parallel"]} ins(%w : tensor<4xf32>) outs(%empty : tensor<4xf32>) {
    ^bb0(%in: f32, %o: f32):
      %e = math.exp %in : f32
      linalg.yield %e : f32
    } -> tensor<4xf32>
    %v = train.read @v : tensor<4xf32>
    %u:2 = train.update @w, @v, %g, %v : tensor<4xf32>, tensor<4xf32>
    %n = linalg.generic {indexing_maps = [#row, #row, #row], iterator_types = ["parallel"]} ins(%w, %u#0 : tensor<4xf32>, tensor<4xf32>) outs(%empty : tensor<4xf32>) {
    ^bb0(%in: f32, %d: f32, %o: f32):
      %e = arith.subf %in, %d : f32
      linalg.yield %e : f32
    } -> tensor<4xf32>
    train.write @w, %n : tensor<4xf32>
  }
}

// -----

#all = affine_map<(i) -> (i)>

// What is charged to two phases stays apart.
// CHECK-LABEL: func @phases
// CHECK-COUNT-2: linalg.generic
func.func @phases(%x: tensor<8xf32>) -> tensor<8xf32> {
  %empty = tensor.empty() : tensor<8xf32>
  %y = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel"]} ins(%x : tensor<8xf32>) outs(%empty : tensor<8xf32>) {
  ^bb0(%in: f32, %o: f32):
    %e = math.exp %in : f32
    linalg.yield %e : f32
  } -> tensor<8xf32> loc(#backward)
  %z = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel"]} ins(%y : tensor<8xf32>) outs(%empty : tensor<8xf32>) {
  ^bb0(%in: f32, %o: f32):
    %e = math.exp %in : f32
    linalg.yield %e : f32
  } -> tensor<8xf32> loc(#optimizer)
  return %z : tensor<8xf32>
}
#backward = loc(fused<"backward">["w"])
#optimizer = loc(fused<"optimizer">["w"])

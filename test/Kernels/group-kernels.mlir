// RUN: tally-opt %s --form-kernels --group-kernels=max-iterations=100 --check-level=kernels --split-input-file | FileCheck %s

// Two updates and what they need nothing of become one call; a scalar that both read is one argument.
// CHECK-LABEL: train.step @updates
// CHECK-DAG: %[[V:.*]] = train.read @v
// CHECK-DAG: %[[W:.*]] = train.read @w
// CHECK-DAG: %[[LR:.*]] = train.read @lr
// CHECK: %[[NEW:.*]]:2 = func.call @tally.optimizer.group.0(%[[V]], %[[LR]], %[[W]], %{{.*}}, %{{.*}}) : (tensor<8xf32>, tensor<f32>, tensor<5xf32>, tensor<8xf32>, tensor<5xf32>)
// CHECK-NOT: func.call
// CHECK-DAG: train.write @v, %[[NEW]]#0
// CHECK-DAG: train.write @w, %[[NEW]]#1
// CHECK: func private @tally.optimizer.group.0(%{{.*}}: tensor<8xf32> {bufferization.writable = false}, {{.*}}, %{{.*}}: tensor<8xf32> {bufferization.writable = true}, %{{.*}}: tensor<5xf32> {bufferization.writable = true})
// CHECK-SAME: attributes {tally.kernel}
// CHECK-COUNT-2: linalg.generic
// CHECK-NOT: func private
#map = affine_map<(i) -> (i)>
#one = affine_map<(i) -> ()>
train.program @p steps 1 {
  train.state @v : tensor<8xf32> role optimizer
  train.state @w : tensor<5xf32> role optimizer
  train.state @lr : tensor<f32> role optimizer
  train.step @updates batch 1 {
    %v = train.read @v : tensor<8xf32>
    %w = train.read @w : tensor<5xf32>
    %lr = train.read @lr : tensor<f32>
    %e8 = tensor.empty() : tensor<8xf32>
    %e5 = tensor.empty() : tensor<5xf32>
    %a = linalg.generic {indexing_maps = [#map, #one, #map], iterator_types = ["parallel"]} ins(%v, %lr : tensor<8xf32>, tensor<f32>) outs(%e8 : tensor<8xf32>) {
    ^bb0(%x: f32, %y: f32, %o: f32):
      %s = arith.mulf %x, %y : f32
      linalg.yield %s : f32
    } -> tensor<8xf32> loc(#v)
    train.write @v, %a : tensor<8xf32>
    %b = linalg.generic {indexing_maps = [#map, #one, #map], iterator_types = ["parallel"]} ins(%w, %lr : tensor<5xf32>, tensor<f32>) outs(%e5 : tensor<5xf32>) {
    ^bb0(%x: f32, %y: f32, %o: f32):
      %s = arith.mulf %x, %y : f32
      linalg.yield %s : f32
    } -> tensor<5xf32> loc(#w)
    train.write @w, %b : tensor<5xf32>
  }
}
#v = loc(fused<"optimizer">["v"])
#w = loc(fused<"optimizer">["w"])

// -----

// Left alone: what needs the other (also through a large kernel), another phase, and what is large.
// CHECK-LABEL: train.step @alone
// CHECK-COUNT-5: func.call @tally.{{(forward|backward)}}.{{[a-z]*}}.0
// CHECK-NOT: group
#map = affine_map<(i) -> (i)>
train.program @p steps 1 {
  train.state @x : tensor<8xf32> role optimizer
  train.state @y : tensor<200xf32> role optimizer
  train.state @z : tensor<8xf32> role optimizer
  train.step @alone batch 1 {
    %x = train.read @x : tensor<8xf32>
    %y = train.read @y : tensor<200xf32>
    %e8 = tensor.empty() : tensor<8xf32>
    %e200 = tensor.empty() : tensor<200xf32>
    %small = linalg.exp ins(%x : tensor<8xf32>) outs(%e8 : tensor<8xf32>) -> tensor<8xf32> loc(#small)
    %large = linalg.generic {indexing_maps = [affine_map<(i) -> (i mod 8)>, #map], iterator_types = ["parallel"]} ins(%small : tensor<8xf32>) outs(%e200 : tensor<200xf32>) {
    ^bb0(%a: f32, %o: f32):
      linalg.yield %a : f32
    } -> tensor<200xf32> loc(#large)
    %next = linalg.generic {indexing_maps = [affine_map<(i) -> (i * 3)>, #map], iterator_types = ["parallel"]} ins(%large : tensor<200xf32>) outs(%e8 : tensor<8xf32>) {
    ^bb0(%a: f32, %o: f32):
      linalg.yield %a : f32
    } -> tensor<8xf32> loc(#next)
    %other = linalg.exp ins(%x : tensor<8xf32>) outs(%e8 : tensor<8xf32>) -> tensor<8xf32> loc(#other)
    %wide = linalg.exp ins(%y : tensor<200xf32>) outs(%e200 : tensor<200xf32>) -> tensor<200xf32> loc(#wide)
    train.write @x, %next : tensor<8xf32>
    train.write @y, %wide : tensor<200xf32>
    train.write @z, %other : tensor<8xf32>
  }
}
#small = loc(fused<"forward">["small"])
#large = loc(fused<"forward">["large"])
#next = loc(fused<"forward">["next"])
#other = loc(fused<"backward">["other"])
#wide = loc(fused<"forward">["wide"])

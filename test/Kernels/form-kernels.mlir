// RUN: tally-opt %s --pass-pipeline="builtin.module(builtin.module(form-kernels,check-level{kernels=true}))" --mlir-disable-threading | FileCheck %s

// Kernels are numbered in each module anew.
// CHECK-LABEL: module @first
// CHECK: call @tally.forward._.0(
// CHECK: func private @tally.forward._.0(%{{.*}}: tensor<4xf32> {bufferization.writable = false}, %{{.*}}: tensor<4xf32> {bufferization.writable = true}) -> tensor<4xf32>
module @first {
  train.program @p steps 1 {
    train.state @a : tensor<4xf32> role optimizer
    train.step @step batch 1 {
      %a = train.read @a : tensor<4xf32>
      %empty = tensor.empty() : tensor<4xf32>
      %b = linalg.exp ins(%a : tensor<4xf32>) outs(%empty : tensor<4xf32>) -> tensor<4xf32>
      train.write @a, %b : tensor<4xf32>
    }
  }
}

// The pieces of one tensor are kernels that write it one after the other; what the first starts from is part of it.
// CHECK-LABEL: module @second
// CHECK: %[[X:.*]] = train.read
// CHECK: %[[EMPTY:.*]] = tensor.empty
// CHECK: %[[ONE:.*]] = func.call @tally.forward._.0(%[[X]], %[[EMPTY]])
// CHECK: %[[TWO:.*]] = func.call @tally.forward._.1(%[[X]], %[[ONE]])
// CHECK: %[[SUM:.*]] = func.call @tally.forward._.2(%[[X]], %[[TWO]])
// CHECK: train.write @y, %[[SUM]]
// CHECK: func private @tally.forward._.0
// CHECK: linalg.fill
// CHECK: tensor.insert_slice
// CHECK-NOT: tensor.insert_slice
// CHECK: func private @tally.forward._.1(%[[PIECE:.*]]: tensor<4xf32> {{.*}}, %[[WHOLE:.*]]: tensor<12xf32> {{.*}})
// CHECK-NEXT: tensor.insert_slice %[[PIECE]] into %[[WHOLE]]
// CHECK: func private @tally.forward._.2(
// CHECK-NEXT: linalg.generic
module @second {
  train.program @p steps 1 {
    train.state @x : tensor<4xf32> role optimizer
    train.state @y : tensor<12xf32> role optimizer
    train.step @step batch 1 {
      %x = train.read @x : tensor<4xf32>
      %zero = arith.constant 0.0 : f32
      %empty = tensor.empty() : tensor<12xf32>
      %zeros = linalg.fill ins(%zero : f32) outs(%empty : tensor<12xf32>) -> tensor<12xf32>
      %one = tensor.insert_slice %x into %zeros[0] [4] [1] : tensor<4xf32> into tensor<12xf32>
      %two = tensor.insert_slice %x into %one[4] [4] [1] : tensor<4xf32> into tensor<12xf32>
      %sum = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i + 8)>], iterator_types = ["parallel"]}
          ins(%x : tensor<4xf32>) outs(%two : tensor<12xf32>) {
      ^bb0(%in: f32, %old: f32):
        %s = arith.addf %old, %in : f32
        linalg.yield %s : f32
      } -> tensor<12xf32>
      train.write @y, %sum : tensor<12xf32>
    }
  }
}

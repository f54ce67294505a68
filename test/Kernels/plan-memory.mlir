// RUN: tally-opt %s --convert-nn-to-linalg --form-kernels --plan-memory --split-input-file | FileCheck %s

// Two variables change places: both old contents are staged before either is overwritten.
// CHECK-LABEL: func.func @swap
// CHECK-DAG: %[[A:.*]] = arith.constant 0 : index
// CHECK-DAG: %[[B:.*]] = arith.constant 64 : index
// CHECK-DAG: %[[S:.*]] = arith.constant 128 : index
// CHECK-DAG: %[[T:.*]] = arith.constant 192 : index
// CHECK: %[[OLDB:.*]] = memref.view %arg0[%[[B]]]
// CHECK: %[[STAGEDB:.*]] = memref.view %arg0[%[[S]]]
// CHECK: memref.copy %[[OLDB]], %[[STAGEDB]]
// CHECK: %[[OLDA:.*]] = memref.view %arg0[%[[A]]]
// CHECK: %[[STAGEDA:.*]] = memref.view %arg0[%[[T]]]
// CHECK: memref.copy %[[OLDA]], %[[STAGEDA]]
// CHECK: %[[NEWA:.*]] = memref.view %arg0[%[[A]]]
// CHECK: memref.copy %[[STAGEDB]], %[[NEWA]]
// CHECK: %[[NEWB:.*]] = memref.view %arg0[%[[B]]]
// CHECK: memref.copy %[[STAGEDA]], %[[NEWB]]
train.program @p steps 1 {
  train.state @a : tensor<2xf32> role optimizer
  train.state @b : tensor<2xf32> role optimizer
  train.step @swap batch 1 {
    %a = train.read @a : tensor<2xf32>
    %b = train.read @b : tensor<2xf32>
    train.write @a, %b : tensor<2xf32>
    train.write @b, %a : tensor<2xf32>
  }
}

// -----

// Lookahead: slow = slow + fast, fast = slow: one addition in place, one copy.
// CHECK-LABEL: func.func @lookahead
// CHECK-DAG: %[[SLOW:.*]] = arith.constant 0 : index
// CHECK-DAG: %[[FAST:.*]] = arith.constant 64 : index
// CHECK: %[[X:.*]] = memref.view %arg0[%[[SLOW]]]
// CHECK: %[[Y:.*]] = memref.view %arg0[%[[FAST]]]
// CHECK: %[[Z:.*]] = memref.view %arg0[%[[SLOW]]]
// CHECK: call @{{.*}}(%[[X]], %[[Y]], %[[Z]])
// CHECK: %[[FROM:.*]] = memref.view %arg0[%[[SLOW]]]
// CHECK: %[[TO:.*]] = memref.view %arg0[%[[FAST]]]
// CHECK: memref.copy %[[FROM]], %[[TO]]
// CHECK-NOT: memref.copy
train.program @p steps 1 {
  train.state @slow : tensor<2xf32> role average
  train.state @fast : tensor<2xf32> role average
  train.step @lookahead batch 1 {
    %slow = train.read @slow : tensor<2xf32>
    %fast = train.read @fast : tensor<2xf32>
    %new = nn.add %slow, %fast : tensor<2xf32>, tensor<2xf32>
    train.write @slow, %new : tensor<2xf32>
    train.write @fast, %new : tensor<2xf32>
  }
}

// -----

// The old content is needed later: the sum waits in a temporary.
// CHECK-LABEL: func.func @late
// CHECK-DAG: %[[A:.*]] = arith.constant 0 : index
// CHECK-DAG: %[[T:.*]] = arith.constant 128 : index
// CHECK: %[[SUM:.*]] = memref.view %arg0[%[[T]]]
// CHECK: call @{{.*}}(%{{.*}}, %{{.*}}, %[[SUM]])
// CHECK: call
// CHECK: %[[FROM:.*]] = memref.view %arg0[%[[T]]]
// CHECK: %[[TO:.*]] = memref.view %arg0[%[[A]]]
// CHECK: memref.copy %[[FROM]], %[[TO]]
train.program @p steps 1 {
  train.state @a : tensor<2xf32> role optimizer
  train.state @b : tensor<2xf32> role optimizer
  train.step @late batch 1 {
    %a = train.read @a : tensor<2xf32>
    %b = train.read @b : tensor<2xf32>
    %sum = nn.add %a, %b : tensor<2xf32>, tensor<2xf32>
    %r = nn.relu %a : tensor<2xf32>
    train.write @a, %sum : tensor<2xf32>
    train.write @b, %r : tensor<2xf32>
  }
}

// -----

// m = m + transpose m reads elements that are already written: not in place.
// CHECK-LABEL: func.func @transpose
// CHECK-DAG: %[[M:.*]] = arith.constant 0 : index
// CHECK-DAG: %[[T:.*]] = arith.constant 64 : index
// CHECK: %[[OLD:.*]] = memref.view %arg0[%[[M]]]
// CHECK: %[[NEW:.*]] = memref.view %arg0[%[[T]]]
// CHECK: call @{{.*}}(%[[OLD]], %[[NEW]])
// CHECK: %[[FROM:.*]] = memref.view %arg0[%[[T]]]
// CHECK: %[[TO:.*]] = memref.view %arg0[%[[M]]]
// CHECK: memref.copy %[[FROM]], %[[TO]]
train.program @p steps 1 {
  train.state @m : tensor<2x2xf32> role optimizer
  train.step @transpose batch 1 {
    %m = train.read @m : tensor<2x2xf32>
    %empty = tensor.empty() : tensor<2x2xf32>
    %n = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i, j)>],
                         iterator_types = ["parallel", "parallel"]}
        ins(%m, %m : tensor<2x2xf32>, tensor<2x2xf32>) outs(%empty : tensor<2x2xf32>) {
    ^bb0(%x: f32, %y: f32, %old: f32):
      %sum = arith.addf %x, %y : f32
      linalg.yield %sum : f32
    } -> tensor<2x2xf32>
    train.write @m, %n : tensor<2x2xf32>
  }
}

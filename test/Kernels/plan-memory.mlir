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

// -----

// An update is a place: the optimizer reads the gradient where it was made. With a function of the runtime that is called in between.
// CHECK: func.func private @tally_rt_reduce(index, index)
// CHECK-LABEL: func.func @exchange(
// CHECK-SAME: %arg0: memref<320xi8> {tally.space = 0 : i64}
// CHECK-DAG: %[[A:.*]] = arith.constant 192 : index
// CHECK-DAG: %[[B:.*]] = arith.constant 256 : index
// CHECK-DAG: %[[BYTES:.*]] = arith.constant 8 : index
// CHECK: memref.view %arg0[%[[A]]]
// CHECK: call @tally.backward.a
// CHECK: memref.view %arg0[%[[B]]]
// CHECK: call @tally.backward.b
// CHECK: %[[VA:.*]] = memref.view %arg0[%[[A]]]
// CHECK: %[[PA:.*]] = memref.extract_aligned_pointer_as_index %[[VA]]
// CHECK: call @tally_rt_reduce(%[[PA]], %[[BYTES]])
// CHECK: %[[VB:.*]] = memref.view %arg0[%[[B]]]
// CHECK: %[[PB:.*]] = memref.extract_aligned_pointer_as_index %[[VB]]
// CHECK: call @tally_rt_reduce(%[[PB]], %[[BYTES]])
// CHECK: call @tally.optimizer
// CHECK: call @tally.optimizer
train.program @p steps 1 {
  train.parameter @a : tensor<2xf32> kind "bias" trained true
  train.parameter @b : tensor<2xf32> kind "bias" trained true
  train.state @c : tensor<2xf32> role optimizer
  train.step @exchange batch 1 {
    %a = train.read @a : tensor<2xf32>
    %b = train.read @b : tensor<2xf32>
    %c = train.read @c : tensor<2xf32>
    %da = nn.relu %c : tensor<2xf32> loc(#backward_a)
    %db = nn.neg %c : tensor<2xf32> loc(#backward_b)
    %g:2 = train.update @a, @b, %da, %db through "tally_rt_reduce" : tensor<2xf32>, tensor<2xf32>
    %na = nn.sub %a, %g#0 : tensor<2xf32>, tensor<2xf32> loc(#optimizer)
    %nb = nn.sub %b, %g#1 : tensor<2xf32>, tensor<2xf32> loc(#optimizer)
    train.write @a, %na : tensor<2xf32>
    train.write @b, %nb : tensor<2xf32>
  }
}
#backward_a = loc(fused<"backward">["a"])
#backward_b = loc(fused<"backward">["b"])
#optimizer = loc(fused<"optimizer">["a"])

// -----

// What lies in the arena: each tensor of 100 bytes takes 128. Both factors live until the last kernel, which writes right into @a.
// CHECK-LABEL: train.program @told
// CHECK-SAME: tally.arena_bytes = 384
// CHECK-SAME: tally.body_bytes = {told_step = 384 : i64}
// CHECK-SAME: tally.memory = {at_peak = [{bytes = 100 : i64, layer = "first", name = "25xf32", phase = "forward"},
// CHECK-SAME:   {bytes = 100 : i64, layer = "second", name = "25xf32", phase = "forward"}, {bytes = 100 : i64, layer = "", name = "a", phase = ""},
// CHECK-SAME:   {bytes = 84 : i64, layer = "", name = "padding to 64 bytes", phase = ""}]
// CHECK-SAME: body = "told_step"
// CHECK-SAME: timeline = [{bytes = 256 : i64, kernel = "tally.forward.first.0", layer = "first", phase = "forward"},
// CHECK-SAME:   {bytes = 384 : i64, kernel = "tally.forward.second.0", layer = "second", phase = "forward"},
// CHECK-SAME:   {bytes = 384 : i64, kernel = "tally.forward.third.0", layer = "third", phase = "forward"}]
train.program @told steps 1 {
  train.state @a : tensor<25xf32> role optimizer
  train.step @told_step batch 1 {
    %a = train.read @a : tensor<25xf32>
    %first = nn.exp %a : tensor<25xf32> loc(fused<"forward">["first"])
    %second = nn.relu %a : tensor<25xf32> loc(fused<"forward">["second"])
    %third = nn.mul %first, %second : tensor<25xf32>, tensor<25xf32> loc(fused<"forward">["third"])
    train.write @a, %third : tensor<25xf32>
  }
}

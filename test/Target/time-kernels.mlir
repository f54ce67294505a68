// RUN: tally-opt %s --time-kernels --split-input-file --verify-diagnostics | FileCheck %s

// Each call is told apart by its number; the body's own work is not timed. A call says what it belongs to: an equal kernel may work for another
// layer, what has no phase has that of its body, and in an evaluation all is evaluation.
// CHECK: func.func private @tally_rt_end_kernel(i64)
// CHECK: func.func private @tally_rt_begin_kernel(i64)
// CHECK: train.program @p
// CHECK-SAME: tally.calls = [
// CHECK-SAME: {bytes_read = 32 : i64, bytes_written = 16 : i64, function = "step", kernel = "one", layers = [{layer = "a", phase = "forward"}], operations = 8 : i64},
// CHECK-SAME: function = "step", kernel = "one", layers = [{layer = "b", phase = "forward"}, {layer = "c", phase = "backward"}],
// CHECK-SAME: function = "start", kernel = "one", layers = [{layer = "", phase = "initialization"}],
// CHECK-SAME: function = "check", kernel = "one", layers = [{layer = "a", phase = "evaluation"}],
train.program @p steps 1 {
  train.step @step batch 1 {
  }
  train.initialize @start {
  }
  train.evaluate @check batch 1 batches 1 evaluations 1 {
  }
}
// CHECK: func.func @step
// CHECK: %[[ZERO:.*]] = arith.constant 0 : i64
// CHECK-NEXT: call @tally_rt_begin_kernel(%[[ZERO]])
// CHECK-NEXT: call @one
// CHECK-NEXT: call @tally_rt_end_kernel(%[[ZERO]])
// CHECK-NEXT: memref.copy
// CHECK-NEXT: %[[ONE:.*]] = arith.constant 1 : i64
// CHECK-NEXT: call @tally_rt_begin_kernel(%[[ONE]])
// CHECK-NEXT: call @one
// CHECK-NEXT: call @tally_rt_end_kernel(%[[ONE]])
// CHECK-NEXT: return
func.func @step(%x: memref<4xf32>, %y: memref<4xf32>) attributes {tally.body = "step"} {
  call @one(%x) : (memref<4xf32>) -> () loc(fused<"forward">["a"])
  memref.copy %x, %y : memref<4xf32> to memref<4xf32>
  call @one(%y) : (memref<4xf32>) -> () loc(fused[fused<"forward">["b"], fused<"backward">["c"], fused<"forward">["b"]])
  return
}
func.func @start(%x: memref<4xf32>, %y: memref<4xf32>) attributes {tally.body = "start"} {
  call @one(%x) : (memref<4xf32>) -> ()
  return
}
func.func @check(%x: memref<4xf32>, %y: memref<4xf32>) attributes {tally.body = "check"} {
  call @one(%x) : (memref<4xf32>) -> () loc(fused<"forward">["a"])
  return
}
func.func private @one(%x: memref<4xf32>) attributes {tally.kernel, tally.operations = 8 : i64, tally.bytes = array<i64: 32, 16>} {
  return
}

// -----

train.program @p steps 1 {
  train.step @step batch 1 {
  }
}
func.func @step(%x: memref<4xf32>, %y: memref<4xf32>) attributes {tally.body = "step"} {
  call @one(%x) : (memref<4xf32>) -> ()
  return
}
// expected-error @+1 {{requires the operations and bytes of a call, as --measure-kernels notes them}}
func.func private @one(%x: memref<4xf32>) attributes {tally.kernel} {
  return
}

// -----

train.program @p steps 1 {
  // expected-error @+1 {{requires a function of its name}}
  train.step @step batch 1 {
  }
}

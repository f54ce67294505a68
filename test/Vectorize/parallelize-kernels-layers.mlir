// RUN: tally-opt %s --parallelize-kernels --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s

// Equal kernels of several layers are one: its location has the layers of all calls.
// CHECK-LABEL: func.func private @tally.forward.one.0
// CHECK: tally.sequential
// CHECK: loc(fused[fused<"forward">["one"], fused<"forward">["two"], fused<"backward">["two"]])
func.func @body(%x: memref<4xf32>) {
  func.call @tally.forward.one.0(%x) : (memref<4xf32>) -> () loc(fused<"forward">["one"])
  func.call @tally.forward.one.0(%x) : (memref<4xf32>) -> () loc(fused<"forward">["two"])
  func.call @tally.forward.one.0(%x) : (memref<4xf32>) -> () loc(fused<"backward">["two"])
  return
}
func.func private @tally.forward.one.0(%x: memref<4xf32>) attributes {tally.kernel} {
  return
} loc(fused<"forward">["one"])

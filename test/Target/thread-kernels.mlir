// RUN: tally-opt %s --thread-kernels --split-input-file --verify-diagnostics | FileCheck %s

// A call of a parallel kernel with all of its range becomes a call of the runtime, which calls the parts with the same addresses.
// CHECK: llvm.func @tally_rt_parallel_for(i64, !llvm.ptr, !llvm.ptr)
// CHECK-LABEL: llvm.func @step
// CHECK-SAME: (%[[X:.*]]: !llvm.ptr, %[[Y:.*]]: !llvm.ptr)
// CHECK: %[[TWO:.*]] = llvm.mlir.constant(2 : i64)
// CHECK: %[[CONTEXT:.*]] = llvm.alloca %[[TWO]] x !llvm.ptr
// CHECK: llvm.store %[[X]], %{{.*}}
// CHECK: %[[SECOND:.*]] = llvm.getelementptr %[[CONTEXT]][1]
// CHECK: llvm.store %[[Y]], %[[SECOND]]
// CHECK: %[[N:.*]] = llvm.mlir.constant(16 : i64)
// CHECK: %[[PART:.*]] = llvm.mlir.addressof @kernel.part
// CHECK: llvm.call @tally_rt_parallel_for(%[[N]], %[[PART]], %[[CONTEXT]])
// CHECK: llvm.call @plain(%[[X]])
// CHECK-LABEL: llvm.func internal @kernel.part
// CHECK-SAME: (%[[CONTEXT:.*]]: !llvm.ptr, %[[BEGIN:.*]]: i64, %[[END:.*]]: i64)
// CHECK: %[[A:.*]] = llvm.load
// CHECK: %[[B:.*]] = llvm.load
// CHECK: llvm.call @kernel(%[[A]], %[[B]], %[[BEGIN]], %[[END]])
llvm.func @step(%x: !llvm.ptr, %y: !llvm.ptr) {
  %zero = llvm.mlir.constant(0 : index) : i64
  %n = llvm.mlir.constant(16 : index) : i64
  llvm.call @kernel(%x, %y, %zero, %n) : (!llvm.ptr, !llvm.ptr, i64, i64) -> ()
  llvm.call @plain(%x) : (!llvm.ptr) -> ()
  llvm.return
}
llvm.func internal @kernel(%x: !llvm.ptr, %y: !llvm.ptr, %begin: i64, %end: i64) attributes {tally.kernel, tally.parallel = 16 : i64} {
  llvm.return
}
llvm.func internal @plain(%x: !llvm.ptr) attributes {tally.kernel} {
  llvm.return
}

// -----

llvm.func @step(%x: f32) {
  %zero = llvm.mlir.constant(0 : index) : i64
  %n = llvm.mlir.constant(16 : index) : i64
  llvm.call @kernel(%x, %zero, %n) : (f32, i64, i64) -> ()
  llvm.return
}
// expected-error @+1 {{requires addresses as arguments of a parallel kernel}}
llvm.func internal @kernel(%x: f32, %begin: i64, %end: i64) attributes {tally.kernel, tally.parallel = 16 : i64} {
  llvm.return
}

// RUN: tally-opt %s --hoist-slices | FileCheck %s
// RUN: tally-opt %s --hoist-slices --duplicate-function-elimination | FileCheck %s --check-prefix=SHARED

// Both pieces of a concatenation, the second of which begins 128 bytes behind the first in each of two rows.
// CHECK-LABEL: func.func @body
// CHECK-SAME:  %[[ARENA:.*]]: memref<4096xi8>
func.func @body(%arena: memref<4096xi8>) {
  // CHECK-DAG: %[[X:.*]] = memref.view %[[ARENA]][%c0{{.*}}][] : memref<4096xi8> to memref<2x32xf32>
  // CHECK-DAG: %[[C0:.*]] = memref.view %[[ARENA]][%c1024{{.*}}][] : memref<4096xi8> to memref<96xf32>
  // CHECK: call @first(%[[X]], %[[C0]])
  // CHECK: %[[C1:.*]] = memref.view %[[ARENA]][%c1152{{.*}}][] : memref<4096xi8> to memref<96xf32>
  // CHECK: call @second(%{{.*}}, %[[C1]])
  // CHECK: call @unaligned(%{{.*}}, %{{.*}}) : (memref<2x32xf32>, memref<2x64xf32>)
  // SHARED: call @first
  // SHARED: call @first
  // SHARED-NOT: @second
  %c0 = arith.constant 0 : index
  %c1024 = arith.constant 1024 : index
  %x = memref.view %arena[%c0][] : memref<4096xi8> to memref<2x32xf32>
  %y = memref.view %arena[%c1024][] : memref<4096xi8> to memref<2x64xf32>
  call @first(%x, %y) : (memref<2x32xf32>, memref<2x64xf32>) -> ()
  call @second(%x, %y) : (memref<2x32xf32>, memref<2x64xf32>) -> ()
  call @unaligned(%x, %y) : (memref<2x32xf32>, memref<2x64xf32>) -> ()
  return
}

// CHECK-LABEL: func.func private @first
// CHECK-SAME:  %[[X:.*]]: memref<2x32xf32>, %[[Y:.*]]: memref<96xf32>
// CHECK: %[[PART:.*]] = memref.reinterpret_cast %[[Y]] to offset: [0], sizes: [2, 32], strides: [64, 1]
// CHECK: linalg.copy ins(%[[X]] : memref<2x32xf32>) outs(%[[PART]] : memref<2x32xf32, strided<[64, 1]>>)
func.func private @first(%x: memref<2x32xf32>, %y: memref<2x64xf32>) attributes {tally.kernel} {
  %part = memref.subview %y[0, 0] [2, 32] [1, 1] : memref<2x64xf32> to memref<2x32xf32, strided<[64, 1]>>
  linalg.copy ins(%x : memref<2x32xf32>) outs(%part : memref<2x32xf32, strided<[64, 1]>>)
  return
}

func.func private @second(%x: memref<2x32xf32>, %y: memref<2x64xf32>) attributes {tally.kernel} {
  %part = memref.subview %y[0, 32] [2, 32] [1, 1] : memref<2x64xf32> to memref<2x32xf32, strided<[64, 1], offset: 32>>
  linalg.copy ins(%x : memref<2x32xf32>) outs(%part : memref<2x32xf32, strided<[64, 1], offset: 32>>)
  return
}

// 20 bytes behind the beginning no vector is aligned.
// CHECK-LABEL: func.func private @unaligned
// CHECK: memref.subview
func.func private @unaligned(%x: memref<2x32xf32>, %y: memref<2x64xf32>) attributes {tally.kernel} {
  %part = memref.subview %y[0, 5] [2, 32] [1, 1] : memref<2x64xf32> to memref<2x32xf32, strided<[64, 1], offset: 5>>
  linalg.copy ins(%x : memref<2x32xf32>) outs(%part : memref<2x32xf32, strided<[64, 1], offset: 5>>)
  return
}

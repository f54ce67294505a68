// RUN: tally-opt %s --count-executions --allow-unregistered-dialect --split-input-file --verify-diagnostics | FileCheck %s

// The body of the kernel and that of its loop compute; the loop over positions alone does not.
// CHECK: func.func private @tally_rt_count_block(i64, i64)
// CHECK: train.program @p
// CHECK-SAME: tally.blocks = [{costs = [{layer = "conv", operations = "multiply f32 1"}, {layer = "relu", operations = "maximum f32 4"}], kernel = "two"},
// CHECK-SAME: {costs = [{layer = "conv", operations = "add f32 1"}], kernel = "two"}]
train.program @p steps 1 {
  train.step @step batch 1 {
  }
}

// CHECK-LABEL: func.func private @two
// CHECK: %[[TIMES:.*]] = memref.alloca() : memref<2xi64>
// CHECK: memref.store %[[ZERO:.*]], %[[TIMES]][%[[FIRST:.*]]]
// CHECK: memref.store %[[ZERO]], %[[TIMES]][%[[SECOND:.*]]]
// CHECK: memref.load %[[TIMES]][%[[SECOND]]]
// CHECK: arith.addf
// CHECK: scf.for
// CHECK-NEXT: %[[BEFORE:.*]] = memref.load %[[TIMES]][%[[FIRST]]]
// CHECK-NEXT: %[[AFTER:.*]] = arith.addi %[[BEFORE]], %{{.*}} : i64
// CHECK-NEXT: memref.store %[[AFTER]], %[[TIMES]][%[[FIRST]]]
// CHECK: scf.for
// CHECK-NOT: memref.load %[[TIMES]]
// CHECK: memref.copy
// CHECK: %[[RAN0:.*]] = memref.load %[[TIMES]][%[[FIRST]]]
// CHECK-NEXT: call @tally_rt_count_block(%c0{{.*}}, %[[RAN0]])
// CHECK: %[[RAN1:.*]] = memref.load %[[TIMES]][%[[SECOND]]]
// CHECK-NEXT: call @tally_rt_count_block(%c1{{.*}}, %[[RAN1]])
func.func private @two(%x: memref<8xf32>, %v: vector<4xf32>, %lo: index, %hi: index) attributes {tally.kernel} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %a = memref.load %x[%c0] : memref<8xf32>
  %sum = arith.addf %a, %a : f32 loc("conv")
  scf.for %i = %lo to %hi step %c1 {
    %b = memref.load %x[%i] : memref<8xf32>
    %product = arith.mulf %b, %sum : f32 loc("conv")
    %large = arith.maximumf %v, %v : vector<4xf32> loc("relu")
    memref.store %product, %x[%i] : memref<8xf32>
  }
  scf.for %i = %lo to %hi step %c1 {
    %at = arith.addi %i, %c1 : index
    memref.store %sum, %x[%at] : memref<8xf32>
  }
  memref.copy %x, %x : memref<8xf32> to memref<8xf32>
  return
}

// -----

func.func private @unknown(%x: memref<8xf32>) attributes {tally.kernel} {
  // expected-error @below {{cannot be counted: the counting rules do not know it}}
  "test.compute"(%x) : (memref<8xf32>) -> ()
  return
}

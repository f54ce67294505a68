// RUN: tally-opt %s --parallelize-kernels --check-level=buffer --split-input-file | FileCheck %s

// The iterations of a parallel loop are a range that a call is given.
// CHECK-LABEL: func @body
// CHECK: %[[ZERO:.*]] = arith.constant 0 : index
// CHECK: %[[SIXTEEN:.*]] = arith.constant 16 : index
// CHECK: call @one(%{{.*}}, %[[ZERO]], %[[SIXTEEN]])
// CHECK: func private @one(%[[X:.*]]: memref<16xf32>, %[[BEGIN:.*]]: index, %[[END:.*]]: index) attributes {tally.kernel, tally.parallel = 16 : i64}
// CHECK: scf.for %[[I:.*]] = %[[BEGIN]] to %[[END]]
// CHECK: memref.store %{{.*}}, %[[X]][%[[I]]]
func.func @body(%x: memref<16xf32>) {
  call @one(%x) : (memref<16xf32>) -> ()
  return
}
func.func private @one(%x: memref<16xf32>) attributes {tally.kernel} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %n = arith.constant 16 : index
  %f = arith.constant 2.0 : f32
  scf.parallel (%i) = (%zero) to (%n) step (%one) {
    memref.store %f, %x[%i] : memref<16xf32>
  }
  return
}

// -----

// Loops that touch different memory share one range: each does its part of its own iterations. What runs once is in the last part.
// CHECK-LABEL: func private @group(
// CHECK-SAME: %[[BEGIN:[a-z0-9]*]]: index, %[[END:.*]]: index) attributes {tally.kernel, tally.parallel = 16 : i64}
// CHECK: scf.for %{{.*}} = %[[BEGIN]] to %[[END]]
// CHECK: %[[FOUR:.*]] = arith.constant 4 : index
// CHECK: arith.muli %[[BEGIN]], %[[FOUR]]
// CHECK: %[[FROM:.*]] = arith.divui
// CHECK: arith.muli %[[END]]
// CHECK: %[[TO:.*]] = arith.divui
// CHECK: scf.for %{{.*}} = %[[FROM]] to %[[TO]]
// CHECK: arith.muli %[[BEGIN]], %[[ONE:.*]] : index
// CHECK: %[[FROM1:.*]] = arith.divui
// CHECK: %[[TO1:.*]] = arith.divui
// CHECK: scf.for %{{.*}} = %[[FROM1]] to %[[TO1]]
// CHECK-NEXT: memref.store %{{.*}}, %{{.*}}[%{{.*}}] : memref<3xf32>
func.func private @group(%x: memref<16xf32>, %y: memref<4xf32>, %z: memref<3xf32>, %rate: memref<f32>) attributes {tally.kernel} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %n = arith.constant 16 : index
  %m = arith.constant 4 : index
  %f = memref.load %rate[] : memref<f32>
  scf.parallel (%i) = (%zero) to (%n) step (%one) {
    memref.store %f, %x[%i] : memref<16xf32>
  }
  scf.parallel (%i) = (%zero) to (%m) step (%one) {
    memref.store %f, %y[%i] : memref<4xf32>
  }
  memref.store %f, %z[%one] : memref<3xf32>
  return
}

// -----

// The second loop reads what the first one writes: two kernels, called one after the other. That no op is a memref.store or a
// vector.store does not matter: effects tell.
// CHECK-LABEL: func @body
// CHECK: call @two.s0(%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}})
// CHECK: call @two.s1(%{{.*}}, %{{.*}})
// CHECK: func private @two.s0({{.*}}index, %{{.*}}: index) attributes {tally.kernel, tally.parallel = 16 : i64}
// CHECK: vector.transfer_write
// CHECK-NOT: memref.load
// CHECK: func private @two.s1({{.*}}) attributes {tally.kernel, tally.sequential = "no loop is worth threads"}
// CHECK-NOT: vector.transfer_write
// CHECK: memref.load
func.func @body(%x: memref<64xf32>, %y: memref<f32>) {
  call @two(%x, %y) : (memref<64xf32>, memref<f32>) -> ()
  return
}
func.func private @two(%x: memref<64xf32>, %y: memref<f32>) attributes {tally.kernel} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %four = arith.constant 4 : index
  %n = arith.constant 16 : index
  %f = arith.constant dense<2.0> : vector<4xf32>
  scf.parallel (%i) = (%zero) to (%n) step (%one) {
    %p = arith.muli %i, %four : index
    vector.transfer_write %f, %x[%p] : vector<4xf32>, memref<64xf32>
  }
  scf.for %i = %zero to %n step %one {
    %a = memref.load %x[%i] : memref<64xf32>
    memref.store %a, %y[] : memref<f32>
  }
  return
}

// -----

// Why a kernel stays on one thread.
// CHECK-LABEL: func private @small
// CHECK-SAME: tally.sequential = "no loop is worth threads"
func.func private @small(%x: memref<16xf32>) attributes {tally.kernel} {
  %zero = arith.constant 0 : index
  %f = arith.constant 2.0 : f32
  memref.store %f, %x[%zero] : memref<16xf32>
  return
}

// CHECK-LABEL: func private @shared_buffer
// CHECK-SAME: tally.sequential = "loops share a buffer of the kernel"
func.func private @shared_buffer(%x: memref<16xf32>) attributes {tally.kernel} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %n = arith.constant 16 : index
  %f = arith.constant 2.0 : f32
  %own = memref.alloca() : memref<16xf32>
  scf.parallel (%i) = (%zero) to (%n) step (%one) {
    memref.store %f, %own[%i] : memref<16xf32>
  }
  scf.parallel (%i) = (%zero) to (%n) step (%one) {
    %a = memref.load %own[%i] : memref<16xf32>
    memref.store %a, %x[%i] : memref<16xf32>
  }
  return
}

// CHECK-LABEL: func private @value
// CHECK-SAME: tally.sequential = "a loop needs a value of another"
func.func private @value(%x: memref<16xf32>, %y: memref<f32>) attributes {tally.kernel} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %n = arith.constant 16 : index
  %f = arith.constant 2.0 : f32
  memref.store %f, %y[] : memref<f32>
  %a = memref.load %y[] : memref<f32>
  scf.parallel (%i) = (%zero) to (%n) step (%one) {
    memref.store %a, %x[%i] : memref<16xf32>
  }
  return
}

// CHECK-LABEL: func private @unknown
// CHECK-SAME: tally.sequential = "an op may touch any memory"
func.func private @unknown(%x: memref<16xf32>) attributes {tally.kernel} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %n = arith.constant 16 : index
  %f = arith.constant 2.0 : f32
  func.call @small(%x) : (memref<16xf32>) -> ()
  scf.parallel (%i) = (%zero) to (%n) step (%one) {
    memref.store %f, %x[%i] : memref<16xf32>
  }
  return
}

// CHECK-LABEL: func private @rectangle
// CHECK-SAME: tally.sequential = "no parallel loop has one dimension and constant bounds"
func.func private @rectangle(%x: memref<4x4xf32>) attributes {tally.kernel} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %n = arith.constant 4 : index
  %f = arith.constant 2.0 : f32
  scf.parallel (%i, %j) = (%zero, %zero) to (%n, %n) step (%one, %one) {
    memref.store %f, %x[%i, %j] : memref<4x4xf32>
  }
  return
}

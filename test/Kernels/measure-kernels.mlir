// RUN: tally-opt %s --measure-kernels --split-input-file --verify-diagnostics | FileCheck %s

// What a call executes, and the bytes of what it only reads and of what it writes.
// CHECK-LABEL: func private @sum
// CHECK-SAME: tally.bytes = array<i64: 64, 4>
// CHECK-SAME: tally.operations = 16 : i64
func.func private @sum(%x: memref<2x8xf32>, %y: memref<f32>) attributes {tally.kernel} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c8 = arith.constant 8 : index
  scf.for %i = %c0 to %c2 step %c1 {
    scf.for %j = %c0 to %c8 step %c1 {
      %a = memref.load %x[%i, %j] : memref<2x8xf32>
      %s = memref.load %y[] : memref<f32>
      %t = arith.addf %s, %a : f32
      memref.store %t, %y[] : memref<f32>
    }
  }
  return
}

// Of what is gathered by position no more than is gathered, however large it is; vectors count by their elements.
// CHECK-LABEL: func private @gather
// CHECK-SAME: tally.bytes = array<i64: 48, 32>
// CHECK-SAME: tally.operations = 0 : i64
func.func private @gather(%positions: memref<2xindex>, %data: memref<5000x8xf16>, %y: memref<2x8xf16>) attributes {tally.kernel} {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  scf.parallel (%i) = (%c0) to (%c2) step (%c2) {
    scf.for %k = %c0 to %c2 step %c2 {
      %p = memref.load %positions[%k] : memref<2xindex>
      %q = memref.load %positions[%c0] : memref<2xindex>
      %a = vector.load %data[%p, %c0] : memref<5000x8xf16>, vector<8xf16>
      %b = vector.load %data[%q, %c0] : memref<5000x8xf16>, vector<8xf16>
      vector.store %a, %y[%c0, %c0] : memref<2x8xf16>, vector<8xf16>
      vector.store %b, %y[%k, %c0] : memref<2x8xf16>, vector<8xf16>
    }
  }
  return
}

// Through views, and only what is an argument.
// CHECK-LABEL: func private @views
// CHECK-SAME: tally.bytes = array<i64: 8, 16>
func.func private @views(%x: memref<4x4xf32>, %y: memref<2x2xf32>) attributes {tally.kernel} {
  %part = memref.subview %x[0, 1] [1, 2] [1, 1] : memref<4x4xf32> to memref<1x2xf32, strided<[4, 1], offset: 1>>
  %flat = memref.collapse_shape %y [[0, 1]] : memref<2x2xf32> into memref<4xf32>
  %own = memref.alloca() : memref<4xf32>
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %a = vector.transfer_read %part[%c0, %c0], %zero {in_bounds = [true]} : memref<1x2xf32, strided<[4, 1], offset: 1>>, vector<2xf32>
  vector.store %a, %own[%c0] : memref<4xf32>, vector<2xf32>
  %b = vector.load %own[%c0] : memref<4xf32>, vector<4xf32>
  vector.transfer_write %b, %flat[%c0] {in_bounds = [true]} : vector<4xf32>, memref<4xf32>
  return
}

// CHECK-LABEL: func @no_kernel
// CHECK-NOT: tally.operations
func.func @no_kernel() {
  return
}

// -----

func.func private @unknown(%n: index, %y: memref<f32>) attributes {tally.kernel} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %x = arith.constant 1.0 : f32
  // expected-error @+1 {{cannot be counted: requires constant bounds}}
  scf.for %i = %c0 to %n step %c1 {
    memref.store %x, %y[] : memref<f32>
  }
  return
}

// RUN: tally-opt %s --check-level=buffer --split-input-file --verify-diagnostics

train.program @bodies steps 1 {
  train.state @x : tensor<3xf32> role optimizer
  // expected-error @+1 {{breaks the buffer level: requires functions instead of bodies}}
  train.step @step batch 2 {
    %x = train.read @x : tensor<3xf32>
    train.write @x, %x : tensor<3xf32>
  }
}

// -----

func.func @not_lowered(%x: memref<3xf32>, %y: memref<3xf32>) {
  // expected-error @+1 {{breaks the buffer level: requires ops of memref, vector, amx, x86vector, arith and math, loops and calls}}
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%x : memref<3xf32>) outs(%y : memref<3xf32>) {
  ^bb0(%in: f32, %old: f32):
    // expected-error @+1 {{breaks the buffer level: requires ops of memref}}
    linalg.yield %in : f32
  }
  // expected-error @+1 {{breaks the buffer level: requires buffers, got tensors}}
  %t = bufferization.to_tensor %x restrict : memref<3xf32> to tensor<3xf32>
  return
}

// -----

func.func @heap() {
  // expected-error @+1 {{breaks the buffer level: requires buffers of the arena, got an allocation}}
  %x = memref.alloc() : memref<3xf32>
  // expected-error @+1 {{breaks the buffer level: requires buffers of the arena, got an allocation}}
  memref.dealloc %x : memref<3xf32>
  return
}

// -----

func.func @loops(%x: memref<3xf32>, %begin: index, %n: index) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %f = arith.constant 1.0 : f32
  scf.for %i = %begin to %n step %one {
    // expected-error @+1 {{breaks the buffer level: requires constant loop bounds}}
    scf.for %j = %zero to %n step %one {
      memref.store %f, %x[%j] : memref<3xf32>
    }
  }
  // expected-error @+2 {{breaks the buffer level: requires ops of memref}}
  // expected-error @+1 {{breaks the buffer level: requires constant loop bounds}}
  %last = scf.while (%i = %zero) : (index) -> index {
    %more = arith.cmpi ult, %i, %n : index
    // expected-error @+1 {{breaks the buffer level: requires ops of memref}}
    scf.condition(%more) %i : index
  } do {
  ^bb0(%i: index):
    %next = arith.addi %i, %one : index
    scf.yield %next : index
  }
  return
}

// -----

// expected-error @+1 {{breaks the buffer level: requires private kernels without results}}
func.func @public(%x: memref<3xf32>) attributes {tally.kernel} {
  return
}

// -----

// expected-error @+1 {{breaks the buffer level: requires private kernels without results}}
func.func private @result(%x: memref<f32>) -> f32 attributes {tally.kernel} {
  %y = memref.load %x[] : memref<f32>
  return %y : f32
}

// -----

// expected-error @+1 {{breaks the buffer level: requires a range as the last arguments of a parallel kernel}}
func.func private @range(%x: memref<3xf32>, %begin: index) attributes {tally.kernel, tally.parallel = 3 : i64} {
  return
}

// -----

// expected-error @+1 {{breaks the buffer level: requires buffers of static shape as arguments}}
func.func private @shapes(%x: memref<?xf32>) attributes {tally.kernel} {
  return
}

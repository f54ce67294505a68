// RUN: tally-opt %s --split-input-file --verify-diagnostics --vectorize-kernels

// expected-error@+1 {{requires positive lanes, vectors and steps}}
func.func @schedule_c1(%x: memref<8xf32>) attributes {tally.schedule = #tally.schedule<lanes = 0>} { return }

// -----

#c = affine_map<(m, n, k) -> (m, n)>
func.func @block(%x: memref<8x6xf32>, %w: memref<6x8xf32>, %z: memref<8x8xf32>) {
  // expected-error@+1 {{tally.schedule: loop 2 requires to be reduced, not the vector, and a multiple of 4 to be cut into blocks}}
  linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, #c], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : memref<8x6xf32>, memref<6x8xf32>) outs(%z : memref<8x8xf32>)
      attrs = {tally.schedule = #tally.schedule<vector = 1, lanes = 8, blocks = [2 by 4]>} {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %o, %p : f32
    linalg.yield %s : f32
  }
  return
}

// -----

#c = affine_map<(m, n, k) -> (m, n)>
func.func @unroll(%x: memref<8x6xf32>, %w: memref<6x8xf32>, %z: memref<8x8xf32>) {
  // expected-error@+1 {{tally.schedule: loop 2 requires to be parallel and not the vector to be unrolled}}
  linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, #c], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : memref<8x6xf32>, memref<6x8xf32>) outs(%z : memref<8x8xf32>)
      attrs = {tally.schedule = #tally.schedule<vector = 1, lanes = 8, unroll = [2 by 4]>} {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %o, %p : f32
    linalg.yield %s : f32
  }
  return
}

// -----

func.func @merged(%x: memref<8x6xf32>, %z: memref<8x6xf32>) {
  // expected-error@+1 {{tally.schedule: loop 0 has one step, or is part of another}}
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : memref<8x6xf32>) outs(%z : memref<8x6xf32>) attrs = {tally.schedule = #tally.schedule<vector = 0, lanes = 8>} {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %a, %a : f32
    linalg.yield %s : f32
  }
  return
}

// -----

// expected-error@+1 {{tally.schedule requires a #tally.schedule, got 1 : i64}}
func.func @type() attributes {tally.schedule = 1 : i64} { return }

// RUN: tally-opt %s --choose-schedules | FileCheck %s
// RUN: tally-opt %s --choose-schedules --vectorize-kernels > %t.asked
// RUN: tally-opt %s --vectorize-kernels > %t.chosen
// RUN: diff %t.asked %t.chosen
// RUN: tally-opt %s --set-schedule="function=rows schedule='#tally.schedule<vector = 1, lanes = 8, unroll = [0 by 3], blocks = [2 by 16]>'" --vectorize-kernels | FileCheck %s --check-prefix=SET

#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>
module attributes {tally.target = #tally.target<vector_bits = 512, vector_registers = 32>} {
// The columns of the result are the vector; its rows fill the other registers of the tile.
// CHECK-LABEL: func @rows
// CHECK: tally.schedule = #tally.schedule<vector = 1, lanes = 16, vectors = {{[1-4]}}, unroll = [0 by {{[0-9]+}}]>
// SET-LABEL: func @rows
// SET: scf.for {{.*}} iter_args({{.*}}) -> (vector<8xf32>, vector<8xf32>, vector<8xf32>)
func.func @rows(%x: memref<96x64xf32>, %w: memref<64x32xf32>, %z: memref<96x32xf32>) {
  linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : memref<96x64xf32>, memref<64x32xf32>) outs(%z : memref<96x32xf32>) {
  ^bb0(%e: f32, %f: f32, %o: f32):
    %p = arith.mulf %e, %f : f32
    %s = arith.addf %o, %p : f32
    linalg.yield %s : f32
  }
  return
}

// One reduced loop, too long for the caches: it is cut into blocks.
// CHECK-LABEL: func @long
// CHECK: blocks = [2 by {{[0-9]+}}]
func.func @long(%x: memref<512x16384xf32>, %w: memref<16384x512xf32>, %z: memref<512x512xf32>) {
  linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : memref<512x16384xf32>, memref<16384x512xf32>) outs(%z : memref<512x512xf32>) {
  ^bb0(%e: f32, %f: f32, %o: f32):
    %p = arith.mulf %e, %f : f32
    %s = arith.addf %o, %p : f32
    linalg.yield %s : f32
  }
  return
}

// Panels of the other operand: their loop is a column of the tile, beside the rows.
// CHECK-LABEL: func @panels
// CHECK: tally.schedule = #tally.schedule<vector = 3, lanes = 16, {{.*}}unroll = [1 by {{[0-9]+}}, 0 by {{[0-9]+}}]
func.func @panels(%x: memref<64x256xf32>, %w: memref<8x256x16xf32>, %z: memref<64x8x16xf32>) {
  linalg.generic {indexing_maps = [affine_map<(m, p, k, n) -> (m, k)>, affine_map<(m, p, k, n) -> (p, k, n)>, affine_map<(m, p, k, n) -> (m, p, n)>],
                  iterator_types = ["parallel", "parallel", "reduction", "parallel"]}
      ins(%x, %w : memref<64x256xf32>, memref<8x256x16xf32>) outs(%z : memref<64x8x16xf32>) {
  ^bb0(%e: f32, %f: f32, %o: f32):
    %p = arith.mulf %e, %f : f32
    %s = arith.addf %o, %p : f32
    linalg.yield %s : f32
  }
  return
}

// Nothing to keep in registers: four vectors in one go.
// CHECK-LABEL: func @relu
// CHECK: tally.schedule = #tally.schedule<vector = 1, lanes = 16, vectors = 4>
func.func @relu(%x: memref<3x512xf32>, %y: memref<3x512xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : memref<3x512xf32>) outs(%y : memref<3x512xf32>) {
  ^bb0(%a: f32, %o: f32):
    %zero = arith.constant 0.0 : f32
    %m = arith.maximumf %a, %zero : f32
    linalg.yield %m : f32
  }
  return
}
}

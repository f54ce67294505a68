// RUN: tally-opt %s --vectorize-kernels | FileCheck %s

// 6 x 16 accumulators start from the fill's constant and stay in registers over the reduction; the fill is gone.
// CHECK-LABEL: func @matmul
// CHECK-NOT: linalg
// CHECK: scf.parallel
// CHECK: %[[SUMS:[0-9]+]]:12 = scf.for {{.*}} iter_args
// CHECK-COUNT-2: vector.load {{.*}} vector<8xf32>
// CHECK: arith.mulf {{.*}} fastmath<contract> : vector<8xf32>
// CHECK: scf.yield
// CHECK-COUNT-12: vector.store
func.func @matmul(%a: memref<96x64xf32>, %b: memref<64x32xf32>, %c: memref<96x32xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%c : memref<96x32xf32>)
  linalg.matmul ins(%a, %b : memref<96x64xf32>, memref<64x32xf32>) outs(%c : memref<96x32xf32>)
  return
}

// Rows and columns are one loop.
// CHECK-LABEL: func @relu
// CHECK: %[[X:.*]] = vector.load {{.*}} memref<15xf32>, vector<8xf32>
// CHECK: arith.maximumf %[[X]], %{{.*}} : vector<8xf32>
// CHECK: vector<4xf32>
// CHECK: vector<2xf32>
func.func @relu(%x: memref<3x5xf32>, %y: memref<3x5xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : memref<3x5xf32>) outs(%y : memref<3x5xf32>) {
  ^bb0(%a: f32, %o: f32):
    %zero = arith.constant 0.0 : f32
    %m = arith.maximumf %a, %zero : f32
    linalg.yield %m : f32
  }
  return
}

// The lanes of a sum over the contiguous loop are partial sums.
// CHECK-LABEL: func @sum
// CHECK: vector.reduction <add>, {{.*}} fastmath<reassoc> : vector<8xf32> into f32
func.func @sum(%x: memref<4x64xf32>, %y: memref<4xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]}
      ins(%x : memref<4x64xf32>) outs(%y : memref<4xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %o, %a : f32
    linalg.yield %s : f32
  }
  return
}

// A loop of one step meets no other iteration, whatever its stride: the contiguous loop is the vector.
// CHECK-LABEL: func @single_step
// CHECK: vector.load
func.func @single_step(%x: memref<3x4x8xf32>, %one: memref<1xi8>, %y: memref<4x8xf32>) {
  linalg.generic {indexing_maps = [affine_map<(p, q, i, n) -> (n, q, i)>, affine_map<(p, q, i, n) -> (p)>, affine_map<(p, q, i, n) -> (p * 4 + q, i)>],
                  iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %one : memref<3x4x8xf32>, memref<1xi8>) outs(%y : memref<4x8xf32>) {
  ^bb0(%a: f32, %unread: i8, %o: f32):
    %s = arith.addf %o, %a : f32
    linalg.yield %s : f32
  }
  return
}

// Windows that overlap: rows and columns meet, the channels of a block never do, so that they are the vector.
// CHECK-LABEL: func @overlapping
// CHECK: vector.load {{.*}} vector<8xf32>
// CHECK: vector.store
func.func @overlapping(%dy: memref<2x2x8xf32>, %taps: memref<3x3xf32>, %dx: memref<5x5x8xf32>) {
  linalg.generic {indexing_maps = [affine_map<(h, w, r, s, c) -> (h, w, c)>, affine_map<(h, w, r, s, c) -> (r, s)>,
                                   affine_map<(h, w, r, s, c) -> (h * 2 + r, w * 2 + s, c)>],
                  iterator_types = ["reduction", "reduction", "reduction", "reduction", "parallel"]}
      ins(%dy, %taps : memref<2x2x8xf32>, memref<3x3xf32>) outs(%dx : memref<5x5x8xf32>) {
  ^bb0(%a: f32, %unread: f32, %o: f32):
    %s = arith.addf %o, %a : f32
    linalg.yield %s : f32
  }
  return
}

// Only a part is written from the fill's constant: the fill itself stays.
// CHECK-LABEL: func @partial
// CHECK: vector.store %{{.*}}, %{{.*}} : memref<16xf32>
// CHECK: scf.for
func.func @partial(%x: memref<8xf32>, %y: memref<16xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%y : memref<16xf32>)
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i * 2)>], iterator_types = ["parallel"]}
      ins(%x : memref<8xf32>) outs(%y : memref<16xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %o, %a : f32
    linalg.yield %s : f32
  }
  return
}

// RUN: tally-opt %s --choose-schedules | FileCheck %s --check-prefix=SCHEDULE
// RUN: tally-opt %s --vectorize-kernels | FileCheck %s
// RUN: tally-opt %s --choose-schedules --vectorize-kernels | FileCheck %s
// RUN: sed 's/, lane_products = 2//' %s | tally-opt --vectorize-kernels | FileCheck %s --check-prefix=WITHOUT
// RUN: tally-opt %s --vectorize-kernels --expand-products --expand-strided-metadata --lower-affine --convert-scf-to-cf --convert-kernels-to-llvm | FileCheck %s --check-prefix=LLVM
// RUN: tally-opt %s --vectorize-kernels --expand-products=pairs | FileCheck %s --check-prefix=EXPANDED

// WITHOUT-NOT: x86vector
// EXPANDED-NOT: x86vector
module attributes {tally.target = #tally.target<vector_bits = 512, vector_registers = 32, lane_products = 2>} {

// Pairs of a row are one number of 32 bits, the same in all lanes; each lane has a pair of its column. 64 pairs are 64 steps.
// SCHEDULE-LABEL: func @matmul(
// SCHEDULE: tally.schedule = #tally.schedule<vector = 1, lanes = 16, vectors = 2, unroll = [0 by {{[0-9]+}}]>
// CHECK-LABEL: func @matmul(
// CHECK-NOT: linalg.fill
// CHECK: scf.for %{{.*}} = %c0{{.*}} to %c64{{.*}} step %{{.*}} iter_args(
// CHECK: %[[PAIR:.*]] = vector.load %{{.*}} : memref<8192xbf16>, vector<2xbf16>
// CHECK: vector.bitcast %[[PAIR]] : vector<2xbf16> to vector<1xi32>
// CHECK: vector.broadcast %{{.*}} : i32 to vector<16xi32>
// CHECK: vector.load %{{.*}} : memref<4096xbf16>, vector<32xbf16>
// CHECK: x86vector.avx512.dot %{{.*}} : vector<32xbf16> -> vector<16xf32>
// LLVM-LABEL: llvm.func @matmul(
// LLVM: llvm.x86.avx512bf16.dpbf16ps.512
func.func @matmul(%a: memref<64x128xbf16>, %b: memref<64x32x2xbf16>, %c: memref<64x32xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%c : memref<64x32xf32>)
  linalg.generic {indexing_maps = [affine_map<(m, n, k, p) -> (m, k * 2 + p)>, affine_map<(m, n, k, p) -> (k, n, p)>, affine_map<(m, n, k, p) -> (m, n)>],
                  iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b : memref<64x128xbf16>, memref<64x32x2xbf16>) outs(%c : memref<64x32xf32>) {
  ^bb0(%x: bf16, %y: bf16, %old: f32):
    %product = nn.widening_mul %x, %y : bf16 -> f32
    %sum = arith.addf %old, %product : f32
    linalg.yield %sum : f32
  }
  return
}

// Both walk along the sum: lanes are partial sums, and the lanes that are left over have products of their own.
// CHECK-LABEL: func @dot(
// CHECK: x86vector.avx512.dot %{{.*}} : vector<32xbf16> -> vector<16xf32>
// CHECK: x86vector.avx512.dot %{{.*}} : vector<8xbf16> -> vector<4xf32>
// CHECK: nn.widening_mul %{{.*}} : vector<1xbf16> -> vector<1xf32>
// CHECK: vector.reduction <add>
func.func @dot(%a: memref<9x138xbf16>, %b: memref<138xbf16>, %c: memref<9xf32>) {
  linalg.generic {indexing_maps = [affine_map<(m, k) -> (m, k)>, affine_map<(m, k) -> (k)>, affine_map<(m, k) -> (m)>], iterator_types = ["parallel", "reduction"]}
      ins(%a, %b : memref<9x138xbf16>, memref<138xbf16>) outs(%c : memref<9xf32>) {
  ^bb0(%x: bf16, %y: bf16, %old: f32):
    %product = nn.widening_mul %x, %y : bf16 -> f32
    %sum = arith.addf %old, %product : f32
    linalg.yield %sum : f32
  }
  return
}

// An odd number of numbers in a row has no pairs at even places.
// CHECK-LABEL: func @odd(
// CHECK-NOT: x86vector
// CHECK: nn.widening_mul
// CHECK: return
func.func @odd(%a: memref<9x33xbf16>, %b: memref<33xbf16>, %c: memref<9xf32>) {
  linalg.generic {indexing_maps = [affine_map<(m, k) -> (m, k)>, affine_map<(m, k) -> (k)>, affine_map<(m, k) -> (m)>], iterator_types = ["parallel", "reduction"]}
      ins(%a, %b : memref<9x33xbf16>, memref<33xbf16>) outs(%c : memref<9xf32>) {
  ^bb0(%x: bf16, %y: bf16, %old: f32):
    %product = nn.widening_mul %x, %y : bf16 -> f32
    %sum = arith.addf %old, %product : f32
    linalg.yield %sum : f32
  }
  return
}
}

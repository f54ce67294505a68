// RUN: tally-opt %s --choose-schedules | FileCheck %s --check-prefix=SCHEDULE
// RUN: tally-opt %s --vectorize-kernels | FileCheck %s
// RUN: tally-opt %s --choose-schedules --vectorize-kernels | FileCheck %s
// RUN: sed 's/, matrix_rows = 16//' %s | tally-opt --vectorize-kernels | FileCheck %s --check-prefix=WITHOUT
// RUN: tally-opt %s --vectorize-kernels --expand-products --expand-strided-metadata --lower-affine --convert-scf-to-cf --convert-kernels-to-llvm | FileCheck %s --check-prefix=LLVM

// WITHOUT-NOT: amx
module attributes {tally.target = #tally.target<vector_bits = 512, vector_registers = 32, matrix_rows = 16>} {

// Two registers of rows times two of columns; 32 products of each pair of a row and a column a step. The fill is gone.
// SCHEDULE-LABEL: func @matmul(
// SCHEDULE: tally.schedule = #tally.schedule<vector = 1, lanes = 16, vectors = 2, unroll = [0 by 32], rows = 0>
// CHECK-LABEL: func @matmul(
// CHECK-NOT: linalg.fill
// CHECK-COUNT-4: amx.tile_zero : !amx.tile<16x16xf32>
// CHECK: scf.for %{{.*}} = %{{.*}} to %{{.*}} step %{{.*}} iter_args(
// CHECK: amx.tile_load %{{.*}}, %c128{{.*}} : memref<8192xbf16> into !amx.tile<16x32xbf16>
// CHECK: amx.tile_load %{{.*}}, %c64{{.*}} into !amx.tile<16x32xbf16>
// CHECK: amx.tile_mulf %{{.*}} : !amx.tile<16x32xbf16>, !amx.tile<16x32xbf16>, !amx.tile<16x16xf32>
// CHECK: amx.tile_load
// CHECK: amx.tile_mulf
// CHECK: amx.tile_load
// CHECK-COUNT-2: amx.tile_mulf
// CHECK: scf.yield
// CHECK-COUNT-4: amx.tile_store %{{.*}}, %c32{{.*}} : memref<2048xf32>, !amx.tile<16x16xf32>
// LLVM-LABEL: llvm.func @matmul(
// LLVM: "llvm.x86.tdpbf16ps.internal"
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

// Rows of 10 in one register, those of another loop beside them; 20 columns are twice 10; 12 pairs; the sums go on from memory.
// CHECK-LABEL: func @uneven(
// CHECK-COUNT-4: amx.tile_load %{{.*}} into !amx.tile<10x10xf32>
// CHECK: amx.tile_load %{{.*}} into !amx.tile<10x24xbf16>
// CHECK: amx.tile_load %{{.*}} into !amx.tile<12x20xbf16>
// CHECK: amx.tile_mulf %{{.*}} : !amx.tile<10x24xbf16>, !amx.tile<12x20xbf16>, !amx.tile<10x10xf32>
// CHECK-COUNT-3: amx.tile_mulf
// CHECK-COUNT-4: amx.tile_store
func.func @uneven(%a: memref<6x12x24xbf16>, %b: memref<12x20x2xbf16>, %c: memref<6x10x20xf32>) {
  linalg.generic {indexing_maps = [affine_map<(h, w, n, k, p) -> (h, w + 1, k * 2 + p)>, affine_map<(h, w, n, k, p) -> (k, n, p)>, affine_map<(h, w, n, k, p) -> (h, w, n)>],
                  iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b : memref<6x12x24xbf16>, memref<12x20x2xbf16>) outs(%c : memref<6x10x20xf32>) {
  ^bb0(%x: bf16, %y: bf16, %old: f32):
    %product = nn.widening_mul %x, %y : bf16 -> f32
    %sum = arith.addf %old, %product : f32
    linalg.yield %sum : f32
  }
  return
}

// 31 rows are two registers of 16, of which one row is in both: it is computed twice, which the counts say.
// CHECK-LABEL: func @overlapping(
// CHECK-COUNT-4: amx.tile_zero : !amx.tile<16x16xf32>
// CHECK-COUNT-4: amx.tile_mulf
// CHECK-COUNT-2: amx.tile_store
// CHECK: arith.constant 480 : index
// CHECK-COUNT-2: amx.tile_store
func.func @overlapping(%a: memref<40x32x32xbf16>, %b: memref<16x32x2xbf16>, %c: memref<40x31x32xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%c : memref<40x31x32xf32>)
  linalg.generic {indexing_maps = [affine_map<(h, w, n, k, p) -> (h, w + 1, k * 2 + p)>, affine_map<(h, w, n, k, p) -> (k, n, p)>, affine_map<(h, w, n, k, p) -> (h, w, n)>],
                  iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b : memref<40x32x32xbf16>, memref<16x32x2xbf16>) outs(%c : memref<40x31x32xf32>) {
  ^bb0(%x: bf16, %y: bf16, %old: f32):
    %product = nn.widening_mul %x, %y : bf16 -> f32
    %sum = arith.addf %old, %product : f32
    linalg.yield %sum : f32
  }
  return
}

// In another order there is no register for the operand.
// CHECK-LABEL: func @plain(
// CHECK-NOT: amx
func.func @plain(%a: memref<64x128xbf16>, %b: memref<128x32xbf16>, %c: memref<64x32xf32>) {
  linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>],
                  iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : memref<64x128xbf16>, memref<128x32xbf16>) outs(%c : memref<64x32xf32>) {
  ^bb0(%x: bf16, %y: bf16, %old: f32):
    %product = nn.widening_mul %x, %y : bf16 -> f32
    %sum = arith.addf %old, %product : f32
    linalg.yield %sum : f32
  }
  return
}
}

// RUN: cat %s %S/Inputs/checksum.mlir > %t.mlir
// RUN: tally-opt %t.mlir --convert-linalg-to-loops --expand-products | mlir-opt --test-lower-to-llvm | mlir-runner --entry-point-result=i64 > %t.loops
// RUN: tally-opt %t.mlir --set-target="target=#tally.target<vector_bits=512,vector_registers=32,lane_products=2>" --vectorize-kernels --expand-products=pairs | sed "s/^module attributes .*/module {/" | mlir-opt --test-lower-to-llvm | mlir-runner --entry-point-result=i64 > %t.wide
// RUN: tally-opt %t.mlir --set-target="target=#tally.target<lane_products=2,l2_bytes=1024>" --vectorize-kernels --expand-products=pairs | sed "s/^module attributes .*/module {/" | mlir-opt --test-lower-to-llvm | mlir-runner --entry-point-result=i64 > %t.narrow
// RUN: diff %t.loops %t.wide
// RUN: diff %t.loops %t.narrow
// RUN: tally-opt %t.mlir --set-target="target=#tally.target<vector_bits=512,vector_registers=32,lane_products=2>" --vectorize-kernels | FileCheck %s

// Small integers, so that every order of a sum gives the same, on any processor: pairs are expanded. Rows of odd number, windows, columns that
// leave lanes over, and sums along the lanes.
// CHECK: func @main
// CHECK: x86vector.avx512.dot
func.func @main() -> i64 {
  %zero = arith.constant 0 : i64
  %sum = memref.alloc() : memref<i64>
  memref.store %zero, %sum[] : memref<i64>
  call @convolution(%sum) : (memref<i64>) -> ()
  call @rows(%sum) : (memref<i64>) -> ()
  %r = memref.load %sum[] : memref<i64>
  memref.dealloc %sum : memref<i64>
  return %r : i64
}

func.func private @fill_narrow(%to: memref<?xbf16>) {
  %c0 = arith.constant 0 : index
  %n = memref.dim %to, %c0 : memref<?xbf16>
  %wide = memref.alloc(%n) : memref<?xf32>
  call @fill(%wide) : (memref<?xf32>) -> ()
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %x = memref.load %wide[%i] : memref<?xf32>
    %y = arith.truncf %x : f32 to bf16
    memref.store %y, %to[%i] : memref<?xbf16>
  }
  memref.dealloc %wide : memref<?xf32>
  return
}

// 3x3 windows of 6 channels, 21 filters of pairs
func.func private @convolution(%sum: memref<i64>) {
  %zero = arith.constant 0.0 : f32
  %in0_flat = memref.alloc() : memref<756xbf16>
  %in0 = memref.expand_shape %in0_flat [[0, 1, 2, 3]] output_shape [2, 7, 9, 6] : memref<756xbf16> into memref<2x7x9x6xbf16>
  %in0_any = memref.cast %in0_flat : memref<756xbf16> to memref<?xbf16>
  call @fill_narrow(%in0_any) : (memref<?xbf16>) -> ()
  %in1_flat = memref.alloc() : memref<1134xbf16>
  %in1 = memref.expand_shape %in1_flat [[0, 1, 2, 3, 4]] output_shape [3, 3, 3, 21, 2] : memref<1134xbf16> into memref<3x3x3x21x2xbf16>
  %in1_any = memref.cast %in1_flat : memref<1134xbf16> to memref<?xbf16>
  call @fill_narrow(%in1_any) : (memref<?xbf16>) -> ()
  %out_flat = memref.alloc() : memref<1470xf32>
  %out = memref.expand_shape %out_flat [[0, 1, 2, 3]] output_shape [2, 5, 7, 21] : memref<1470xf32> into memref<2x5x7x21xf32>
  linalg.fill ins(%zero : f32) outs(%out : memref<2x5x7x21xf32>)
  linalg.generic {indexing_maps = [affine_map<(n, h, w, k, r, s, c, p) -> (n, h + r, w + s, c * 2 + p)>, affine_map<(n, h, w, k, r, s, c, p) -> (r, s, c, k, p)>, affine_map<(n, h, w, k, r, s, c, p) -> (n, h, w, k)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction", "reduction"]} ins(%in0, %in1 : memref<2x7x9x6xbf16>, memref<3x3x3x21x2xbf16>) outs(%out : memref<2x5x7x21xf32>) {
  ^bb0(%a: bf16, %b: bf16, %o: f32):
    %m = nn.widening_mul %a, %b : bf16 -> f32
    %s = arith.addf %o, %m : f32
    linalg.yield %s : f32
  }
  %out_any = memref.cast %out_flat : memref<1470xf32> to memref<?xf32>
  call @check_f32(%out_any, %sum) : (memref<?xf32>, memref<i64>) -> ()
  memref.dealloc %in0_flat : memref<756xbf16>
  memref.dealloc %in1_flat : memref<1134xbf16>
  memref.dealloc %out_flat : memref<1470xf32>
  return
}

// 5 rows by 3, each a sum of 138: 69 pairs
func.func private @rows(%sum: memref<i64>) {
  %zero = arith.constant 0.0 : f32
  %in0_flat = memref.alloc() : memref<690xbf16>
  %in0 = memref.expand_shape %in0_flat [[0, 1]] output_shape [5, 138] : memref<690xbf16> into memref<5x138xbf16>
  %in0_any = memref.cast %in0_flat : memref<690xbf16> to memref<?xbf16>
  call @fill_narrow(%in0_any) : (memref<?xbf16>) -> ()
  %in1_flat = memref.alloc() : memref<414xbf16>
  %in1 = memref.expand_shape %in1_flat [[0, 1]] output_shape [3, 138] : memref<414xbf16> into memref<3x138xbf16>
  %in1_any = memref.cast %in1_flat : memref<414xbf16> to memref<?xbf16>
  call @fill_narrow(%in1_any) : (memref<?xbf16>) -> ()
  %out_flat = memref.alloc() : memref<15xf32>
  %out = memref.expand_shape %out_flat [[0, 1]] output_shape [5, 3] : memref<15xf32> into memref<5x3xf32>
  linalg.fill ins(%zero : f32) outs(%out : memref<5x3xf32>)
  linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%in0, %in1 : memref<5x138xbf16>, memref<3x138xbf16>) outs(%out : memref<5x3xf32>) {
  ^bb0(%a: bf16, %b: bf16, %o: f32):
    %m = nn.widening_mul %a, %b : bf16 -> f32
    %s = arith.addf %o, %m : f32
    linalg.yield %s : f32
  }
  %out_any = memref.cast %out_flat : memref<15xf32> to memref<?xf32>
  call @check_f32(%out_any, %sum) : (memref<?xf32>, memref<i64>) -> ()
  memref.dealloc %in0_flat : memref<690xbf16>
  memref.dealloc %in1_flat : memref<414xbf16>
  memref.dealloc %out_flat : memref<15xf32>
  return
}

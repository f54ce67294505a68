// RUN: cat %s %S/Inputs/checksum.mlir > %t.mlir
// RUN: tally-opt %t.mlir --convert-linalg-to-loops | mlir-opt --test-lower-to-llvm | mlir-runner --entry-point-result=i64 > %t.loops
// RUN: tally-opt %t.mlir --vectorize-kernels | mlir-opt --test-lower-to-llvm | mlir-runner --entry-point-result=i64 > %t.narrow
// RUN: tally-opt %t.mlir --set-target="target=#tally.target<vector_bits=512,vector_registers=32,l2_bytes=1024>" --vectorize-kernels | sed "s/^module attributes .*/module {/" | mlir-opt --test-lower-to-llvm | mlir-runner --entry-point-result=i64 > %t.wide
// RUN: diff %t.loops %t.narrow
// RUN: diff %t.loops %t.wide
// RUN: tally-opt %t.mlir --vectorize-kernels | FileCheck %s

// Small integers, so that every order of a sum gives the same: the vector loops must agree with the plain loops to the bit, on
// contractions of odd sizes, strides, dilations, groups and in blocks.
// CHECK: func @main
// CHECK-NOT: linalg.
func.func @main() -> i64 {
  %zero = arith.constant 0 : i64
  %sum = memref.alloc() : memref<i64>
  memref.store %zero, %sum[] : memref<i64>
  call @convolution(%sum) : (memref<i64>) -> ()
  call @strided(%sum) : (memref<i64>) -> ()
  call @planar(%sum) : (memref<i64>) -> ()
  call @weight_gradient(%sum) : (memref<i64>) -> ()
  %r = memref.load %sum[] : memref<i64>
  memref.dealloc %sum : memref<i64>
  return %r : i64
}

// channels last, odd sizes
func.func private @convolution(%sum: memref<i64>) {
  %zero = arith.constant 0.0 : f32
  %in0_flat = memref.alloc() : memref<630xf32>
  %in0 = memref.expand_shape %in0_flat [[0, 1, 2, 3]] output_shape [2, 7, 9, 5] : memref<630xf32> into memref<2x7x9x5xf32>
  %in0_any = memref.cast %in0_flat : memref<630xf32> to memref<?xf32>
  call @fill(%in0_any) : (memref<?xf32>) -> ()
  %in1_flat = memref.alloc() : memref<855xf32>
  %in1 = memref.expand_shape %in1_flat [[0, 1, 2, 3]] output_shape [3, 3, 5, 19] : memref<855xf32> into memref<3x3x5x19xf32>
  %in1_any = memref.cast %in1_flat : memref<855xf32> to memref<?xf32>
  call @fill(%in1_any) : (memref<?xf32>) -> ()
  %out0_flat = memref.alloc() : memref<1330xf32>
  %out0 = memref.expand_shape %out0_flat [[0, 1, 2, 3]] output_shape [2, 5, 7, 19] : memref<1330xf32> into memref<2x5x7x19xf32>
  linalg.fill ins(%zero : f32) outs(%out0 : memref<2x5x7x19xf32>)
  linalg.generic {indexing_maps = [affine_map<(n, h, w, k, r, s, c) -> (n, h + r, w + s, c)>, affine_map<(n, h, w, k, r, s, c) -> (r, s, c, k)>, affine_map<(n, h, w, k, r, s, c) -> (n, h, w, k)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]} ins(%in0, %in1 : memref<2x7x9x5xf32>, memref<3x3x5x19xf32>) outs(%out0 : memref<2x5x7x19xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %o, %m : f32
    linalg.yield %s : f32
  }
  %out0_any = memref.cast %out0_flat : memref<1330xf32> to memref<?xf32>
  call @check_f32(%out0_any, %sum) : (memref<?xf32>, memref<i64>) -> ()
  memref.dealloc %in0_flat : memref<630xf32>
  memref.dealloc %in1_flat : memref<855xf32>
  memref.dealloc %out0_flat : memref<1330xf32>
  return
}

// stride 2, dilation 2
func.func private @strided(%sum: memref<i64>) {
  %zero = arith.constant 0.0 : f32
  %in0_flat = memref.alloc() : memref<378xf32>
  %in0 = memref.expand_shape %in0_flat [[0, 1, 2, 3]] output_shape [2, 9, 7, 3] : memref<378xf32> into memref<2x9x7x3xf32>
  %in0_any = memref.cast %in0_flat : memref<378xf32> to memref<?xf32>
  call @fill(%in0_any) : (memref<?xf32>) -> ()
  %in1_flat = memref.alloc() : memref<594xf32>
  %in1 = memref.expand_shape %in1_flat [[0, 1, 2, 3]] output_shape [3, 2, 3, 33] : memref<594xf32> into memref<3x2x3x33xf32>
  %in1_any = memref.cast %in1_flat : memref<594xf32> to memref<?xf32>
  call @fill(%in1_any) : (memref<?xf32>) -> ()
  %out0_flat = memref.alloc() : memref<594xf32>
  %out0 = memref.expand_shape %out0_flat [[0, 1, 2, 3]] output_shape [2, 3, 3, 33] : memref<594xf32> into memref<2x3x3x33xf32>
  linalg.fill ins(%zero : f32) outs(%out0 : memref<2x3x3x33xf32>)
  linalg.generic {indexing_maps = [affine_map<(n, h, w, k, r, s, c) -> (n, h * 2 + r * 2, w * 2 + s * 2, c)>, affine_map<(n, h, w, k, r, s, c) -> (r, s, c, k)>, affine_map<(n, h, w, k, r, s, c) -> (n, h, w, k)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]} ins(%in0, %in1 : memref<2x9x7x3xf32>, memref<3x2x3x33xf32>) outs(%out0 : memref<2x3x3x33xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %o, %m : f32
    linalg.yield %s : f32
  }
  %out0_any = memref.cast %out0_flat : memref<594xf32> to memref<?xf32>
  call @check_f32(%out0_any, %sum) : (memref<?xf32>, memref<i64>) -> ()
  memref.dealloc %in0_flat : memref<378xf32>
  memref.dealloc %in1_flat : memref<594xf32>
  memref.dealloc %out0_flat : memref<594xf32>
  return
}

// planes, groups: the vector is a row of the image
func.func private @planar(%sum: memref<i64>) {
  %zero = arith.constant 0.0 : f32
  %in0_flat = memref.alloc() : memref<1260xf32>
  %in0 = memref.expand_shape %in0_flat [[0, 1, 2, 3, 4]] output_shape [2, 2, 3, 7, 15] : memref<1260xf32> into memref<2x2x3x7x15xf32>
  %in0_any = memref.cast %in0_flat : memref<1260xf32> to memref<?xf32>
  call @fill(%in0_any) : (memref<?xf32>) -> ()
  %in1_flat = memref.alloc() : memref<162xf32>
  %in1 = memref.expand_shape %in1_flat [[0, 1, 2, 3, 4]] output_shape [2, 3, 3, 3, 3] : memref<162xf32> into memref<2x3x3x3x3xf32>
  %in1_any = memref.cast %in1_flat : memref<162xf32> to memref<?xf32>
  call @fill(%in1_any) : (memref<?xf32>) -> ()
  %out0_flat = memref.alloc() : memref<780xf32>
  %out0 = memref.expand_shape %out0_flat [[0, 1, 2, 3, 4]] output_shape [2, 2, 3, 5, 13] : memref<780xf32> into memref<2x2x3x5x13xf32>
  linalg.fill ins(%zero : f32) outs(%out0 : memref<2x2x3x5x13xf32>)
  linalg.generic {indexing_maps = [affine_map<(n, q, k, h, w, c, r, s) -> (n, q, c, h + r, w + s)>, affine_map<(n, q, k, h, w, c, r, s) -> (q, k, c, r, s)>, affine_map<(n, q, k, h, w, c, r, s) -> (n, q, k, h, w)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]} ins(%in0, %in1 : memref<2x2x3x7x15xf32>, memref<2x3x3x3x3xf32>) outs(%out0 : memref<2x2x3x5x13xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %o, %m : f32
    linalg.yield %s : f32
  }
  %out0_any = memref.cast %out0_flat : memref<780xf32> to memref<?xf32>
  call @check_f32(%out0_any, %sum) : (memref<?xf32>, memref<i64>) -> ()
  memref.dealloc %in0_flat : memref<1260xf32>
  memref.dealloc %in1_flat : memref<162xf32>
  memref.dealloc %out0_flat : memref<780xf32>
  return
}

// a long reduction, accumulated in blocks
func.func private @weight_gradient(%sum: memref<i64>) {
  %zero = arith.constant 0.0 : f32
  %in0_flat = memref.alloc() : memref<3960xf32>
  %in0 = memref.expand_shape %in0_flat [[0, 1, 2, 3]] output_shape [8, 9, 11, 5] : memref<3960xf32> into memref<8x9x11x5xf32>
  %in0_any = memref.cast %in0_flat : memref<3960xf32> to memref<?xf32>
  call @fill(%in0_any) : (memref<?xf32>) -> ()
  %in1_flat = memref.alloc() : memref<5544xf32>
  %in1 = memref.expand_shape %in1_flat [[0, 1, 2, 3]] output_shape [8, 7, 9, 11] : memref<5544xf32> into memref<8x7x9x11xf32>
  %in1_any = memref.cast %in1_flat : memref<5544xf32> to memref<?xf32>
  call @fill(%in1_any) : (memref<?xf32>) -> ()
  %out0_flat = memref.alloc() : memref<495xf32>
  %out0 = memref.expand_shape %out0_flat [[0, 1, 2, 3]] output_shape [3, 3, 5, 11] : memref<495xf32> into memref<3x3x5x11xf32>
  linalg.fill ins(%zero : f32) outs(%out0 : memref<3x3x5x11xf32>)
  linalg.generic {indexing_maps = [affine_map<(r, s, c, k, n, h, w) -> (n, h + r, w + s, c)>, affine_map<(r, s, c, k, n, h, w) -> (n, h, w, k)>, affine_map<(r, s, c, k, n, h, w) -> (r, s, c, k)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]} ins(%in0, %in1 : memref<8x9x11x5xf32>, memref<8x7x9x11xf32>) outs(%out0 : memref<3x3x5x11xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %o, %m : f32
    linalg.yield %s : f32
  }
  %out0_any = memref.cast %out0_flat : memref<495xf32> to memref<?xf32>
  call @check_f32(%out0_any, %sum) : (memref<?xf32>, memref<i64>) -> ()
  memref.dealloc %in0_flat : memref<3960xf32>
  memref.dealloc %in1_flat : memref<5544xf32>
  memref.dealloc %out0_flat : memref<495xf32>
  return
}

// RUN: cat %s %S/Inputs/checksum.mlir > %t.mlir
// RUN: tally-opt %t.mlir --convert-linalg-to-loops | mlir-opt --test-lower-to-llvm | mlir-runner --entry-point-result=i64 > %t.loops
// RUN: tally-opt %t.mlir --vectorize-kernels | mlir-opt --test-lower-to-llvm | mlir-runner --entry-point-result=i64 > %t.narrow
// RUN: tally-opt %t.mlir --set-target="target=#tally.target<vector_bits=512,vector_registers=32,l2_bytes=1024>" --vectorize-kernels | sed "s/^module attributes .*/module {/" | mlir-opt --test-lower-to-llvm | mlir-runner --entry-point-result=i64 > %t.wide
// RUN: diff %t.loops %t.narrow
// RUN: diff %t.loops %t.wide
// RUN: tally-opt %t.mlir --vectorize-kernels | FileCheck %s

// Small integers, so that every order of a sum gives the same: the vector loops must agree with the plain loops to the bit, on sums in
// lanes, overlapping outputs, several outputs, positions and gathers.
// CHECK: func @main
// CHECK-NOT: linalg.
func.func @main() -> i64 {
  %zero = arith.constant 0 : i64
  %sum = memref.alloc() : memref<i64>
  memref.store %zero, %sum[] : memref<i64>
  call @planar_weight_gradient(%sum) : (memref<i64>) -> ()
  call @scatter(%sum) : (memref<i64>) -> ()
  call @matrix(%sum) : (memref<i64>) -> ()
  call @sums(%sum) : (memref<i64>) -> ()
  call @mixed(%sum) : (memref<i64>) -> ()
  call @pooling(%sum) : (memref<i64>) -> ()
  call @elementwise(%sum) : (memref<i64>) -> ()
  call @transposed(%sum) : (memref<i64>) -> ()
  call @gathered(%sum) : (memref<i64>) -> ()
  call @flipped(%sum) : (memref<i64>) -> ()
  %r = memref.load %sum[] : memref<i64>
  memref.dealloc %sum : memref<i64>
  return %r : i64
}

// lanes are partial sums
func.func private @planar_weight_gradient(%sum: memref<i64>) {
  %zero = arith.constant 0.0 : f32
  %in0_flat = memref.alloc() : memref<966xf32>
  %in0 = memref.expand_shape %in0_flat [[0, 1, 2, 3]] output_shape [3, 2, 7, 23] : memref<966xf32> into memref<3x2x7x23xf32>
  %in0_any = memref.cast %in0_flat : memref<966xf32> to memref<?xf32>
  call @fill(%in0_any) : (memref<?xf32>) -> ()
  %in1_flat = memref.alloc() : memref<945xf32>
  %in1 = memref.expand_shape %in1_flat [[0, 1, 2, 3]] output_shape [3, 3, 5, 21] : memref<945xf32> into memref<3x3x5x21xf32>
  %in1_any = memref.cast %in1_flat : memref<945xf32> to memref<?xf32>
  call @fill(%in1_any) : (memref<?xf32>) -> ()
  %out0_flat = memref.alloc() : memref<54xf32>
  %out0 = memref.expand_shape %out0_flat [[0, 1, 2, 3]] output_shape [3, 2, 3, 3] : memref<54xf32> into memref<3x2x3x3xf32>
  linalg.fill ins(%zero : f32) outs(%out0 : memref<3x2x3x3xf32>)
  linalg.generic {indexing_maps = [affine_map<(k, c, r, s, n, h, w) -> (n, c, h + r, w + s)>, affine_map<(k, c, r, s, n, h, w) -> (n, k, h, w)>, affine_map<(k, c, r, s, n, h, w) -> (k, c, r, s)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]} ins(%in0, %in1 : memref<3x2x7x23xf32>, memref<3x3x5x21xf32>) outs(%out0 : memref<3x2x3x3xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %o, %m : f32
    linalg.yield %s : f32
  }
  %out0_any = memref.cast %out0_flat : memref<54xf32> to memref<?xf32>
  call @check_f32(%out0_any, %sum) : (memref<?xf32>, memref<i64>) -> ()
  memref.dealloc %in0_flat : memref<966xf32>
  memref.dealloc %in1_flat : memref<945xf32>
  memref.dealloc %out0_flat : memref<54xf32>
  return
}

// outputs that overlap
func.func private @scatter(%sum: memref<i64>) {
  %zero = arith.constant 0.0 : f32
  %in0_flat = memref.alloc() : memref<200xf32>
  %in0 = memref.expand_shape %in0_flat [[0, 1, 2, 3]] output_shape [2, 5, 4, 5] : memref<200xf32> into memref<2x5x4x5xf32>
  %in0_any = memref.cast %in0_flat : memref<200xf32> to memref<?xf32>
  call @fill(%in0_any) : (memref<?xf32>) -> ()
  %in1_flat = memref.alloc() : memref<135xf32>
  %in1 = memref.expand_shape %in1_flat [[0, 1, 2, 3]] output_shape [5, 3, 3, 3] : memref<135xf32> into memref<5x3x3x3xf32>
  %in1_any = memref.cast %in1_flat : memref<135xf32> to memref<?xf32>
  call @fill(%in1_any) : (memref<?xf32>) -> ()
  %out0_flat = memref.alloc() : memref<594xf32>
  %out0 = memref.expand_shape %out0_flat [[0, 1, 2, 3]] output_shape [2, 3, 9, 11] : memref<594xf32> into memref<2x3x9x11xf32>
  linalg.fill ins(%zero : f32) outs(%out0 : memref<2x3x9x11xf32>)
  linalg.generic {indexing_maps = [affine_map<(n, c, k, h, w, r, s) -> (n, k, h, w)>, affine_map<(n, c, k, h, w, r, s) -> (k, c, r, s)>, affine_map<(n, c, k, h, w, r, s) -> (n, c, h * 2 + r, w * 2 + s)>], iterator_types = ["parallel", "parallel", "reduction", "reduction", "reduction", "reduction", "reduction"]} ins(%in0, %in1 : memref<2x5x4x5xf32>, memref<5x3x3x3xf32>) outs(%out0 : memref<2x3x9x11xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %o, %m : f32
    linalg.yield %s : f32
  }
  %out0_any = memref.cast %out0_flat : memref<594xf32> to memref<?xf32>
  call @check_f32(%out0_any, %sum) : (memref<?xf32>, memref<i64>) -> ()
  memref.dealloc %in0_flat : memref<200xf32>
  memref.dealloc %in1_flat : memref<135xf32>
  memref.dealloc %out0_flat : memref<594xf32>
  return
}

// transposed right side
func.func private @matrix(%sum: memref<i64>) {
  %zero = arith.constant 0.0 : f32
  %in0_flat = memref.alloc() : memref<333xf32>
  %in0 = memref.expand_shape %in0_flat [[0, 1]] output_shape [9, 37] : memref<333xf32> into memref<9x37xf32>
  %in0_any = memref.cast %in0_flat : memref<333xf32> to memref<?xf32>
  call @fill(%in0_any) : (memref<?xf32>) -> ()
  %in1_flat = memref.alloc() : memref<370xf32>
  %in1 = memref.expand_shape %in1_flat [[0, 1]] output_shape [10, 37] : memref<370xf32> into memref<10x37xf32>
  %in1_any = memref.cast %in1_flat : memref<370xf32> to memref<?xf32>
  call @fill(%in1_any) : (memref<?xf32>) -> ()
  %out0_flat = memref.alloc() : memref<90xf32>
  %out0 = memref.expand_shape %out0_flat [[0, 1]] output_shape [9, 10] : memref<90xf32> into memref<9x10xf32>
  linalg.fill ins(%zero : f32) outs(%out0 : memref<9x10xf32>)
  linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%in0, %in1 : memref<9x37xf32>, memref<10x37xf32>) outs(%out0 : memref<9x10xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %o, %m : f32
    linalg.yield %s : f32
  }
  %out0_any = memref.cast %out0_flat : memref<90xf32> to memref<?xf32>
  call @check_f32(%out0_any, %sum) : (memref<?xf32>, memref<i64>) -> ()
  memref.dealloc %in0_flat : memref<333xf32>
  memref.dealloc %in1_flat : memref<370xf32>
  memref.dealloc %out0_flat : memref<90xf32>
  return
}

// two results of one reduction
func.func private @sums(%sum: memref<i64>) {
  %zero = arith.constant 0.0 : f32
  %in0_flat = memref.alloc() : memref<399xf32>
  %in0 = memref.expand_shape %in0_flat [[0, 1, 2]] output_shape [3, 7, 19] : memref<399xf32> into memref<3x7x19xf32>
  %in0_any = memref.cast %in0_flat : memref<399xf32> to memref<?xf32>
  call @fill(%in0_any) : (memref<?xf32>) -> ()
  %in1 = memref.alloc() : memref<19xf32>
  %in1_any = memref.cast %in1 : memref<19xf32> to memref<?xf32>
  call @fill(%in1_any) : (memref<?xf32>) -> ()
  %out0 = memref.alloc() : memref<19xf32>
  %out1 = memref.alloc() : memref<19xf32>
  linalg.fill ins(%zero : f32) outs(%out0 : memref<19xf32>)
  linalg.fill ins(%zero : f32) outs(%out1 : memref<19xf32>)
  linalg.generic {indexing_maps = [affine_map<(n, h, c) -> (n, h, c)>, affine_map<(n, h, c) -> (c)>, affine_map<(n, h, c) -> (c)>, affine_map<(n, h, c) -> (c)>], iterator_types = ["reduction", "reduction", "parallel"]} ins(%in0, %in1 : memref<3x7x19xf32>, memref<19xf32>) outs(%out0, %out1 : memref<19xf32>, memref<19xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32, %p: f32):
    %d = arith.subf %a, %b : f32
    %q = arith.mulf %d, %a : f32
    %s = arith.addf %o, %d : f32
    %t = arith.addf %p, %q : f32
    linalg.yield %s, %t : f32, f32
  }
  %out0_any = memref.cast %out0 : memref<19xf32> to memref<?xf32>
  call @check_f32(%out0_any, %sum) : (memref<?xf32>, memref<i64>) -> ()
  %out1_any = memref.cast %out1 : memref<19xf32> to memref<?xf32>
  call @check_f32(%out1_any, %sum) : (memref<?xf32>, memref<i64>) -> ()
  memref.dealloc %in0_flat : memref<399xf32>
  memref.dealloc %in1 : memref<19xf32>
  memref.dealloc %out0 : memref<19xf32>
  memref.dealloc %out1 : memref<19xf32>
  return
}

// a result for each element beside a sum
func.func private @mixed(%sum: memref<i64>) {
  %zero = arith.constant 0.0 : f32
  %in0_flat = memref.alloc() : memref<87xf32>
  %in0 = memref.expand_shape %in0_flat [[0, 1]] output_shape [3, 29] : memref<87xf32> into memref<3x29xf32>
  %in0_any = memref.cast %in0_flat : memref<87xf32> to memref<?xf32>
  call @fill(%in0_any) : (memref<?xf32>) -> ()
  %out0_flat = memref.alloc() : memref<87xf32>
  %out0 = memref.expand_shape %out0_flat [[0, 1]] output_shape [3, 29] : memref<87xf32> into memref<3x29xf32>
  %out1 = memref.alloc() : memref<3xf32>
  linalg.fill ins(%zero : f32) outs(%out0 : memref<3x29xf32>)
  linalg.fill ins(%zero : f32) outs(%out1 : memref<3xf32>)
  linalg.generic {indexing_maps = [affine_map<(n, h) -> (n, h)>, affine_map<(n, h) -> (n, h)>, affine_map<(n, h) -> (n)>], iterator_types = ["parallel", "reduction"]} ins(%in0 : memref<3x29xf32>) outs(%out0, %out1 : memref<3x29xf32>, memref<3xf32>) {
  ^bb0(%a: f32, %o: f32, %p: f32):
    %d = arith.mulf %a, %a : f32
    %s = arith.addf %p, %d : f32
    linalg.yield %d, %s : f32, f32
  }
  %out0_any = memref.cast %out0_flat : memref<87xf32> to memref<?xf32>
  call @check_f32(%out0_any, %sum) : (memref<?xf32>, memref<i64>) -> ()
  %out1_any = memref.cast %out1 : memref<3xf32> to memref<?xf32>
  call @check_f32(%out1_any, %sum) : (memref<?xf32>, memref<i64>) -> ()
  memref.dealloc %in0_flat : memref<87xf32>
  memref.dealloc %out0_flat : memref<87xf32>
  memref.dealloc %out1 : memref<3xf32>
  return
}

// a maximum and its position
func.func private @pooling(%sum: memref<i64>) {
  %zero = arith.constant 0.0 : f32
  %in0_flat = memref.alloc() : memref<648xf32>
  %in0 = memref.expand_shape %in0_flat [[0, 1, 2, 3]] output_shape [2, 6, 6, 9] : memref<648xf32> into memref<2x6x6x9xf32>
  %in0_any = memref.cast %in0_flat : memref<648xf32> to memref<?xf32>
  call @fill(%in0_any) : (memref<?xf32>) -> ()
  %in1_flat = memref.alloc() : memref<4xf32>
  %in1 = memref.expand_shape %in1_flat [[0, 1]] output_shape [2, 2] : memref<4xf32> into memref<2x2xf32>
  %in1_any = memref.cast %in1_flat : memref<4xf32> to memref<?xf32>
  call @fill(%in1_any) : (memref<?xf32>) -> ()
  %out0_flat = memref.alloc() : memref<162xf32>
  %out0 = memref.expand_shape %out0_flat [[0, 1, 2, 3]] output_shape [2, 3, 3, 9] : memref<162xf32> into memref<2x3x3x9xf32>
  %out1_flat = memref.alloc() : memref<162xindex>
  %out1 = memref.expand_shape %out1_flat [[0, 1, 2, 3]] output_shape [2, 3, 3, 9] : memref<162xindex> into memref<2x3x3x9xindex>
  %c0 = arith.constant 0 : index
  linalg.fill ins(%zero : f32) outs(%out0 : memref<2x3x3x9xf32>)
  linalg.fill ins(%c0 : index) outs(%out1 : memref<2x3x3x9xindex>)
  linalg.generic {indexing_maps = [affine_map<(n, h, w, c, r, s) -> (n, h * 2 + r, w * 2 + s, c)>, affine_map<(n, h, w, c, r, s) -> (r, s)>, affine_map<(n, h, w, c, r, s) -> (n, h, w, c)>, affine_map<(n, h, w, c, r, s) -> (n, h, w, c)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%in0, %in1 : memref<2x6x6x9xf32>, memref<2x2xf32>) outs(%out0, %out1 : memref<2x3x3x9xf32>, memref<2x3x3x9xindex>) {
  ^bb0(%a: f32, %b: f32, %o: f32, %p: index):
    %i = linalg.index 4 : index
    %j = linalg.index 5 : index
    %two_ = arith.constant 2 : index
    %l = arith.muli %i, %two_ : index
    %k = arith.addi %l, %j : index
    %g = arith.cmpf ogt, %a, %o : f32
    %s = arith.select %g, %a, %o : f32
    %t = arith.select %g, %k, %p : index
    linalg.yield %s, %t : f32, index
  }
  %out0_any = memref.cast %out0_flat : memref<162xf32> to memref<?xf32>
  call @check_f32(%out0_any, %sum) : (memref<?xf32>, memref<i64>) -> ()
  %out1_any = memref.cast %out1_flat : memref<162xindex> to memref<?xindex>
  call @check_index(%out1_any, %sum) : (memref<?xindex>, memref<i64>) -> ()
  memref.dealloc %in0_flat : memref<648xf32>
  memref.dealloc %in1_flat : memref<4xf32>
  memref.dealloc %out0_flat : memref<162xf32>
  memref.dealloc %out1_flat : memref<162xindex>
  return
}

// broadcast, relu, position of the lane
func.func private @elementwise(%sum: memref<i64>) {
  %zero = arith.constant 0.0 : f32
  %in0_flat = memref.alloc() : memref<315xf32>
  %in0 = memref.expand_shape %in0_flat [[0, 1, 2, 3]] output_shape [3, 5, 3, 7] : memref<315xf32> into memref<3x5x3x7xf32>
  %in0_any = memref.cast %in0_flat : memref<315xf32> to memref<?xf32>
  call @fill(%in0_any) : (memref<?xf32>) -> ()
  %in1 = memref.alloc() : memref<5xf32>
  %in1_any = memref.cast %in1 : memref<5xf32> to memref<?xf32>
  call @fill(%in1_any) : (memref<?xf32>) -> ()
  %out0_flat = memref.alloc() : memref<315xf32>
  %out0 = memref.expand_shape %out0_flat [[0, 1, 2, 3]] output_shape [3, 5, 3, 7] : memref<315xf32> into memref<3x5x3x7xf32>
  linalg.fill ins(%zero : f32) outs(%out0 : memref<3x5x3x7xf32>)
  linalg.generic {indexing_maps = [affine_map<(n, c, h, w) -> (n, c, h, w)>, affine_map<(n, c, h, w) -> (c)>, affine_map<(n, c, h, w) -> (n, c, h, w)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%in0, %in1 : memref<3x5x3x7xf32>, memref<5xf32>) outs(%out0 : memref<3x5x3x7xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    %z = arith.constant 0.0 : f32
    %s = arith.maximumf %m, %z : f32
    %i = linalg.index 3 : index
    %j = arith.index_cast %i : index to i32
    %f = arith.sitofp %j : i32 to f32
    %u = arith.addf %s, %f : f32
    linalg.yield %u : f32
  }
  %out0_any = memref.cast %out0_flat : memref<315xf32> to memref<?xf32>
  call @check_f32(%out0_any, %sum) : (memref<?xf32>, memref<i64>) -> ()
  memref.dealloc %in0_flat : memref<315xf32>
  memref.dealloc %in1 : memref<5xf32>
  memref.dealloc %out0_flat : memref<315xf32>
  return
}

// a copy against the grain
func.func private @transposed(%sum: memref<i64>) {
  %zero = arith.constant 0.0 : f32
  %in0_flat = memref.alloc() : memref<189xf32>
  %in0 = memref.expand_shape %in0_flat [[0, 1]] output_shape [21, 9] : memref<189xf32> into memref<21x9xf32>
  %in0_any = memref.cast %in0_flat : memref<189xf32> to memref<?xf32>
  call @fill(%in0_any) : (memref<?xf32>) -> ()
  %out0_flat = memref.alloc() : memref<189xf32>
  %out0 = memref.expand_shape %out0_flat [[0, 1]] output_shape [9, 21] : memref<189xf32> into memref<9x21xf32>
  linalg.fill ins(%zero : f32) outs(%out0 : memref<9x21xf32>)
  linalg.generic {indexing_maps = [affine_map<(a, b) -> (b, a)>, affine_map<(a, b) -> (a, b)>], iterator_types = ["parallel", "parallel"]} ins(%in0 : memref<21x9xf32>) outs(%out0 : memref<9x21xf32>) {
  ^bb0(%a: f32, %o: f32):
    linalg.yield %a : f32
  }
  %out0_any = memref.cast %out0_flat : memref<189xf32> to memref<?xf32>
  call @check_f32(%out0_any, %sum) : (memref<?xf32>, memref<i64>) -> ()
  memref.dealloc %in0_flat : memref<189xf32>
  memref.dealloc %out0_flat : memref<189xf32>
  return
}

// an element picked by position: scalar loops
func.func private @gathered(%sum: memref<i64>) {
  %zero = arith.constant 0.0 : f32
  %in0 = memref.alloc() : memref<9xf32>
  %in0_any = memref.cast %in0 : memref<9xf32> to memref<?xf32>
  call @fill(%in0_any) : (memref<?xf32>) -> ()
  %out0 = memref.alloc() : memref<9xf32>
  linalg.fill ins(%zero : f32) outs(%out0 : memref<9xf32>)
  linalg.generic {indexing_maps = [affine_map<(a) -> (a)>, affine_map<(a) -> (a)>], iterator_types = ["parallel"]} ins(%in0 : memref<9xf32>) outs(%out0 : memref<9xf32>) {
  ^bb0(%a: f32, %o: f32):
    %i = linalg.index 0 : index
    %e = arith.constant 8 : index
    %j = arith.subi %e, %i : index
    %x = memref.load %in0[%j] : memref<9xf32>
    %s = arith.addf %x, %a : f32
    linalg.yield %s : f32
  }
  %out0_any = memref.cast %out0 : memref<9xf32> to memref<?xf32>
  call @check_f32(%out0_any, %sum) : (memref<?xf32>, memref<i64>) -> ()
  memref.dealloc %in0 : memref<9xf32>
  memref.dealloc %out0 : memref<9xf32>
  return
}

// a window read backwards
func.func private @flipped(%sum: memref<i64>) {
  %zero = arith.constant 0.0 : f32
  %in0 = memref.alloc() : memref<11xf32>
  %in0_any = memref.cast %in0 : memref<11xf32> to memref<?xf32>
  call @fill(%in0_any) : (memref<?xf32>) -> ()
  %in1 = memref.alloc() : memref<3xf32>
  %in1_any = memref.cast %in1 : memref<3xf32> to memref<?xf32>
  call @fill(%in1_any) : (memref<?xf32>) -> ()
  %out0 = memref.alloc() : memref<9xf32>
  linalg.fill ins(%zero : f32) outs(%out0 : memref<9xf32>)
  linalg.generic {indexing_maps = [affine_map<(h, r) -> (h - r + 2)>, affine_map<(h, r) -> (r)>, affine_map<(h, r) -> (h)>], iterator_types = ["parallel", "reduction"]} ins(%in0, %in1 : memref<11xf32>, memref<3xf32>) outs(%out0 : memref<9xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %o, %m : f32
    linalg.yield %s : f32
  }
  %out0_any = memref.cast %out0 : memref<9xf32> to memref<?xf32>
  call @check_f32(%out0_any, %sum) : (memref<?xf32>, memref<i64>) -> ()
  memref.dealloc %in0 : memref<11xf32>
  memref.dealloc %in1 : memref<3xf32>
  memref.dealloc %out0 : memref<9xf32>
  return
}

// RUN: tally-opt %s --vectorize-kernels | FileCheck %s
// RUN: tally-opt %s --pass-pipeline="builtin.module(vectorize-kernels,func.func(expand-strided-metadata,lower-affine,convert-scf-to-cf),convert-kernels-to-llvm)" | FileCheck %s --check-prefix=LLVM

#row = affine_map<(i, j) -> (i, j)>

// 16 MiB, 64 times the second cache: lines that are stored whole are not read first, and others see them when the kernel ends.
// CHECK-LABEL: func private @large(
// CHECK: vector.store {{.*}} {alignment = 32 : i64, nontemporal = true}
// LLVM-LABEL: llvm.func internal @large(
// LLVM: llvm.store {{.*}} {alignment = 32 : i64, nontemporal}
// LLVM: llvm.fence seq_cst
// LLVM-NEXT: llvm.return
func.func private @large(%x: memref<4096x1024xf32>, %y: memref<4096x1024xf32>) attributes {tally.kernel} {
  linalg.generic {indexing_maps = [#row, #row], iterator_types = ["parallel", "parallel"]} ins(%x : memref<4096x1024xf32>) outs(%y : memref<4096x1024xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %a, %a : f32
    linalg.yield %s : f32
  }
  return
}

// What a cache may hold.
// CHECK-LABEL: func private @small(
// CHECK-NOT: nontemporal
// LLVM-LABEL: llvm.func internal @small(
// LLVM-NOT: llvm.fence
func.func private @small(%x: memref<1024x1024xf32>, %y: memref<1024x1024xf32>) attributes {tally.kernel} {
  linalg.generic {indexing_maps = [#row, #row], iterator_types = ["parallel", "parallel"]} ins(%x : memref<1024x1024xf32>) outs(%y : memref<1024x1024xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %a, %a : f32
    linalg.yield %s : f32
  }
  return
}

// Rows of 96 bytes: parts of lines are stored by two rows.
// CHECK-LABEL: func private @parts(
// CHECK-NOT: nontemporal
func.func private @parts(%x: memref<262144x24xf32>, %y: memref<262144x32xf32>) attributes {tally.kernel} {
  %inside = memref.subview %y[0, 4] [262144, 24] [1, 1] : memref<262144x32xf32> to memref<262144x24xf32, strided<[32, 1], offset: 4>>
  linalg.generic {indexing_maps = [#row, #row], iterator_types = ["parallel", "parallel"]} ins(%x : memref<262144x24xf32>) outs(%inside : memref<262144x24xf32, strided<[32, 1], offset: 4>>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %a, %a : f32
    linalg.yield %s : f32
  }
  return
}

// A sum is stored more than once.
// CHECK-LABEL: func private @sums(
// CHECK-NOT: nontemporal
func.func private @sums(%x: memref<4x4096x1024xf32>, %y: memref<4096x1024xf32>) attributes {tally.kernel} {
  linalg.generic {indexing_maps = [affine_map<(k, i, j) -> (k, i, j)>, affine_map<(k, i, j) -> (i, j)>], iterator_types = ["reduction", "parallel", "parallel"]} ins(%x : memref<4x4096x1024xf32>) outs(%y : memref<4096x1024xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %a, %o : f32
    linalg.yield %s : f32
  }
  return
}

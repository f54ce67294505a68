// RUN: tally-opt %s --vectorize-kernels | FileCheck %s

#image = affine_map<(n, k, w, c, l) -> (n, w, c)>
#weight = affine_map<(n, k, w, c, l) -> (k, c, l)>
#result = affine_map<(n, k, w, c, l) -> (n, k, w, l)>

// All weights are 1 MB, four times the second cache; a panel of them (64 KB) stays there while the images (32 KB each) go by. So k is the
// outer loop, the one that threads share.
// CHECK-LABEL: func.func private @large(
// CHECK: scf.parallel {{.*}} to (%c16)
func.func private @large(%x: memref<128x8x1024xf32>, %w: memref<16x1024x16xf32>, %y: memref<128x16x8x16xf32>) {
  linalg.generic {indexing_maps = [#image, #weight, #result], iterator_types = ["parallel", "parallel", "parallel", "reduction", "parallel"]}
      ins(%x, %w : memref<128x8x1024xf32>, memref<16x1024x16xf32>) outs(%y : memref<128x16x8x16xf32>) {
  ^bb0(%a: f32, %b: f32, %old: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %old, %p : f32
    linalg.yield %s : f32
  }
  return
}

// All weights stay in the cache: an image is read once, in the order of the op.
// CHECK-LABEL: func.func private @small(
// CHECK: scf.parallel {{.*}} to (%c128)
func.func private @small(%x: memref<128x8x64xf32>, %w: memref<16x64x16xf32>, %y: memref<128x16x8x16xf32>) {
  linalg.generic {indexing_maps = [#image, #weight, #result], iterator_types = ["parallel", "parallel", "parallel", "reduction", "parallel"]}
      ins(%x, %w : memref<128x8x64xf32>, memref<16x64x16xf32>) outs(%y : memref<128x16x8x16xf32>) {
  ^bb0(%a: f32, %b: f32, %old: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %old, %p : f32
    linalg.yield %s : f32
  }
  return
}

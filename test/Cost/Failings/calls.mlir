// F17: a call of a library counts as -1, which is taken from the sum (XLA on GPUs).
//
// Here a product counts before anything is chosen to compute it, and the loops of what was chosen count the same; the loop count follows calls, and takes none on trust.
// RUN: split-file %s %t
// RUN: tally-opt %t/product.mlir --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=PRODUCT
// RUN: tally-opt %t/calls.mlir --count-scalar-ops -o /dev/null | FileCheck %s --check-prefix=CALLS
// RUN: not tally-opt %t/library.mlir --count-scalar-ops -o /dev/null 2>&1 | FileCheck %s --check-prefix=LIBRARY

// Twice the rows, twice the count: 8 and 16 results of 2*5 - 1.
// PRODUCT: @four_rows: 72 operations: add 32, multiply 40
// PRODUCT: @eight_rows: 144 operations: add 64, multiply 80
//--- product.mlir
func.func @four_rows(%x: tensor<4x5xf32>, %w: tensor<5x2xf32>) -> tensor<4x2xf32> {
  %y = nn.matmul %x, %w : tensor<4x5xf32>, tensor<5x2xf32>
  return %y : tensor<4x2xf32>
}
func.func @eight_rows(%x: tensor<8x5xf32>, %w: tensor<5x2xf32>) -> tensor<8x2xf32> {
  %y = nn.matmul %x, %w : tensor<8x5xf32>, tensor<5x2xf32>
  return %y : tensor<8x2xf32>
}

// A kernel costs what it holds, 3, each time it is called.
// CALLS: @twice: 6 operations: add 6
//--- calls.mlir
func.func private @kernel(%x: memref<3xf32>, %y: memref<3xf32>) attributes {tally.kernel} {
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%x : memref<3xf32>) outs(%y : memref<3xf32>) {
  ^bb0(%in: f32, %out: f32):
    %next = arith.addf %in, %in : f32
    linalg.yield %next : f32
  }
  return
}
func.func @twice(%x: memref<3xf32>, %y: memref<3xf32>) {
  func.call @kernel(%x, %y) : (memref<3xf32>, memref<3xf32>) -> ()
  func.call @kernel(%y, %x) : (memref<3xf32>, memref<3xf32>) -> ()
  return
}

// What cannot be looked into has no number.
// LIBRARY: error: 'func.call' op cannot be counted: requires a function with a body, got @gemm
// LIBRARY-NOT: operations
//--- library.mlir
func.func private @gemm(memref<3xf32>)
func.func @calls(%x: memref<3xf32>) {
  func.call @gemm(%x) : (memref<3xf32>) -> ()
  return
}

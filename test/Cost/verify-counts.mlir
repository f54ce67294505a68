// RUN: split-file %s %t
// RUN: not tally-opt %t/undeclared.mlir --verify-counts --cse 2>&1 | FileCheck %s --check-prefix=UNDECLARED
// RUN: tally-opt %t/undeclared.mlir --cse -o /dev/null
// RUN: tally-opt %t/step.mlir --verify-counts --convert-nn-to-linalg --form-kernels --plan-memory --bufferize-kernels | FileCheck %s --check-prefix=DECLARED
// RUN: tally-opt %t/step.mlir --convert-nn-to-linalg --form-kernels | FileCheck %s --check-prefix=RECORD
// RUN: tally-opt %t/step.mlir --convert-nn-to-linalg --form-kernels --count-scalar-ops -o /dev/null | FileCheck %s --check-prefix=EXECUTED
// RUN: tally-opt %t/lanes.mlir --vectorize-kernels | FileCheck %s --check-prefix=LANES
// RUN: tally-opt %t/lanes.mlir --verify-counts --vectorize-kernels --count-scalar-ops -o /dev/null | FileCheck %s --check-prefix=IN-LANES

// A pass that shares work without saying so: named, with the place of the difference.
// UNDECLARED: error: --cse changes what is executed without declaring it
// UNDECLARED: note: @shared, forward of 'second': add f32 -15

//--- undeclared.mlir
#all = affine_map<(i, j) -> (i, j)>
func.func @shared(%x: tensor<3x5xf32>) -> (tensor<3x5xf32>, tensor<3x5xf32>) {
  %empty = tensor.empty() : tensor<3x5xf32>
  %y = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x5xf32>) outs(%empty : tensor<3x5xf32>) {
  ^bb0(%in: f32, %out: f32):
    %next = arith.addf %in, %in : f32 loc("first")
    linalg.yield %next : f32
  } -> tensor<3x5xf32>
  %z = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<3x5xf32>) outs(%empty : tensor<3x5xf32>) {
  ^bb0(%in: f32, %out: f32):
    %next = arith.addf %in, %in : f32 loc("second")
    linalg.yield %next : f32
  } -> tensor<3x5xf32>
  return %y, %z : tensor<3x5xf32>, tensor<3x5xf32>
}

// A kernel starts each sum from zero: 3 additions more than the rules count, which --form-kernels declares (and the check takes).
// DECLARED-NOT: tally.count_changes
// DECLARED: func.func @step
// RECORD: module attributes {tally.count_changes = [{body = "step", layer = "sum", phase = "forward", reason = "zero-started accumulators", surplus = "add f32 3"}]}
// EXECUTED: @step: 15 operations: add 15

//--- step.mlir
train.program @main steps 1 {
  train.parameter @w : tensor<3x5xf32> kind "bias" trained true
  train.state @total : tensor<3xf32> role statistics
  train.segment first 0 steps 1 @step
  train.step @step batch 2 {
    %w = train.read @w : tensor<3x5xf32>
    %y = nn.reduce_sum %w over [1] : tensor<3x5xf32> loc(fused<"forward">["sum"])
    train.write @total, %y : tensor<3xf32>
  }
}

// Each of the 4 sums is kept in lanes, which start from zero: as many additions more as there are lanes, in each of 2 calls.
// LANES: tally.count_changes = [{body = "tally.forward.sum.0", layer = "sum", phase = "forward", reason = "partial sums in lanes", surplus = "add f32 128"}]
// IN-LANES: @step: 768 operations: add 768

//--- lanes.mlir
func.func private @tally.forward.sum.0(%x: memref<4x64xf32>, %y: memref<4xf32>) attributes {tally.kernel} {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]}
      ins(%x : memref<4x64xf32>) outs(%y : memref<4xf32>) {
  ^bb0(%in: f32, %sum: f32):
    %next = arith.addf %sum, %in : f32 loc(fused<"forward">["sum"])
    linalg.yield %next : f32
  }
  return
}
func.func @step(%x: memref<4x64xf32>, %y: memref<4xf32>, %z: memref<4xf32>) {
  func.call @tally.forward.sum.0(%x, %y) : (memref<4x64xf32>, memref<4xf32>) -> ()
  func.call @tally.forward.sum.0(%x, %z) : (memref<4x64xf32>, memref<4xf32>) -> ()
  return
}

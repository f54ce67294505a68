// RUN: tally-opt %s --count-scalar-ops -o /dev/null | FileCheck %s

#all = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>

// CHECK: @sum_from_zero: 12 operations: add 12
func.func @sum_from_zero(%x: tensor<3x5xf32>) -> tensor<3xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<3xf32>
  %start = linalg.fill ins(%zero : f32) outs(%empty : tensor<3xf32>) -> tensor<3xf32>
  %y = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<3x5xf32>) outs(%start : tensor<3xf32>) {
  ^bb0(%in: f32, %sum: f32):
    %next = arith.addf %sum, %in : f32
    linalg.yield %next : f32
  } -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// Added into a value that exists already: K operations.
// CHECK: @sum_into_value: 15 operations: add 15
func.func @sum_into_value(%x: tensor<3x5xf32>, %start: tensor<3xf32>) -> tensor<3xf32> {
  %y = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<3x5xf32>) outs(%start : tensor<3xf32>) {
  ^bb0(%in: f32, %sum: f32):
    %next = arith.addf %sum, %in : f32
    linalg.yield %next : f32
  } -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// 1 is not the neutral element of a sum.
// CHECK: @sum_from_one: 15 operations: add 15
func.func @sum_from_one(%x: tensor<3x5xf32>) -> tensor<3xf32> {
  %one = arith.constant 1.0 : f32
  %empty = tensor.empty() : tensor<3xf32>
  %start = linalg.fill ins(%one : f32) outs(%empty : tensor<3xf32>) -> tensor<3xf32>
  %y = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<3x5xf32>) outs(%start : tensor<3xf32>) {
  ^bb0(%in: f32, %sum: f32):
    %next = arith.addf %sum, %in : f32
    linalg.yield %next : f32
  } -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// A maximum that keeps its position: compare and select for each value but the first; positions are free.
// CHECK: @arg_max: 24 operations: compare 12, select 12
func.func @arg_max(%x: tensor<3x5xf32>) -> (tensor<3xf32>, tensor<3xindex>) {
  %lowest = arith.constant 0xFF800000 : f32
  %first = arith.constant 0 : index
  %empty = tensor.empty() : tensor<3xf32>
  %emptyIndex = tensor.empty() : tensor<3xindex>
  %start = linalg.fill ins(%lowest : f32) outs(%empty : tensor<3xf32>) -> tensor<3xf32>
  %startIndex = linalg.fill ins(%first : index) outs(%emptyIndex : tensor<3xindex>) -> tensor<3xindex>
  %y:2 = linalg.generic {indexing_maps = [#all, #row, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<3x5xf32>) outs(%start, %startIndex : tensor<3xf32>, tensor<3xindex>) {
  ^bb0(%in: f32, %best: f32, %at: index):
    %here = linalg.index 1 : index
    %larger = arith.cmpf ogt, %in, %best : f32
    %value = arith.select %larger, %in, %best : f32
    %position = arith.select %larger, %here, %at : index
    linalg.yield %value, %position : f32, index
  } -> (tensor<3xf32>, tensor<3xindex>)
  return %y#0, %y#1 : tensor<3xf32>, tensor<3xindex>
}

// The same with a maximum that keeps NaN and a compare of its own for the position.
// CHECK: @maximum_and_position: 24 operations: compare 12, maximum 12
func.func @maximum_and_position(%x: tensor<3x5xf32>) -> (tensor<3xf32>, tensor<3xindex>) {
  %lowest = arith.constant 0xFF800000 : f32
  %first = arith.constant 0 : index
  %empty = tensor.empty() : tensor<3xf32>
  %emptyIndex = tensor.empty() : tensor<3xindex>
  %start = linalg.fill ins(%lowest : f32) outs(%empty : tensor<3xf32>) -> tensor<3xf32>
  %startIndex = linalg.fill ins(%first : index) outs(%emptyIndex : tensor<3xindex>) -> tensor<3xindex>
  %y:2 = linalg.generic {indexing_maps = [#all, #row, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<3x5xf32>) outs(%start, %startIndex : tensor<3xf32>, tensor<3xindex>) {
  ^bb0(%in: f32, %best: f32, %at: index):
    %here = linalg.index 1 : index
    %larger = arith.cmpf ogt, %in, %best : f32
    %value = arith.maximumf %best, %in : f32
    %position = arith.select %larger, %here, %at : index
    linalg.yield %value, %position : f32, index
  } -> (tensor<3xf32>, tensor<3xindex>)
  return %y#0, %y#1 : tensor<3xf32>, tensor<3xindex>
}

// The input gradient of a 3x3 convolution, stride 2, padding 1, on 5x5: 81 + 81 - 25.
// CHECK: @scatter_and_crop: 137 operations: add 56, multiply 81
func.func @scatter_and_crop(%dy: tensor<3x3xf32>, %w: tensor<3x3xf32>) -> tensor<5x5xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<7x7xf32>
  %start = linalg.fill ins(%zero : f32) outs(%empty : tensor<7x7xf32>) -> tensor<7x7xf32>
  %padded = linalg.generic {indexing_maps = [affine_map<(h, w, r, s) -> (h, w)>, affine_map<(h, w, r, s) -> (r, s)>,
                                             affine_map<(h, w, r, s) -> (h * 2 + r, w * 2 + s)>],
                            iterator_types = ["reduction", "reduction", "reduction", "reduction"]}
      ins(%dy, %w : tensor<3x3xf32>, tensor<3x3xf32>) outs(%start : tensor<7x7xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %product = arith.mulf %a, %b : f32
    %next = arith.addf %sum, %product : f32
    linalg.yield %next : f32
  } -> tensor<7x7xf32>
  %dx = tensor.extract_slice %padded[1, 1] [5, 5] [1, 1] : tensor<7x7xf32> to tensor<5x5xf32>
  return %dx : tensor<5x5xf32>
}

// Holes of a stride are not touched: the kernel of size 1 reaches 9 of 25 elements.
// CHECK: @holes: 9 operations: multiply 9
func.func @holes(%dy: tensor<3x3xf32>, %w: tensor<1x1xf32>) -> tensor<5x5xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<5x5xf32>
  %start = linalg.fill ins(%zero : f32) outs(%empty : tensor<5x5xf32>) -> tensor<5x5xf32>
  %dx = linalg.generic {indexing_maps = [affine_map<(h, w, r, s) -> (h, w)>, affine_map<(h, w, r, s) -> (r, s)>,
                                         affine_map<(h, w, r, s) -> (h * 2 + r, w * 2 + s)>],
                        iterator_types = ["reduction", "reduction", "reduction", "reduction"]}
      ins(%dy, %w : tensor<3x3xf32>, tensor<1x1xf32>) outs(%start : tensor<5x5xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %product = arith.mulf %a, %b : f32
    %next = arith.addf %sum, %product : f32
    linalg.yield %next : f32
  } -> tensor<5x5xf32>
  return %dx : tensor<5x5xf32>
}

// The target depends on data: one addition per source element.
// CHECK: @data_dependent: 6 operations: add 6
func.func @data_dependent(%dy: tensor<6xf32>, %at: tensor<6xindex>, %start: tensor<9xf32>) -> tensor<9xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c6 = arith.constant 6 : index
  %y = scf.for %i = %c0 to %c6 step %c1 iter_args(%sum = %start) -> tensor<9xf32> {
    %target = tensor.extract %at[%i] : tensor<6xindex>
    %value = tensor.extract %dy[%i] : tensor<6xf32>
    %old = tensor.extract %sum[%target] : tensor<9xf32>
    %new = arith.addf %old, %value : f32
    %next = tensor.insert %new into %sum[%target] : tensor<9xf32>
    scf.yield %next : tensor<9xf32>
  }
  return %y : tensor<9xf32>
}

// Conjunctions of truth values about values count; about positions they are positions, whatever else is constant.
// CHECK: @conjunctions: 3 operations: bitwise 1, compare 2
func.func @conjunctions(%x: f32, %y: f32, %i: index) -> (i1, i1) {
  %true = arith.constant true
  %c3 = arith.constant 3 : index
  %a = arith.cmpf ogt, %x, %y : f32
  %b = arith.cmpf une, %x, %y : f32
  %values = arith.andi %a, %b : i1
  %low = arith.cmpi sge, %i, %c3 : index
  %high = arith.cmpi slt, %i, %c3 : index
  %inside = arith.andi %low, %high : i1
  %positions = arith.xori %inside, %true : i1
  return %values, %positions : i1, i1
}

// CHECK: @divided_positions: 0 operations
func.func @divided_positions(%i: index) -> index {
  %c3 = arith.constant 3 : index
  %up = arith.ceildivui %i, %c3 : index
  return %up : index
}

// Each lane counts; a reduction with a start is one operation a lane.
// CHECK: @lanes: 32 operations: add 24, multiply 8
func.func @lanes(%x: vector<8xf32>, %start: f32) -> f32 {
  %y = vector.fma %x, %x, %x : vector<8xf32>
  %s = vector.reduction <add>, %y, %start : vector<8xf32> into f32
  %t = vector.reduction <add>, %y : vector<8xf32> into f32
  %sum = arith.addf %s, %t : f32
  return %s : f32
}

// CHECK: @parallel: 24 operations: add 24
func.func @parallel(%x: memref<3x8xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  scf.parallel (%i) = (%c0) to (%c3) step (%c1) {
    %v = vector.load %x[%i, %c0] : memref<3x8xf32>, vector<8xf32>
    %w = arith.addf %v, %v : vector<8xf32>
    vector.store %w, %x[%i, %c0] : memref<3x8xf32>, vector<8xf32>
  }
  return
}

// Once for each call; what a kernel executes counts in full, also the first addition of a sum.
// CHECK: @calls: 30 operations: add 30
func.func private @kernel(%x: tensor<3x5xf32>) -> tensor<3xf32> attributes {tally.kernel} {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<3xf32>
  %start = linalg.fill ins(%zero : f32) outs(%empty : tensor<3xf32>) -> tensor<3xf32>
  %y = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<3x5xf32>) outs(%start : tensor<3xf32>) {
  ^bb0(%in: f32, %sum: f32):
    %next = arith.addf %sum, %in : f32
    linalg.yield %next : f32
  } -> tensor<3xf32>
  return %y : tensor<3xf32>
}
func.func @calls(%x: tensor<3x5xf32>) -> (tensor<3xf32>, tensor<3xf32>) {
  %y = func.call @kernel(%x) : (tensor<3x5xf32>) -> tensor<3xf32>
  %z = func.call @kernel(%x) : (tensor<3x5xf32>) -> tensor<3xf32>
  return %y, %z : tensor<3xf32>, tensor<3xf32>
}

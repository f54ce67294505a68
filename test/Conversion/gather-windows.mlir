// RUN: tally-opt %s --convert-nn-to-linalg=gather-windows | FileCheck %s
// RUN: tally-opt %s --convert-nn-to-linalg=gather-windows | FileCheck %s --check-prefix=CHANGES
// RUN: tally-opt %s --convert-nn-to-linalg=gather-windows --count-scalar-ops -o /dev/null | FileCheck %s --check-prefix=COUNT

// What is executed instead of the scatter form's operations (14,910, 3,738, 119, 9 and 408 in turn) is declared.
// CHANGES: {{[{]}}avoided = "add f32 768, multiply f32 768", body = "strided", layer = "", reason = "taps on padding"}
// CHANGES-SAME: {{[{]}}body = "strided", layer = "", reason = "zero-started accumulators", surplus = "add f32 96"}
// CHANGES-SAME: {{[{]}}avoided = "add f32 28, multiply f32 28", body = "strided_and_dilated", layer = "", reason = "taps on padding"}
// CHANGES-SAME: {{[{]}}avoided = "add f32 24", body = "padded", layer = "", reason = "maxima that each tap asks for", surplus = "add f32 146, select f32 216"}

// Stride 1: dy gets a border, the kernel is read backwards, each position of dx gathers nine taps; no crop is left.
// COUNT: @plain: 14910 operations: add 7350, multiply 7560
// CHECK-LABEL: func @plain(
// CHECK: tensor.insert_slice %{{.*}} into %{{.*}}[0, 0, 1, 1] [2, 4, 5, 7] [1, 1, 1, 1] : tensor<2x4x5x7xf32> into tensor<2x4x7x9xf32>
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<2x3x5x7xf32>)
// CHECK-NOT: tensor.extract_slice
// CHECK: return
func.func @plain(%dy: tensor<2x4x5x7xf32>, %weight: tensor<4x3x3x3xf32>) -> tensor<2x3x5x7xf32> {
  %dx = nn.conv_grad_input %dy, %weight size [5, 7] pads [1, 1, 1, 1] : tensor<2x4x5x7xf32>, tensor<4x3x3x3xf32>
  return %dx : tensor<2x3x5x7xf32>
}

// Stride 2 in both directions: four residues, of 1, 2, 2 and 4 taps, write into one result.
// COUNT: @strided: 2298 operations: add 1122, multiply 1176
// CHECK-LABEL: func @strided(
// CHECK-COUNT-4: linalg.generic
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @strided(%dy: tensor<2x4x3x3xf32>, %weight: tensor<4x3x3x3xf32>) -> tensor<2x3x5x5xf32> {
  %dx = nn.conv_grad_input %dy, %weight size [5, 5] strides [2, 2] pads [1, 1, 1, 1] : tensor<2x4x3x3xf32>, tensor<4x3x3x3xf32>
  return %dx : tensor<2x3x5x5xf32>
}

// Stride 2 and dilation 2: only even positions of the padded image are reached, by all taps; the others stay zero.
// COUNT: @strided_and_dilated: 63 operations: add 27, multiply 36
// CHECK-LABEL: func @strided_and_dilated(
// CHECK: %[[ZEROS:.*]] = linalg.fill {{.*}} outs(%{{.*}} : tensor<1x1x7x7xf32>)
// CHECK-COUNT-1: linalg.generic {{.*}} outs(%[[ZEROS]] : tensor<1x1x7x7xf32>)
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @strided_and_dilated(%dy: tensor<1x1x4x4xf32>, %weight: tensor<1x1x2x2xf32>) -> tensor<1x1x7x7xf32> {
  %dx = nn.conv_grad_input %dy, %weight size [7, 7] strides [2, 2] dilations [2, 2] pads [1, 1, 1, 1] : tensor<1x1x4x4xf32>, tensor<1x1x2x2xf32>
  return %dx : tensor<1x1x7x7xf32>
}

// A kernel of one tap and stride 2 reaches one position in four: one residue of one tap, without a border.
// COUNT: @holes: 9 operations: multiply 9
// CHECK-LABEL: func @holes(
// CHECK-NOT: tensor.insert_slice
// CHECK-COUNT-1: linalg.generic
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @holes(%dy: tensor<1x1x3x3xf32>, %weight: tensor<1x1x1x1xf32>) -> tensor<1x1x5x5xf32> {
  %dx = nn.conv_grad_input %dy, %weight size [5, 5] strides [2, 2] : tensor<1x1x3x3xf32>, tensor<1x1x1x1xf32>
  return %dx : tensor<1x1x5x5xf32>
}

// Each tap compares the kept position with its own; the border that the pooling reads is cut off again.
// COUNT: @padded: 746 operations: add 146, compare 192, maximum 192, select 216
// CHECK-LABEL: func @padded(
// CHECK-NOT: scf.for
// CHECK: %[[POOL:.*]]:2 = linalg.generic
// CHECK: %[[SUM:.*]] = linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "reduction", "reduction", "reduction", "reduction"]} ins(%{{.*}}, %[[POOL]]#1, %{{.*}} outs(%{{.*}} : tensor<1x2x7x9xf32>)
// CHECK: %[[HIT:.*]] = arith.cmpi eq
// CHECK: %[[TERM:.*]] = arith.select %[[HIT]]
// CHECK: arith.addf %{{.*}}, %[[TERM]]
// CHECK: tensor.extract_slice %[[SUM]][0, 0, 1, 1] [1, 2, 5, 7] [1, 1, 1, 1]
func.func @padded(%x: tensor<1x2x5x7xf32>, %dy: tensor<1x2x3x4xf32>) -> (tensor<1x2x3x4xf32>, tensor<1x2x5x7xf32>) {
  %y, %position = nn.max_pool_training %x kernel [3, 3] strides [2, 2] pads [1, 1, 1, 1] : tensor<1x2x5x7xf32>
  %dx = nn.max_pool_grad %dy at %position size [5, 7] : tensor<1x2x3x4xf32>, tensor<1x2x3x4xindex>
  return %y, %dx : tensor<1x2x3x4xf32>, tensor<1x2x5x7xf32>
}

// Positions from elsewhere may be anything: a loop adds at each.
// CHECK-LABEL: func @unknown_positions
// CHECK: scf.for
func.func @unknown_positions(%position: tensor<1x2x3x4xindex>, %dy: tensor<1x2x3x4xf32>) -> tensor<1x2x5x7xf32> {
  %dx = nn.max_pool_grad %dy at %position size [5, 7] : tensor<1x2x3x4xf32>, tensor<1x2x3x4xindex>
  return %dx : tensor<1x2x5x7xf32>
}

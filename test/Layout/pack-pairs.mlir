// RUN: tally-opt %s --convert-nn-to-linalg=gather-windows --assign-layout --pack-contractions --canonicalize | FileCheck %s
// RUN: sed 's/, matrix_rows = 16//' %s | tally-opt --convert-nn-to-linalg=gather-windows --assign-layout --pack-contractions --canonicalize | FileCheck %s --check-prefix=WITHOUT
// RUN: sed "s/matrix_rows = 16/lane_products = 2/" %s | tally-opt --convert-nn-to-linalg=gather-windows --assign-layout --pack-contractions --canonicalize | FileCheck %s

// The order of matrix registers: pairs along k lie side by side behind the columns, and the rows' operand has k last.
// CHECK-DAG: #[[COLUMNS:.*]] = affine_map<(d0, d1, d2) -> (d1, d0 * 2 + d2)>
// CHECK-DAG: #[[ROWS:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d2 * 2 + d3)>
// CHECK-DAG: #[[PAIRS:.*]] = affine_map<(d0, d1, d2, d3) -> (d2, d1, d3)>
// CHECK-DAG: #[[MOVED:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d4, d0, d1, d2, d3)>
module attributes {tally.target = #tally.target<vector_bits = 512, vector_registers = 32, matrix_rows = 16>} {

// CHECK-LABEL: func @matmul(
// CHECK: %[[W:.*]] = linalg.generic {indexing_maps = [#[[COLUMNS]], {{.*}} outs(%{{.*}} : tensor<32x24x2xbf16>)
// CHECK: linalg.generic {indexing_maps = [#[[ROWS]], #[[PAIRS]], {{.*}} ins(%{{.*}}, %[[W]] : tensor<32x64xbf16>, tensor<32x24x2xbf16>) outs(%{{.*}} : tensor<32x24xf32>)
// WITHOUT-LABEL: func @matmul(
// WITHOUT-NOT: x2xbf16>
// WITHOUT-LABEL: func @conv(
func.func @matmul(%x: tensor<32x64xbf16>, %w: tensor<24x64xbf16>) -> tensor<32x24xf32> {
  %z = nn.matmul %x, %w transposed accumulator f32 : tensor<32x64xbf16>, tensor<24x64xbf16>
  return %z : tensor<32x24xf32>
}

// Channels in blocks are k of the image already.
// CHECK-LABEL: func @conv(
// CHECK: %[[W:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<2x1x3x3x16x32x2xbf16>)
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %[[W]] : tensor<16x1x10x10x32xbf16>, tensor<2x1x3x3x16x32x2xbf16>) outs(%{{.*}} : tensor<16x2x8x8x32xf32>)
func.func @conv(%x: tensor<16x32x10x10xbf16>, %w: tensor<64x32x3x3xbf16>) -> tensor<16x64x8x8xf32> {
  %y = nn.conv %x, %w accumulator f32 : tensor<16x32x10x10xbf16>, tensor<64x32x3x3xbf16>
  return %y : tensor<16x64x8x8xf32>
}

// The gradient of a weight sums over positions, which a window slides over, and over images, which are moved behind the channels.
// CHECK-LABEL: func @conv_grad_weight(
// CHECK: %[[X:.*]] = linalg.generic {indexing_maps = [#[[MOVED]], {{.*}} ins(%{{.*}} : tensor<32x1x10x10x32xbf16>) outs(%{{.*}} : tensor<1x10x10x32x32xbf16>)
// CHECK: %[[DY:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<2x16x8x8x32x2xbf16>)
// CHECK: linalg.generic {{.*}} ins(%[[X]], %[[DY]] : {{.*}}) outs(%{{.*}} : tensor<2x1x3x3x32x32xf32>)
func.func @conv_grad_weight(%x: tensor<32x32x10x10xbf16>, %dy: tensor<32x64x8x8xbf16>) -> tensor<64x32x3x3xf32> {
  %dw = nn.conv_grad_weight %x, %dy kernel [3, 3] accumulator f32 : tensor<32x32x10x10xbf16>, tensor<32x64x8x8xbf16>
  return %dw : tensor<64x32x3x3xf32>
}

// Three channels and 5 images make no pairs.
// CHECK-LABEL: func @odd(
// CHECK-NOT: x2xbf16>
func.func @odd(%x: tensor<5x3x10x10xbf16>, %w: tensor<32x3x3x3xbf16>) -> tensor<5x32x8x8xf32> {
  %y = nn.conv %x, %w accumulator f32 : tensor<5x3x10x10xbf16>, tensor<32x3x3x3xbf16>
  return %y : tensor<5x32x8x8xf32>
}
}

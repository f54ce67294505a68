// RUN: tally-opt %s --convert-nn-to-linalg --widen-factors | FileCheck %s
// RUN: tally-opt %s --set-target="target=#tally.target<matrix_rows=16>" --convert-nn-to-linalg --widen-factors | FileCheck %s --check-prefix=KEPT
// RUN: tally-opt %s --set-target="target=#tally.target<lane_products=2>" --convert-nn-to-linalg --widen-factors | FileCheck %s --check-prefix=KEPT

// A factor is rounded and widened where it is computed, 64 + 32 numbers; the products read f32.
// CHECK: reason = "bf16 held in f32", surplus = "convert f32 64"}{{.*}}reason = "bf16 held in f32", surplus = "convert f32 32"}
// CHECK-LABEL: func @product(
// CHECK: arith.truncf %{{.*}} : f32 to bf16
// CHECK-NEXT: arith.extf %{{.*}} : bf16 to f32
// CHECK: arith.truncf
// CHECK: nn.widening_mul %{{.*}}, %{{.*}} of bf16 : f32 -> f32
// CHECK-NOT: tensor<{{.*}}bf16>
// KEPT-LABEL: func @product(
// KEPT: nn.widening_mul %{{.*}}, %{{.*}} : bf16 -> f32
func.func @product(%x: tensor<8x8xf32>, %w: tensor<4x8xf32>) -> tensor<8x4xf32> {
  %a = nn.convert %x to bf16 : tensor<8x8xf32>
  %b = nn.convert %w to bf16 : tensor<4x8xf32>
  %y = nn.matmul %a, %b transposed accumulator f32 : tensor<8x8xbf16>, tensor<4x8xbf16>
  return %y : tensor<8x4xf32>
}

// A border keeps its number, and what is widened again is what it was.
// CHECK-LABEL: func @border(
// CHECK-SAME: -> tensor<4x4xf32>
// CHECK: arith.constant 0.000000e+00 : f32
// CHECK: arith.truncf
// CHECK-NEXT: arith.extf
// CHECK-NOT: arith.extf
// CHECK: return
func.func @border(%x: tensor<2x2xf32>) -> tensor<4x4xf32> {
  %zero = arith.constant 0.0 : bf16
  %a = nn.convert %x to bf16 : tensor<2x2xf32>
  %padded = tensor.pad %a low[1, 1] high[1, 1] {
  ^bb0(%i: index, %j: index):
    tensor.yield %zero : bf16
  } : tensor<2x2xbf16> to tensor<4x4xbf16>
  %y = nn.convert %padded to f32 : tensor<4x4xbf16>
  return %y : tensor<4x4xf32>
}

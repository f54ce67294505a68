// RUN: tally-opt %s --expand-products | FileCheck %s

// CHECK-LABEL: func @scalar(
// CHECK-SAME: %[[A:[^:]*]]: bf16, %[[B:[^:]*]]: bf16
// The upper half of an f32 is a bf16.
// CHECK: arith.bitcast %[[A]] : bf16 to i16
// CHECK: arith.shli
// CHECK: %[[WIDE_A:.*]] = arith.bitcast %{{.*}} : i32 to f32
// CHECK: arith.bitcast %[[B]] : bf16 to i16
// CHECK: %[[WIDE_B:.*]] = arith.bitcast %{{.*}} : i32 to f32
// CHECK: arith.mulf %[[WIDE_A]], %[[WIDE_B]] : f32
func.func @scalar(%a: bf16, %b: bf16) -> f32 {
  %y = nn.widening_mul %a, %b : bf16 -> f32
  return %y : f32
}

// Where the sum may be fused, the product may.
// CHECK-LABEL: func @sum(
// CHECK: arith.mulf %{{.*}}, %{{.*}} fastmath<contract> : vector<8xf32>
// CHECK: arith.addf %{{.*}}, %{{.*}} fastmath<contract> : vector<8xf32>
func.func @sum(%a: vector<8xf16>, %b: vector<8xf16>, %old: vector<8xf32>) -> vector<8xf32> {
  %y = nn.widening_mul %a, %b : vector<8xf16> -> vector<8xf32>
  %sum = arith.addf %old, %y fastmath<contract> : vector<8xf32>
  return %sum : vector<8xf32>
}

// A rounding to bf16 is no call of a library.
// CHECK-LABEL: func @rounding(
// CHECK-NOT: arith.truncf
// CHECK: arith.bitcast %{{.*}} : vector<8xi16> to vector<8xbf16>
func.func @rounding(%x: vector<8xf32>) -> vector<8xbf16> {
  %y = arith.truncf %x : vector<8xf32> to vector<8xbf16>
  return %y : vector<8xbf16>
}

// RUN: tally-opt %s --expand-maximum | FileCheck %s

// CHECK-LABEL: func @relu(
// CHECK-SAME: %[[X:[^:]*]]: f32
// CHECK: %[[LARGER:.*]] = arith.cmpf ogt, %[[ZERO:.*]], %[[X]] : f32
// CHECK: arith.select %[[LARGER]], %[[ZERO]], %[[X]] : f32
func.func @relu(%x: f32) -> f32 {
  %zero = arith.constant 0.0 : f32
  %y = arith.maximumf %zero, %x : f32
  return %y : f32
}

// A constant in all lanes.
// CHECK-LABEL: func @lanes(
// CHECK: arith.cmpf ogt, %{{.*}}, %{{.*}} : vector<8xf32>
// CHECK-NOT: arith.maximumf
func.func @lanes(%x: vector<8xf32>) -> vector<8xf32> {
  %zero = arith.constant 0.0 : f32
  %zeros = vector.broadcast %zero : f32 to vector<8xf32>
  %y = arith.maximumf %x, %zeros : vector<8xf32>
  return %y : vector<8xf32>
}

// CHECK-LABEL: func @values(
// CHECK: arith.maximumf %{{.*}}, %{{.*}} : f32
func.func @values(%x: f32, %y: f32) -> f32 {
  %z = arith.maximumf %x, %y : f32
  return %z : f32
}

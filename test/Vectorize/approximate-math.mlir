// RUN: tally-opt %s --approximate-math | FileCheck %s

// Functions of f32 become polynomials, on vectors and scalars.
// CHECK-LABEL: func @single
// CHECK-NOT: math.exp
// CHECK-NOT: math.erf
// CHECK: math.fma {{.*}} vector<8xf32>
// CHECK-NOT: math.{{exp|erf|log|tanh}}
func.func @single(%x: vector<8xf32>, %y: f32) -> (vector<8xf32>, vector<8xf32>, f32, f32) {
  %a = math.exp %x : vector<8xf32>
  %b = math.erf %x : vector<8xf32>
  %c = math.log %y : f32
  %d = math.tanh %y : f32
  return %a, %b, %c, %d : vector<8xf32>, vector<8xf32>, f32, f32
}

// Those of f64 are left to libm.
// CHECK-LABEL: func @double
// CHECK: math.exp %{{.*}} : vector<4xf64>
// CHECK: math.tanh %{{.*}} : f64
func.func @double(%x: vector<4xf64>, %y: f64) -> (vector<4xf64>, f64) {
  %a = math.exp %x : vector<4xf64>
  %b = math.tanh %y : f64
  return %a, %b : vector<4xf64>, f64
}

// So are sine and cosine, which upstream's polynomials lose of large arguments.
// CHECK-LABEL: func @sines
// CHECK: math.sin %{{.*}} : vector<8xf32>
// CHECK: math.cos %{{.*}} : f32
func.func @sines(%x: vector<8xf32>, %y: f32) -> (vector<8xf32>, f32) {
  %a = math.sin %x : vector<8xf32>
  %b = math.cos %y : f32
  return %a, %b : vector<8xf32>, f32
}

// A reciprocal square root is an instruction or two; upstream's approximation has 12 bits.
// CHECK-LABEL: func @roots
// CHECK: math.rsqrt %{{.*}} : vector<8xf32>
func.func @roots(%x: vector<8xf32>) -> vector<8xf32> {
  %a = math.rsqrt %x : vector<8xf32>
  return %a : vector<8xf32>
}
